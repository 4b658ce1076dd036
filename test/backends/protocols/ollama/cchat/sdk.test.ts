/** Ollama's own SDK as the oracle: both send to the same server, and both read the same streams. */
import { type ChatResponse, Ollama } from "ollama";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { CallIds } from "../../../../../src/backends/kit/chat/call-ids.ts";
import { parseAnswer } from "../../../../../src/backends/protocols/ollama/cchat/response.ts";
import { exchangeOf } from "../../../../../src/transport/http/exchange.ts";
import { answer, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { differences } from "../../../sdk-differences.ts";
import { KEY, streamed, streamLines, upstream, wholeAnswer, wire } from "../upstream.ts";
import { SDK_CASES } from "./sdk-cases.ts";
import { STREAM_CASES } from "./stream-cases.ts";

/** Returns the SDK's client of a server. */
function sdkOf(server: OpenAiServer): Ollama {
	return new Ollama({ host: server.baseUrl.replace(/\/v1$/, ""), headers: { authorization: `Bearer ${KEY}` } });
}

for (const [name, { payload, options = {}, params, differences: expected = {} }] of Object.entries(SDK_CASES)) {
	for (const stream of [false, true]) {
		const behaviour = () => (stream ? streamed(wire(streamLines([]))) : answer.json(wholeAnswer({})));
		test(`${name} is sent as the SDK sends it, ${stream ? "streamed" : "whole"}`, () =>
			upstream(
				[behaviour(), behaviour()],
				async ({ chat, server, context }) => {
					const sdk = sdkOf(server);
					if (stream) {
						await collect(chat.stream(chatEnvelope(payload), context));
						await Array.fromAsync(await sdk.chat({ ...params, stream: true }));
					} else {
						await chat.unary(chatEnvelope(payload), context);
						await sdk.chat({ ...params, stream: false });
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

/** Returns the whole answer of the SDK's chunks, joined as the SDK's documentation does. */
function joined(chunks: readonly ChatResponse[]): ChatResponse | undefined {
	const last = chunks.at(-1);
	if (last === undefined) return undefined;
	const message = {
		role: "assistant",
		content: chunks.map((chunk) => chunk.message.content ?? "").join(""),
		thinking: chunks.map((chunk) => chunk.message.thinking ?? "").join(""),
		tool_calls: chunks.flatMap((chunk) => chunk.message.tool_calls ?? []),
	};
	return { ...last, message };
}

/** Returns an answer with the arguments of its calls parsed. The SDK has parsed them. */
function comparable({ message, ...rest }: cchat.Response): object {
	return {
		...rest,
		message: { ...message, tool_calls: message.tool_calls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) })) },
	};
}

for (const [name, { messages, end = {} }] of Object.entries(STREAM_CASES)) {
	const bytes = wire(streamLines(messages, end));
	test(`${name} is read from a stream to the SDK's message`, () =>
		upstream([streamed(bytes), streamed(bytes)], async ({ chat, server, context }) => {
			const ours = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
			if (ours?.type !== "completed") throw new Error("the stream did not complete");
			const chunks = await Array.fromAsync(
				await sdkOf(server).chat({ model: "qwen3", messages: [{ role: "user", content: "Hi" }], stream: true }),
			);
			const text = JSON.stringify(joined(chunks));
			const exchange = exchangeOf("POST", new URL(server.baseUrl), {});
			const read = parseAnswer({ value: JSON.parse(text), text, exchange }, { model: "qwen3", provider: "up", ids: new CallIds() });
			assert.equal(comparable(ours.completed), comparable(read));
			await server.close();
		}));
}

test("an error within a stream has the SDK's message", () => {
	const bytes = wire([...streamLines([{ content: "x" }]).slice(0, 1), { error: "unexpected EOF" }]);
	return upstream([streamed(bytes), streamed(bytes)], async ({ chat, server, context }) => {
		const messageOf = (reading: Promise<unknown>) =>
			reading.then(String, (error: unknown) => (error instanceof Error ? error.message : ""));
		assert.is(await messageOf(collect(chat.stream(chatEnvelope(), context))), "the backend failed: unexpected EOF");
		const theirs = await sdkOf(server).chat({ model: "qwen3", messages: [{ role: "user", content: "Hi" }], stream: true });
		assert.is(await messageOf(Array.fromAsync(theirs)), "unexpected EOF");
		await server.close();
	});
});

test.run();
