/** OpenAI's own SDK as the oracle: both send to the same server, and both read the same streams. */
import OpenAI from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { CallIds } from "../../../../../src/backends/kit/chat/call-ids.ts";
import { responseParser } from "../../../../../src/backends/protocols/openai-responses/cchat/response.ts";
import { exchangeOf } from "../../../../../src/transport/http/exchange.ts";
import { answer, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { KEY, message, responseStream, upstream, wholeResponse, wire } from "../upstream.ts";
import { ANSWER_CASES } from "./answer-cases.ts";
import { SDK_CASES } from "./sdk-cases.ts";

/** Returns the SDK's client of a server. */
function sdkOf(server: OpenAiServer): OpenAI {
	return new OpenAI({ apiKey: KEY, baseURL: server.baseUrl, maxRetries: 0, logLevel: "off" });
}

/** Returns the paths of the members in which two values differ. */
function differences(ours: unknown, theirs: unknown, path = ""): string[] {
	if (!isTree(ours) || !isTree(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) return Object.is(ours, theirs) ? [] : [path];
	const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
	return [...names].flatMap((name) => differences(ours[name], theirs[name], path === "" ? name : `${path}.${name}`));
}

function isTree(value: unknown): value is { readonly [name: string]: unknown } {
	return typeof value === "object" && value !== null;
}

for (const [name, { payload, options = {}, params, differences: expected = {} }] of Object.entries(SDK_CASES)) {
	for (const stream of [false, true]) {
		const behaviour = () => (stream ? answer.stream(wire(responseStream([message("x")]))) : answer.json(wholeResponse([message("x")])));
		test(`${name} is sent as the SDK sends it, ${stream ? "streamed" : "whole"}`, () =>
			upstream(
				[behaviour(), behaviour()],
				async ({ chat, server, context }) => {
					const sdk = sdkOf(server);
					if (stream) {
						await collect(chat.stream(chatEnvelope(payload), context));
						await collect(await sdk.responses.create({ ...params, stream: true }));
					} else {
						await chat.unary(chatEnvelope(payload), context);
						await sdk.responses.create(params);
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

/** Returns an answer with the bytes of its opaque parts parsed: the SDK writes the members of an item in another order. */
function comparable({ message: { content, ...rest }, ...more }: cchat.Response): object {
	const parsed = content.map((part) => {
		const opaque = part.type === "opaque" ? part.opaque : part.type === "reasoning" ? part.reasoning.sealed : undefined;
		return opaque === undefined
			? part
			: { ...part, opaque: { ...opaque, data: JSON.parse(new TextDecoder().decode(opaque.data)) }, reasoning: undefined };
	});
	return { ...more, message: { ...rest, content: parsed } };
}

for (const [name, { output, more }] of Object.entries(ANSWER_CASES)) {
	test(`${name} is read from a stream to the SDK's response`, () => {
		const bytes = wire(responseStream(output, more));
		return upstream([answer.stream(bytes), answer.stream(bytes)], async ({ chat, server, context }) => {
			const ours = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
			if (ours?.type !== "completed") throw new Error("the stream did not complete");
			const theirs = await sdkOf(server).responses.stream({ model: "gpt", input: "Hi" }).finalResponse();
			const text = JSON.stringify(theirs);
			const exchange = exchangeOf("POST", new URL(server.baseUrl), {});
			const request = { model: "gpt", provider: "up", ids: new CallIds() };
			const read = responseParser(false)({ value: JSON.parse(text), text, exchange }, request);
			assert.equal(comparable(ours.completed), comparable(read));
			await server.close();
		});
	});
}

test("a stream without its last event is cut for both", () => {
	const bytes = wire(responseStream([message("x")]).slice(0, -1));
	return upstream([answer.stream(bytes), answer.stream(bytes)], async ({ chat, server, context }) => {
		assert.match((await failure(collect(chat.stream(chatEnvelope(), context)))).message, /ended before it was complete$/);
		const theirs = await sdkOf(server)
			.responses.stream({ model: "gpt", input: "Hi" })
			.finalResponse()
			.then(
				({ status }) => status,
				(error: unknown) => (error instanceof Error ? "an error" : "no error"),
			);
		assert.is.not(theirs, "completed");
		await server.close();
	});
});

test.run();
