/** OpenAI's own SDK as the oracle: both send to the same server, and both read the same streams. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { parseCompletion } from "../../../../../src/backends/protocols/openai/cchat/response.ts";
import { exchangeOf } from "../../../../../src/transport/http/exchange.ts";
import { answer, sse } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { differences } from "../../../sdk-differences.ts";
import { sdkOf } from "../sdk.ts";
import { answerOf, chunk, completion, upstream, usageChunk } from "../upstream.ts";
import { SDK_CASES } from "./sdk-cases.ts";
import { USAGE } from "./stream-cases.ts";

const STREAM = sse([chunk({ role: "assistant", content: "Hello." }), chunk({}, "stop"), usageChunk(USAGE)]);

for (const [name, { payload, options = {}, params, differences: expected = {} }] of Object.entries(SDK_CASES)) {
	for (const stream of [false, true]) {
		const behaviour = () => (stream ? answer.stream(STREAM) : answer.json(completion({ content: "Hello." })));
		test(`${name} is sent as the SDK sends it, ${stream ? "streamed" : "whole"}`, () =>
			upstream(
				[behaviour(), behaviour()],
				async ({ chat, server, context }) => {
					const { completions } = sdkOf(server).chat;
					if (stream) {
						await collect(chat.stream(chatEnvelope(payload), context));
						await collect(await completions.create({ ...params, stream: true, stream_options: { include_usage: true } }));
					} else {
						await chat.unary(chatEnvelope(payload), context);
						await completions.create(params);
					}
					const [ours, theirs] = [await server.request(0), await server.request(1)];
					assert.equal(differences(ours.json(), theirs.json()), Object.keys(expected));
					assert.equal([ours.method, ours.path], [theirs.method, theirs.path]);
					for (const header of ["authorization", "content-type"]) assert.is(ours.headers[header], theirs.headers[header], header);
					await server.close();
				},
				{ options },
			));
	}
}

/** Returns a piece of a streamed call. */
const piece = (index: number, fragment: object): object => ({ tool_calls: [{ index, ...fragment }] });
const begin = (index: number, id: string): object => piece(index, { id, type: "function", function: { name: "find", arguments: "" } });
const proceed = (index: number, text: string): object => piece(index, { function: { arguments: text } });

/** Streams by name, without their last chunk of usage. */
const STREAMS: Readonly<Record<string, readonly object[]>> = {
	"a text in pieces": [
		chunk({ role: "assistant", content: "" }),
		chunk({ content: "Grü" }),
		chunk({ content: "ße 🙂" }),
		chunk({}, "stop"),
	],
	"a text that was cut by its limit": [chunk({ role: "assistant", content: "Once" }), chunk({}, "length")],
	"a refusal": [chunk({ role: "assistant", refusal: "I " }), chunk({ refusal: "won't." }), chunk({}, "stop")],
	"a call after a text": [
		chunk({ role: "assistant", content: "Let me look." }),
		chunk(begin(0, "call_1")),
		chunk(proceed(0, '{"q":')),
		chunk(proceed(0, '"a"}')),
		chunk({}, "tool_calls"),
	],
	"parallel calls whose pieces alternate": [
		chunk({ role: "assistant", content: null }),
		chunk(begin(0, "call_1")),
		chunk(begin(1, "call_2")),
		chunk(proceed(0, '{"q":1')),
		chunk(proceed(1, '{"q":2}')),
		chunk(proceed(0, "}")),
		chunk({}, "tool_calls"),
	],
	"an answer that a filter ended": [chunk({ role: "assistant", content: "The" }), chunk({}, "content_filter")],
};

/** Names of the members that the SDK adds to a message for its programs. */
const ADDED = new Set(["parsed", "parsed_arguments"]);

for (const [name, chunks] of Object.entries(STREAMS)) {
	test(`${name} is read from a stream to the SDK's message`, () => {
		const bytes = sse([...chunks, usageChunk(USAGE)]);
		return upstream([answer.stream(bytes), answer.stream(bytes)], async ({ chat, server, context }) => {
			const ours: cchat.Event | undefined = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
			if (ours?.type !== "completed") throw new Error("the stream did not complete");
			const runner = sdkOf(server).chat.completions.stream({
				model: "small",
				messages: [{ role: "user", content: "Hi" }],
				stream_options: { include_usage: true },
			});
			const theirs = await runner.finalChatCompletion();
			const text = JSON.stringify(theirs, (member, value) => (ADDED.has(member) ? undefined : value));
			const read = parseCompletion(
				{ value: JSON.parse(text), text, exchange: exchangeOf("POST", new URL(server.baseUrl), {}) },
				answerOf("small"),
			);
			assert.equal(ours.completed, read);
			await server.close();
		});
	});
}

test("a stream without a finish reason is cut for both", () => {
	const bytes = sse([chunk({ role: "assistant", content: "Once" })], { done: false });
	return upstream([answer.stream(bytes), answer.stream(bytes)], async ({ chat, server, context }) => {
		assert.match((await failure(collect(chat.stream(chatEnvelope(), context)))).message, /ended before it was complete$/);
		const theirs = await sdkOf(server)
			.chat.completions.stream({ model: "small", messages: [{ role: "user", content: "Hi" }] })
			.finalChatCompletion()
			.then(
				() => "a message",
				(error: unknown) => (error instanceof Error ? error.message : "no error"),
			);
		assert.match(theirs, /missing finish_reason/);
		await server.close();
	});
});

test.run();
