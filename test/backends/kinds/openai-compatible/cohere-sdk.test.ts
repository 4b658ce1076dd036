/**
 * Cohere's own SDK beside the preset. The SDK speaks Cohere's API of version 2, the preset the compatibility API over the same models, so
 * that some members have other names. The other members are the same.
 */
import { CohereClientV2 } from "cohere-ai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { chatEnvelope, say } from "../../chat-envelope.ts";
import { completion, KEY, upstream } from "../../protocols/openai/upstream.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tool: cchat.Tool = { name: "weather", description: "Weather of a city.", parameters: SCHEMA };

/** Members of the two bodies with other names or places, and the reason. */
const DIFFERENCES: Readonly<Record<string, string>> = {
	top_p: "version 2 calls it p",
	p: "the compatibility API calls it top_p",
	stop: "version 2 calls it stop_sequences",
	stop_sequences: "the compatibility API calls it stop",
	response_format: "version 2 has the schema in json_schema, the compatibility API in schema",
	reasoning_effort: "version 2 has thinking",
	thinking: "the compatibility API has reasoning_effort",
	stream: "the SDK writes its default",
};

test("cohere: a request has the members of the SDK's request, with the names of the compatibility API", () => {
	const payload: Partial<cchat.Request> = {
		messages: [
			say("system", "Be brief."),
			say("user", "Hi"),
			{ role: "assistant", content: [], tool_calls: [{ id: "weather_1", name: "weather", arguments: '{"city":"Rome"}' }] },
			say("tool", "sun", { tool_call_id: "weather_1" }),
		],
		tools: [tool],
		response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA } },
		params: {
			max_output_tokens: 64,
			temperature: 0.5,
			top_p: 0.25,
			stop: ["END"],
			seed: 7,
			frequency_penalty: 0.5,
			reasoning_effort: "high",
		},
	};
	return upstream(
		[
			answer.json(completion({ content: "x" })),
			answer.json({ id: "x", message: { role: "assistant", content: [] }, finish_reason: "COMPLETE" }),
		],
		async ({ chat, server, context }) => {
			await chat.unary(chatEnvelope(payload), context);
			const sdk = new CohereClientV2({ token: KEY, environment: server.baseUrl.replace(/\/v1$/, "") });
			await sdk.chat({
				model: "small",
				messages: [
					{ role: "system", content: "Be brief." },
					{ role: "user", content: "Hi" },
					{
						role: "assistant",
						toolCalls: [{ id: "weather_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } }],
					},
					{ role: "tool", content: "sun", toolCallId: "weather_1" },
				],
				tools: [{ type: "function", function: { name: "weather", description: "Weather of a city.", parameters: SCHEMA } }],
				responseFormat: { type: "json_object", jsonSchema: SCHEMA },
				maxTokens: 64,
				temperature: 0.5,
				p: 0.25,
				stopSequences: ["END"],
				seed: 7,
				frequencyPenalty: 0.5,
				thinking: { type: "enabled" },
			});
			const [ours, theirs] = [await server.request(0), await server.request(1)];
			const rest = (value: unknown): unknown =>
				Object.fromEntries(Object.entries(Object(value)).filter(([name]) => !(name in DIFFERENCES)));
			const text = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('"content":null,', ""));
			assert.equal(text(rest(ours.json())), rest(theirs.json())); // The SDK leaves out content that is null.
			assert.equal(ours.headers.authorization, theirs.headers.authorization);
			const { top_p, stop, response_format, reasoning_effort }: Readonly<Record<string, unknown>> = Object(ours.json());
			const { p, stop_sequences, thinking }: Readonly<Record<string, unknown>> = Object(theirs.json());
			assert.equal([top_p, stop], [p, stop_sequences]);
			assert.equal(response_format, { type: "json_object", schema: SCHEMA });
			assert.equal([reasoning_effort, thinking], ["high", { type: "enabled" }]);
			await server.close();
		},
		{ options: { preset: "cohere" } },
	);
});

test.run();
