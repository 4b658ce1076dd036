import process from "node:process";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { wasmFrames } from "../../../src/abi/debug/wasm-stack.ts";

test("a stack gives its frames of WebAssembly, innermost first, without the frames of JavaScript", () => {
	const stack = [
		"RuntimeError: unreachable",
		"    at parse (wasm://wasm/004fe01a:wasm-function[12]:0x1abc)",
		"    at wasm://wasm/004fe01a:wasm-function[3]:0x9",
		"    at log (file:///host/log.ts:3:1)",
		"    at async run (wasm://wasm/guest-000a2fea:wasm-function[208]:0x23a30)",
	].join("\n");
	assert.equal(wasmFrames(stack), [
		{ name: "parse", index: 12, offset: 0x1abc, url: "wasm://wasm/004fe01a" },
		{ index: 3, offset: 9, url: "wasm://wasm/004fe01a" },
		{ name: "run", index: 208, offset: 0x23a30, url: "wasm://wasm/guest-000a2fea" },
	]);
});

test("a name that looks like a frame, holds control characters or is long stays one short printable name", () => {
	const frame = (name: string) => wasmFrames(`    at ${name} (wasm://wasm/ab:wasm-function[1]:0x2)`);
	assert.is(frame("a (wasm://wasm/cd:wasm-function[9]:0x9)")[0]?.index, 1);
	assert.is(frame("a (wasm://wasm/cd:wasm-function[9]:0x9)")[0]?.name, "a (wasm://wasm/cd:wasm-function[9]:0x9)");
	assert.is(frame("\u001b[31mred\u202e\u0007")[0]?.name, "?[31mred??");
	assert.is(frame("x".repeat(100_000))[0]?.name, `${"x".repeat(79)}…`);
	assert.is(frame("größe λ")[0]?.name, "größe λ");
});

test("the name of a module is no part of its functions' names", () => {
	const names = (name: string) =>
		wasmFrames(`    at ${name} (wasm://wasm/my-lib-5e501276:wasm-function[1]:0x2)`).map((frame) => frame.name);
	assert.equal(
		[names("my-lib.scan"), names("my-lib"), names("my-library"), names("other")],
		[["scan"], [undefined], ["my-library"], ["other"]],
	);
});

test("no text makes the reader fail, and every name is printable and short", () => {
	const piece = fc.constantFrom("\n", "    at ", "wasm://wasm/", ":wasm-function[", "1]:0x2", ")", " (", "f", "\u001b", "\ud800", "async ");
	fc.assert(
		fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 40 }), (pieces) => {
			for (const { name = "", url } of wasmFrames(pieces.join(""))) {
				assert.ok(name.length <= 80 && url.length <= 80);
				assert.not.match(name + url, /\p{C}/u);
			}
		}),
		{ numRuns: 2_000 },
	);
});

test("a long stack costs time in proportion to its length", () => {
	const line = "    at (wasm://wasm/:wasm-function[ (wasm://wasm/:wasm-function[";
	const start = process.cpuUsage();
	wasmFrames(line.repeat(200_000));
	wasmFrames(`${line}\n`.repeat(200_000));
	assert.ok(process.cpuUsage(start).user < 1_000_000);
});

test.run();
