/** Ends of event streams, and answers that are no event stream. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type EventStreamOptions, readEvents } from "../../../src/transport/http/event-stream.ts";
import { exchangeOf } from "../../../src/transport/http/exchange.ts";
import { peekText } from "../../../src/transport/http/peek-text.ts";
import { assertLinear } from "../../helpers/growth.ts";
import { answer } from "../../helpers/openai-server.ts";
import { against, all, failure, post, turns } from "./fixture.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1"), {});

async function* chunksOf(texts: readonly string[]): AsyncGenerator<Uint8Array, void, void> {
	for (const text of texts) yield Buffer.from(text);
}

function read(texts: readonly string[], rules: Partial<EventStreamOptions>, type = "text/event-stream"): Promise<object[]> {
	const answer = { exchange, headers: { "content-type": type }, chunks: chunksOf(texts), discard: () => {} };
	const events = readEvents(async () => answer, { orJson: false, bodyEnds: false, maxEventChars: 1 << 20, ...rules });
	return Array.fromAsync(events, ({ exchange: _, ...event }) => event);
}

test("the last event may have space around its data", async () => {
	assert.equal(await read(["data: 1\n\ndata: [DONE]\t \n\ndata: 2\n\n"], { last: "[DONE]" }), [{ data: "1" }, { data: "[DONE]\t " }]);
});

test("an event that the end of the body cuts off is marked", async () => {
	assert.equal(await read(["data: 1\n\nda", "ta: {"], {}), [{ data: "1" }, { data: "{", isTorn: true }]);
});

test("a body that ends within a character was cut, so that the same request may succeed later", async () => {
	const answer = { exchange, headers: {}, discard: () => {} };
	for (const format of ["sse", "json_lines"] as const) {
		const chunks = async function* () {
			yield Buffer.from('data: {"a": "\u00ef').subarray(0, -1);
		};
		const events = readEvents(async () => ({ ...answer, chunks: chunks() }), { format, orJson: false, bodyEnds: true, maxEventChars: 99 });
		const { message, retryable } = await failure(Array.fromAsync(events));
		assert.equal([message, retryable], ["the backend's answer ended before it was complete", true], format);
	}
});

test("the last event may be missing if the caller decides about the end, but not in an empty body", async () => {
	assert.equal(await read(["data: 1\n\n"], { last: "[DONE]", bodyEnds: true }), [{ data: "1" }]);
	for (const [body, bodyEnds] of [
		["data: 1\n\n", false],
		[": comment\n\n", true],
	] as const) {
		const failed = await failure(read([body], { last: "[DONE]", bodyEnds }));
		assert.is(failed.message, "the backend's answer ended before it was complete");
	}
});

test("a JSON body is one event, whatever its type and its chunks, if the caller accepts JSON", async () => {
	for (const type of ["text/event-stream", "text/plain", "application/json"]) {
		assert.equal(await read([" \n", "\ufeff", '{"a"', ":1}"], { orJson: true }, type), [{ data: ' \n\ufeff{"a":1}', isBody: true }]);
	}
	assert.equal(await read(["[1]"], { orJson: true }, "application/json"), [{ data: "[1]", isBody: true }]);
	assert.equal(await read(["data: 1\n\n"], { orJson: true }), [{ data: "1" }]);
	const failed = await failure(read(["{}"], {}, "application/json"));
	assert.is(failed.message, "the backend's answer is malformed: it is application/json instead of an event stream");
});

test("a byte order mark before a JSON body is no part of it", async () => {
	assert.equal(await read(["\ufeff{}"], { orJson: true }), [{ data: "{}", isBody: true }]);
});

test("an event stream of a caller that accepts JSON leaves its connection usable", () =>
	against(
		[answer.stream(Buffer.from("data: 1\n\ndata: [DONE]\n\n")), answer.stream(Buffer.from("data: [DONE]\n\n"))],
		async (client, server) => {
			for (const data of [["1", "[DONE]"], ["[DONE]"]]) {
				assert.equal(await all(client.openStream(post(), "[DONE]", { orJson: true })), data);
				await server.requests.at(-1)?.ended;
				await turns(5); // The body may end after the last event.
			}
			assert.is(server.requests[1]?.clientPort, server.requests[0]?.clientPort);
		},
	));

test("a peeked body is passed on whole", async () => {
	const { first, chunks } = await peekText(chunksOf([" ", "\ufeff\r\n", "\t{", "}"]));
	assert.is(first, "{");
	assert.is(Buffer.concat(await Array.fromAsync(chunks)).toString(), " \ufeff\r\n\t{}");
	assert.is((await peekText(chunksOf([" ", ""]))).first, undefined);
});

test("peeking into a body of space has a cost that grows linearly", () =>
	assertLinear({
		name: "space in chunks of a byte",
		make: (size) => Array.from({ length: size }, () => " "),
		run: async (texts: readonly string[]) => Array.fromAsync((await peekText(chunksOf(texts))).chunks),
	}));

test.run();
