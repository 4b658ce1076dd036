import { Buffer } from "node:buffer";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { idOfLongLine } from "../../src/mcp/long-line.ts";
import { MessageLines } from "../../src/mcp/message-lines.ts";
import { assertLinear } from "../helpers/growth.ts";

/** Reads chunks. Returns the lines, those that are too long with both ends, and the number of dropped bytes. */
function read(chunks: readonly string[], maxBytes: number): { readonly lines: string[]; readonly dropped: number } {
	const lines: string[] = [];
	let dropped = 0;
	const reader = new MessageLines(maxBytes, {
		line: (text) => lines.push(text),
		longLine: (start, end) => lines.push(`${start.slice(0, 5)}…${end.slice(-5)}`),
		dropped: (bytes) => {
			dropped += bytes;
		},
	});
	for (const chunk of chunks) reader.write(Buffer.from(chunk));
	return { lines, dropped };
}

test("lines arrive whole, however they are cut into chunks", () => {
	fc.assert(
		fc.property(
			fc.array(fc.string({ maxLength: 30 }).filter((line) => !line.includes("\n"))),
			fc.integer({ min: 1, max: 9 }),
			(lines, size) => {
				const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
				const seen: string[] = [];
				const reader = new MessageLines(1_000, {
					line: (text) => seen.push(text),
					longLine: () => assert.unreachable(),
					dropped: () => assert.unreachable(),
				});
				for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
				assert.equal(
					seen,
					lines.map((line) => Buffer.from(line).toString()),
				);
			},
		),
	);
});

test("a line at the limit is whole, and of a longer one both ends are kept", () => {
	assert.equal(read(["12345678\nab"], 8), { lines: ["12345678"], dropped: 0 });
	assert.equal(read(["begin", "x".repeat(5_000), "12", "345\nnext\n"], 8), { lines: ["begin…12345", "next"], dropped: 5_010 });
});

test("the id of a message stands at one of its ends", () => {
	for (const [line, id] of [
		['{"jsonrpc":"2.0","id":12,"result":{', 12],
		['{"jsonrpc": "2.0", "id": 3, "result": {', 3],
		['{"id":4,"jsonrpc":"2.0",', 4],
		['{"result":{"id":9},', undefined],
		['{"jsonrpc":"2.0","result":{"x":"\\"id\\":7,', undefined],
	] as const)
		assert.is(idOfLongLine(line, "…"), id, line);
	for (const [line, id] of [
		['xx"}]},"jsonrpc":"2.0","id":12}', 12],
		['xx"}]},"id":12,"jsonrpc":"2.0"}\r', 12],
		['xx\\"},\\"jsonrpc\\":\\"2.0\\",\\"id\\":12}"}]}}', undefined],
		['xx,"id":12}}', undefined],
	] as const)
		assert.is(idOfLongLine("{", line), id, line);
});

const sink = { line: () => {}, longLine: () => {}, dropped: () => {} };

for (const [name, make] of [
	["one byte at a time", (size: number) => Array.from({ length: size }, () => Buffer.from("x"))],
	["a line far beyond the limit", (size: number) => Array.from({ length: size / 16 }, () => Buffer.alloc(1_024, "x"))],
	["short lines", (size: number) => [Buffer.from("x\n".repeat(size))]],
] as const)
	test(`the time for ${name} grows linearly`, async () => {
		await assertLinear({
			name,
			make,
			run(chunks: readonly Buffer[]) {
				const reader = new MessageLines(65_536, sink);
				for (const chunk of chunks) reader.write(chunk);
			},
		});
	});

test.run();
