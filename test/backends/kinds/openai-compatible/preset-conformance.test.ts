/** Presets in the conformance suite: their requests, and an answer of each operation. */

import { test } from "uvu";
import {
	type AnswerCase,
	answerOf,
	type ConformanceFixture,
	conformanceCases,
	jsonAnswer,
	type OperationFixture,
	type RequestCase,
	registerCases,
} from "../../../../src/backend-conformance.ts";
import { STREAM_ENDS } from "../../../helpers/full-run.ts";
import { sse } from "../../../helpers/openai-server.ts";
import { say } from "../../chat-envelope.ts";
import { chunk, completion } from "../../protocols/openai/upstream.ts";
import { fixture } from "./conformance-fixture.ts";
import { postOf } from "./requests.ts";

type ChatRequests = Readonly<Record<string, RequestCase<"chat_completions">>>;
type EmbeddingsRequests = Readonly<Record<string, RequestCase<"embeddings">>>;

const TOOL = { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } };
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const FORMAT = { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } } as const;
const HI = { role: "user", content: "Hi" };

const chat = (json: object) => postOf("/chat/completions", { model: "small", messages: [HI], ...json });
const embeddings = (json: object) => postOf("/embeddings", { model: "small", ...json });
const texts = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `text ${from + index}`);

/** Returns the answer to a request for so many vectors. */
const vectors = (count: number) => {
	const data = Array.from({ length: count }, (_, index) => ({ object: "embedding", index, embedding: [1, 2] }));
	return { headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify({ object: "list", data, model: "small" })) };
};

/** An answer without usage: some presets end a stream before it. */
const ANSWER: AnswerCase<"chat_completions"> = {
	whole: jsonAnswer(completion({ content: "Red kite" })),
	stream: answerOf("text/event-stream", sse([chunk({ content: "Red " }), chunk({ content: "kite" }), chunk({}, "stop")])),
	result: {
		id: "chatcmpl-42",
		model: "small-2026-03-01",
		message: { role: "assistant", content: [{ type: "text", text: "Red kite" }], tool_calls: [] },
		finish_reason: "stop",
	},
	events: [
		{ type: "text", text: "Red " },
		{ type: "text", text: "kite" },
	],
};

/** Returns the fixture of a preset. */
function presetFixture(preset: string, chatRequests: ChatRequests, embeddingsRequests: EmbeddingsRequests): ConformanceFixture {
	const { chat_completions, embeddings: emb } = fixture.operations;
	if (chat_completions === undefined || emb === undefined) throw new Error("the fixture of the kind has both operations");
	const chatFixture: OperationFixture<"chat_completions"> = {
		payload: chat_completions.payload,
		requests: chatRequests,
		answers: { "a text": ANSWER },
	};
	return {
		...fixture,
		name: `openai-compatible as ${preset}`,
		config: (url) => ({ ...fixture.config(url), options: { preset } }),
		partial: true,
		operations: {
			chat_completions: chatFixture,
			embeddings: { payload: emb.payload, requests: embeddingsRequests, answers: emb.answers },
		},
	};
}

const MISTRAL = presetFixture(
	"mistral",
	{
		"a text with parameters": {
			payload: {
				messages: [say("user", "Hi", { name: "ann" })],
				tools: [],
				params: { stop: ["END"], seed: 7, temperature: 2, max_output_tokens: 64, reasoning_effort: "max" },
			},
			upstream: chat({ temperature: 1.5, stop: ["END"], random_seed: 7, max_tokens: 64, reasoning_effort: "xhigh" }),
		},
		"a tool and a demand": {
			payload: { messages: [say("user", "Hi")], tools: [TOOL], tool_choice: { type: "required" } },
			upstream: chat({ tools: [{ type: "function", function: TOOL }], tool_choice: "required" }),
		},
	},
	{
		"vectors of a length": {
			payload: { input: ["a"], dimensions: 8 },
			upstream: embeddings({ output_dimension: 8, input: ["a"] }),
		},
	},
);

const COHERE = presetFixture(
	"cohere",
	{
		"a schema": {
			payload: { messages: [say("user", "Hi")], tools: [], response_format: FORMAT },
			upstream: chat({ response_format: { type: "json_object", schema: SCHEMA } }),
		},
		"an effort, a limit and no tools": {
			payload: {
				messages: [say("user", "Hi")],
				tools: [TOOL],
				tool_choice: { type: "none" },
				params: { stop: [], reasoning_effort: "low", max_output_tokens: 64, parallel_tool_calls: false },
			},
			upstream: chat({ reasoning_effort: "high", max_tokens: 64 }),
		},
	},
	{
		"more texts than a request may have": {
			payload: { input: texts(100) },
			upstream: [embeddings({ input: texts(96) }), embeddings({ input: texts(4, 96) })],
			answers: [vectors(96), vectors(4)],
		},
	},
);

for (const preset of [MISTRAL, COHERE]) registerCases(test, conformanceCases(preset, STREAM_ENDS));

test.run();
