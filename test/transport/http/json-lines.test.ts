import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readEvents } from "../../../src/transport/http/event-stream.ts";
import { exchangeOf } from "../../../src/transport/http/exchange.ts";
import { JsonLinesDecoder } from "../../../src/transport/http/json-lines.ts";
import { assertLinear } from "../../helpers/growth.ts";
import { usedAfterGc } from "../../helpers/memory.ts";
import { answer, cut } from "../../helpers/openai-server.ts";

import { against, all, failure, post, turns } from "./fixture.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/api"), {});
const NDJSON = { "content-type": "application/x-ndjson" };

const BODY = Buffer.from('\ufeff{"text":"größe 😀"}\r\n\n \n{"a":[1,2]}\n{"last":true}');
const LINES = ['{"text":"größe 😀"}\r', '{"a":[1,2]}', '{"last":true}'];

function read(body: string | Buffer, type = "application/x-ndjson"): Promise<object[]> {
	async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
		yield Buffer.from(body);
	}
	const answer = { exchange, headers: { "content-type": type }, chunks: chunks(), discard: () => {} };
	const events = readEvents(async () => answer, { format: "json_lines", last: /done/, orJson: false, bodyEnds: true, maxEventChars: 1000 });
	return Array.fromAsync(events, ({ exchange: _, ...event }) => event);
}

test("lines of JSON decode to the same values however their bytes are cut", () => {
	fc.assert(
		fc.property(fc.array(fc.nat(BODY.length), { maxLength: 12 }), (offsets) => {
			const decoder = new JsonLinesDecoder(1000);
			const events = cut(BODY, offsets).flatMap((piece) => decoder.push(piece));
			assert.equal(
				[...events, ...decoder.end()].map(({ data }) => data),
				LINES,
			);
		}),
	);
});

test("a line above the size limit is refused, in one chunk or in several, with or without its end", () => {
	for (const end of ["\n", ""]) {
		const long = Buffer.from(`"${"x".repeat(200)}"${end}`);
		assert.throws(() => new JsonLinesDecoder(100).push(long), "a line is longer than 100 characters");
		const decoder = new JsonLinesDecoder(100);
		assert.throws(() => cut(long, [30, 60, 90, 120, 150]).map((piece) => decoder.push(piece)), "a line is longer than 100 characters");
	}
});

test("a line that arrives character by character costs no more memory than its text", () => {
	const decoder = new JsonLinesDecoder(1_000_000);
	const before = usedAfterGc("heapUsed");
	for (let count = 0; count < 500_000; count++) decoder.push(Buffer.of(0x61));
	assert.ok(usedAfterGc("heapUsed") - before < 4_000_000);
	assert.is(decoder.end()[0]?.data.length, 500_000);
});

test("lines of JSON that are not UTF-8 are refused", () => {
	assert.throws(() => new JsonLinesDecoder(100).push(Buffer.from([0x22, 0xff])), "the lines of JSON are not UTF-8");
	const decoder = new JsonLinesDecoder(100);
	decoder.push(Buffer.from([0xc3]));
	assert.throws(() => decoder.end(), "the lines of JSON are not UTF-8");
});

test("a line without its end is marked, because the body may be cut off", async () => {
	assert.equal(await read('{"a":1}\n{"b":'), [{ data: '{"a":1}' }, { data: '{"b":', isTorn: true }]);
	assert.equal(await read('{"done":1}'), [{ data: '{"done":1}', isTorn: true }]);
});

test("a body of another type than lines of JSON is malformed", async () => {
	assert.equal(await read("{}\n", "application/json; charset=utf-8"), [{ data: "{}" }]);
	assert.equal(await read("{}\n", ""), [{ data: "{}" }]);
	const failed = await failure(read("<html>", "text/html"));
	assert.is(failed.message, "the backend's answer is malformed: it is text/html instead of lines of JSON");
});

test("lines of JSON leave their connection usable after the last", () =>
	against(
		[answer.stream(Buffer.from("1\n2\ndone\n"), NDJSON), answer.stream([Buffer.from("do"), Buffer.from("ne\n")], NDJSON)],
		async (client, server) => {
			for (const lines of [["1", "2", "done"], ["done"]]) {
				assert.equal(await all(client.openStream(post(), "done", { format: "json_lines" })), lines);
				await server.requests.at(-1)?.ended;
				await turns(5); // The body may end after the last line.
			}
			const [first, second] = [await server.request(0), await server.request(1)];
			assert.is(first.headers.accept, "application/x-ndjson, application/json");
			assert.is(first.clientPort, second.clientPort);
		},
	));

test("many short lines and a long line in small chunks cost linear time", async () => {
	await assertLinear({
		name: "short lines",
		make: (size) => Buffer.from("1\n".repeat(size)),
		run: (bytes: Buffer) => new JsonLinesDecoder(100).push(bytes),
	});
	await assertLinear({
		name: "one line in chunks",
		make: (size) => Array.from({ length: size }, () => Buffer.from("xxxxxxxx")),
		run: (chunks: readonly Buffer[]) => {
			const decoder = new JsonLinesDecoder(1 << 30);
			for (const chunk of chunks) decoder.push(chunk);
			decoder.end();
		},
	});
});

test.run();
