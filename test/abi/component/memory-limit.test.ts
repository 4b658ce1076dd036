import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadComponent } from "../../../src/abi/component/load.ts";
import { compileLimited } from "../../../src/abi/component/memory-limit.ts";
import { webAssembly } from "../../../src/abi/component/web-assembly.ts";
import { assemble, scratch } from "../../helpers/guest.ts";
import { MANY_MEMORIES, plainComponent } from "../../helpers/guest-components.ts";

const PAGE = 65_536;

/** Grows the exported memory of a module and gives what `memory.grow` answers: the old size in pages, or -1. */
async function grow(text: string, maxBytes: number, pages: number): Promise<unknown> {
	const { module } = await compileLimited(await assemble(text), maxBytes);
	const { exports } = await webAssembly.instantiate(module);
	const run = exports.grow;
	return typeof run === "function" ? run(pages) : undefined;
}

const GROW = '(func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))';

test("a memory without a maximum gets the limit as its maximum", async () => {
	assert.is(await grow(`(module (memory 1) ${GROW})`, 4 * PAGE, 3), 1);
	assert.is(await grow(`(module (memory 1) ${GROW})`, 4 * PAGE, 4), -1);
});

test("a maximum above the limit is lowered, one below it stays", async () => {
	assert.is(await grow(`(module (memory 1 100) ${GROW})`, 4 * PAGE, 4), -1);
	assert.is(await grow(`(module (memory 1 2) ${GROW})`, 4 * PAGE, 2), -1);
	assert.is(await grow(`(module (memory 1 2) ${GROW})`, 4 * PAGE, 1), 1);
});

test("a limit is rounded down to whole pages", async () => {
	assert.is(await grow(`(module (memory 1) ${GROW})`, 2 * PAGE - 1, 1), -1);
});

test("a table cannot outgrow a million entries", async () => {
	const text = '(module (table 1 funcref) (func (export "grow") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))';
	assert.is(await grow(text, PAGE, 1_000_000), -1);
	assert.is(await grow(text, PAGE, 999_999), 1);
});

test("a module that starts above the limit is refused with both numbers", async () => {
	await compileLimited(await assemble("(module (memory 9))"), 4 * PAGE).then(
		() => assert.unreachable(),
		(error) => assert.match(error.message, "needs 9 pages of memory to start, and the host's limit is 4; raise maxMemoryBytes"),
	);
});

test("a limit below one page is refused", async () => {
	await compileLimited(await assemble("(module)"), 1000).then(
		() => assert.unreachable(),
		(error) => assert.match(error.message, "maxMemoryBytes is 1000"),
	);
});

test("a guest's allocation beyond the limit fails inside the guest", async () => {
	const grows = plainComponent(
		"(if (i32.eq (memory.grow (i32.const 8)) (i32.const -1)) (then (i32.store16 (i32.const 16) (i32.const 0x6f6e)))) (call $answer)",
	);
	const bytes = await assemble(grows);
	const cacheDirectory = scratch();
	const roomy = await (await loadComponent(bytes, { cacheDirectory, maxMemoryBytes: 9 * PAGE })).instantiate({});
	assert.equal(await roomy.run(""), { ok: "ok" });
	const tight = await (await loadComponent(bytes, { cacheDirectory, maxMemoryBytes: 8 * PAGE })).instantiate({});
	assert.equal(await tight.run(""), { ok: "no" });
});

test("a component that multiplies its memories is refused", async () => {
	const component = await loadComponent(await assemble(MANY_MEMORIES), { cacheDirectory: scratch() });
	await component.instantiate({}).then(
		() => assert.unreachable(),
		(error) => assert.match(error.message, "more than 4 memories"),
	);
});

test.run();
