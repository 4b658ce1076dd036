/** Anthropic's own SDK as the oracle: both send to the same server, and both read the same streams. */
import Anthropic from "@anthropic-ai/sdk";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { CallIds } from "../../../../../src/backends/kit/chat/call-ids.ts";
import { parseMessage } from "../../../../../src/backends/protocols/anthropic/cchat/response.ts";
import { exchangeOf } from "../../../../../src/transport/http/exchange.ts";
import { answer, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { differences } from "../../../sdk-differences.ts";
import { KEY, messageStream, upstream, wholeMessage, wire } from "../upstream.ts";
import { SDK_CASES } from "./sdk-cases.ts";
import { STREAM_CASES } from "./stream-cases.ts";

/** Returns the SDK's client of a server. */
function sdkOf(server: OpenAiServer): Anthropic {
	return new Anthropic({ apiKey: KEY, baseURL: server.baseUrl.replace(/\/v1$/, ""), maxRetries: 0, logLevel: "off" });
}

for (const [name, { payload, options = {}, params, differences: expected = {} }] of Object.entries(SDK_CASES)) {
	for (const stream of [false, true]) {
		const behaviour = () => (stream ? answer.stream(wire(messageStream([]))) : answer.json(wholeMessage([])));
		test(`${name} is sent as the SDK sends it, ${stream ? "streamed" : "whole"}`, () =>
			upstream(
				[behaviour(), behaviour()],
				async ({ chat, server, context }) => {
					const sdk = sdkOf(server);
					if (stream) {
						await collect(chat.stream(chatEnvelope(payload), context));
						await sdk.messages.stream(params).finalMessage();
					} else {
						await chat.unary(chatEnvelope(payload), context);
						await sdk.messages.create(params);
					}
					const [ours, theirs] = [await server.request(0), await server.request(1)];
					assert.equal(differences(ours.json(), theirs.json()), Object.keys(expected));
					assert.equal([ours.method, ours.path], [theirs.method, theirs.path]);
					for (const header of ["anthropic-version", "authorization", "x-api-key", "content-type"])
						assert.is(ours.headers[header], theirs.headers[header], header);
					await server.close();
				},
				{ options },
			));
	}
}

/**
 * Returns a message with all JSON in it parsed. The SDK parses the arguments and loses digits that JavaScript's numbers cannot hold, and
 * writes the members of a block in another order.
 */
function comparable({ message, ...rest }: cchat.Response): object {
	const tool_calls = message.tool_calls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) }));
	const content = message.content.map((part) => {
		const opaque = part.type === "opaque" ? part.opaque : part.type === "reasoning" ? part.reasoning.sealed : undefined;
		return opaque === undefined
			? part
			: { ...part, opaque: { ...opaque, data: JSON.parse(new TextDecoder().decode(opaque.data)) }, reasoning: undefined };
	});
	return { ...rest, message: { ...message, tool_calls, content } };
}

for (const [name, { events }] of Object.entries(STREAM_CASES)) {
	test(`${name} is read from a stream to the SDK's message`, () =>
		upstream([answer.stream(wire(events)), answer.stream(wire(events))], async ({ chat, server, context }) => {
			const ours = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
			if (ours?.type !== "completed") throw new Error("the stream did not complete");
			const theirs = await sdkOf(server)
				.messages.stream({ model: "claude", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] })
				.finalMessage();
			const text = JSON.stringify(theirs);
			const exchange = exchangeOf("POST", new URL(server.baseUrl), {});
			const read = parseMessage({ value: JSON.parse(text), text, exchange }, { model: "claude", provider: "up", ids: new CallIds() });
			assert.equal(comparable(ours.completed), comparable(read));
			await server.close();
		}));
}

test("a stream without its last event is cut for both", () => {
	const bytes = wire(messageStream([[{ type: "text", text: "x" }]]).slice(0, -1));
	return upstream([answer.stream(bytes), answer.stream(bytes)], async ({ chat, server, context }) => {
		assert.match((await failure(collect(chat.stream(chatEnvelope(), context)))).message, /ended before it was complete$/);
		const stream = sdkOf(server).messages.stream({ model: "claude", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] });
		const theirs = await stream.finalMessage().then(
			() => "a message",
			(error: unknown) => (error instanceof Error ? error.constructor.name : "no error"),
		);
		assert.match(theirs, /Error$/);
		await server.close();
	});
});

test.run();
