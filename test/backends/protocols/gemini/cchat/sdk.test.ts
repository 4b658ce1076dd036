/** Google's own SDK as the oracle: both send to the same server, and both read the same streams. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../../helpers/openai-server.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { differences } from "../../../sdk-differences.ts";
import { COMPARED_HEADERS, sdkOf } from "../sdk.ts";
import { response, upstream, wire } from "../upstream.ts";
import { SDK_CASES } from "./sdk-cases.ts";
import { STREAM_CASES } from "./stream-cases.ts";

for (const [name, { payload, options = {}, params, differences: expected = {} }] of Object.entries(SDK_CASES)) {
	for (const isStreamed of [false, true]) {
		const behaviour = () => (isStreamed ? answer.stream(wire([response([])])) : answer.json(response([])));
		test(`${name} is sent as the SDK sends it, ${isStreamed ? "streamed" : "whole"}`, () =>
			upstream(
				[behaviour(), behaviour()],
				async ({ chat, server, context }) => {
					const { models } = sdkOf(server);
					if (isStreamed) {
						await collect(chat.stream(chatEnvelope(payload), context));
						await collect(await models.generateContentStream(params));
					} else {
						await chat.unary(chatEnvelope(payload), context);
						await models.generateContent(params);
					}
					const [ours, theirs] = [await server.request(0), await server.request(1)];
					assert.equal(differences(ours.json(), theirs.json()), Object.keys(expected));
					assert.equal([ours.method, ours.path], [theirs.method, theirs.path]);
					for (const header of COMPARED_HEADERS) assert.is(ours.headers[header], theirs.headers[header], header);
					await server.close();
				},
				{ options },
			));
	}
}

for (const [name, { events, whole }] of Object.entries(STREAM_CASES)) {
	test(`${name} has the text, thoughts and calls that the SDK reads`, () =>
		upstream([answer.stream(wire(events)), answer.stream(wire(events)), answer.json(whole)], async ({ chat, server, context }) => {
			const ours = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
			if (ours?.type !== "completed") throw new Error("the stream did not complete");
			const { message, usage, id, model } = ours.completed;
			const { models } = sdkOf(server);
			const request = { model: "gemini-3.8-flash", contents: "Hi" };
			const streamed = await collect(await models.generateContentStream(request));
			for (const theirs of [streamed, [await models.generateContent(request)]]) {
				const read = theirs.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
				const textOf = (isThought: boolean): string =>
					read.map(({ text = "", thought = false }) => (thought === isThought ? text : "")).join("");
				assert.is(message.content.map((part) => (part.type === "text" ? part.text : "")).join(""), textOf(false));
				assert.is(message.content.map((part) => (part.type === "reasoning" ? part.reasoning.text : "")).join(""), textOf(true));
				assert.equal(
					message.tool_calls.map((call) => ({ id: call.id, name: call.name, args: JSON.parse(call.arguments) })),
					read.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [{ args: {}, ...functionCall }])),
				);
				const last = theirs.at(-1);
				assert.equal([id, model, usage?.total_tokens], [last?.responseId, last?.modelVersion, last?.usageMetadata?.totalTokenCount]);
			}
			await server.close();
		}));
}

test.run();
