import fc from "fast-check";
import type OpenAI from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { parseCompletion } from "../../../../src/backends/protocols/openai/cchat/response.ts";
import { chatCompletion } from "../../../../src/hostcall/core/chat/completion.ts";
import { answerOf } from "../../../backends/protocols/openai/upstream.ts";

const FACTS = { id: "chatcmpl-r", created: 1_700_000_000, backend: "b", requestedModel: undefined };
const exchange = { target: "POST http://127.0.0.1/v1/chat/completions", hostname: "127.0.0.1", redact: (text: string) => text };

/** Texts with characters of every UTF-8 length, of every kind that JSON escapes, and a half of a surrogate pair. */
const texts = fc.string({ unit: fc.constantFrom("a", " ", "é", "☃", "😀", '"', "\\", "\n", "\u0000", "\u2028", "\ud800"), minLength: 1 });
const counts = fc.nat({ max: 2 ** 32 - 1 });

const annotations = fc
	.record({ url: texts, title: texts, start_index: counts, end_index: counts }, { requiredKeys: [], noNullPrototype: true })
	.map((annotation): cchat.ContentPart => ({ type: "annotation", annotation }));

const contents = fc
	.tuple(
		fc.array(
			texts.map((text): cchat.ContentPart => ({ type: "reasoning", reasoning: { text } })),
			{ maxLength: 1 },
		),
		fc.array(
			texts.map((text): cchat.ContentPart => ({ type: "text", text })),
			{ maxLength: 1 },
		),
		fc.array(
			texts.map((refusal): cchat.ContentPart => ({ type: "refusal", refusal })),
			{ maxLength: 1 },
		),
		fc.array(annotations, { maxLength: 3 }),
	)
	.map((parts) => parts.flat());

const calls = fc.uniqueArray(
	fc.record({ id: texts, name: texts, arguments: fc.oneof(texts, fc.json(), fc.constant("")) }, { noNullPrototype: true }),
	{
		selector: ({ id }) => id,
		maxLength: 3,
	},
);

const usages: fc.Arbitrary<types.Usage> = fc
	.record(
		{
			input_tokens: counts,
			output_tokens: counts,
			total_tokens: counts,
			cached_input_tokens: counts,
			reasoning_tokens: counts,
			cache_write_tokens: counts,
		},
		{ requiredKeys: [], noNullPrototype: true },
	)
	.filter((usage) => Object.keys(usage).length > 0);

const answers: fc.Arbitrary<cchat.Response> = fc
	.record(
		{
			id: texts,
			model: texts,
			content: contents,
			tool_calls: calls,
			reason: fc.constantFrom("stop", "length", "content_filter", "other") satisfies fc.Arbitrary<cchat.FinishReason>,
			usage: usages,
		},
		{ requiredKeys: ["id", "model", "content", "tool_calls", "reason"] },
	)
	.map(({ id, model, content, tool_calls, reason, usage }) => ({
		id,
		model,
		message: { role: "assistant", content, tool_calls },
		finish_reason: reason === "stop" && tool_calls.length > 0 ? "tool_calls" : reason,
		...(usage === undefined ? {} : { usage }),
	}));

test("the reader of OpenAI's answers reads a completion back to the same answer", () => {
	fc.assert(
		fc.property(answers, (answer) => {
			const text = new TextDecoder().decode(Buffer.from(JSON.stringify(chatCompletion(answer, FACTS))));
			assert.equal(parseCompletion({ value: JSON.parse(text), text, exchange }, answerOf("m")), answer);
		}),
		{ numRuns: 1_000 },
	);
});

test("a completion has the types of OpenAI's package", () => {
	const expected: OpenAI.ChatCompletion & { _spear: object } = {
		id: "chatcmpl-1",
		object: "chat.completion",
		created: 1_700_000_000,
		model: "m",
		choices: [
			{
				index: 0,
				message: {
					role: "assistant",
					content: "hi",
					refusal: null,
					annotations: [{ type: "url_citation", url_citation: { url: "u", title: "t", start_index: 0, end_index: 2 } }],
					tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
				},
				logprobs: null,
				finish_reason: "tool_calls",
			},
		],
		usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
		_spear: { backend: "b", model: "m" },
	};
	const written = chatCompletion(
		{
			id: "chatcmpl-1",
			model: "m",
			message: {
				role: "assistant",
				content: [
					{ type: "text", text: "h" },
					{ type: "opaque", opaque: { provider: "p", kind: "k", data: Uint8Array.of(1) } },
					{ type: "text", text: "i" },
					{ type: "annotation", annotation: { url: "u", title: "t", start_index: 0, end_index: 2 } },
				],
				tool_calls: [{ id: "c", name: "f", arguments: "{}" }],
			},
			finish_reason: "tool_calls",
			usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
		},
		FACTS,
	);
	assert.equal(JSON.parse(JSON.stringify(written)), expected);
});

test.run();
