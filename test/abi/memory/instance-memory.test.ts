import { test } from "uvu";
import * as assert from "uvu/assert";
import { InstanceMemory } from "../../../src/abi/memory/instance-memory.ts";
import { compileLimited } from "../../../src/abi/memory/memory-limit.ts";
import { webAssembly } from "../../../src/abi/web-assembly.ts";
import { assemble } from "../../helpers/guest.ts";

const PAGE = 65_536;

test("exported memories and tables count as they are now, and those that two core instances export count once", async () => {
	const [limited] = await compileLimited(
		[
			await assemble(
				'(module (memory (export "m") 1) (table (export "t") 2 funcref) (func (export "grow") (drop (memory.grow (i32.const 3)))))',
			),
		],
		8 * PAGE,
	);
	if (limited === undefined) throw new Error("no module");
	assert.is(limited.initialBytes, PAGE + 2 * 32);
	const memory = new InstanceMemory([limited]);
	assert.is(memory.bytes, PAGE + 2 * 32);
	const { exports } = await webAssembly.instantiate(limited.module);
	memory.add(exports);
	memory.add({ again: exports.m });
	assert.is(memory.bytes, PAGE + 2 * 32);
	if (typeof exports.grow !== "function") throw new Error("no function");
	exports.grow();
	assert.is(memory.bytes, 4 * PAGE + 2 * 32);
});

test("a memory that its module does not export counts with its cap from the start", async () => {
	const [limited] = await compileLimited([await assemble("(module (memory 1))")], 8 * PAGE);
	if (limited === undefined) throw new Error("no module");
	const memory = new InstanceMemory([limited]);
	assert.is(memory.bytes, 8 * PAGE);
	memory.add((await webAssembly.instantiate(limited.module)).exports);
	assert.is(memory.bytes, 8 * PAGE);
});

test("the export of an imported memory does not make the module's own memory visible", async () => {
	const [limited] = await compileLimited(
		[await assemble('(module (import "a" "b" (memory 1)) (memory 1) (export "m" (memory 0)))')],
		8 * PAGE,
	);
	assert.is(limited?.hiddenBytes, 8 * PAGE);
});

test.run();
