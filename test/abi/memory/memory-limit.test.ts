import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadComponent } from "../../../src/abi/component/load.ts";
import { compileLimited } from "../../../src/abi/memory/memory-limit.ts";
import { webAssembly } from "../../../src/abi/web-assembly.ts";
import { assemble } from "../../helpers/guest.ts";
import { plainComponent, repeatedModule } from "../../helpers/guest-components.ts";

const PAGE = 65_536;

/** Grows the exported memory of a module and gives what `memory.grow` answers: the old size in pages, or -1. */
async function grow(text: string, maxBytes: number, pages: number): Promise<unknown> {
	const [limited] = await compileLimited([await assemble(text)], maxBytes);
	assert.ok(limited);
	const { exports } = await webAssembly.instantiate(limited.module);
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

const GROWING_TABLE =
	'(module (table 1 funcref) (func (export "grow") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))';

test("a table cannot outgrow a million entries", async () => {
	assert.is(await grow(GROWING_TABLE, 1024 * 1024 * 1024, 1_000_000), -1);
	assert.is(await grow(GROWING_TABLE, 1024 * 1024 * 1024, 999_999), 1);
});

test("a table grows within an eighth of the memory limit, at 32 bytes an entry", async () => {
	const room = (PAGE - 32) / 8 / 32;
	assert.is(await grow(GROWING_TABLE, PAGE, Math.floor(room) + 1), -1);
	assert.is(await grow(GROWING_TABLE, PAGE, Math.floor(room)), 1);
});

test("a growable table leaves the rest of the limit to the memory", async () => {
	assert.is(await grow(`(module (table 1 funcref) (memory 1) ${GROW})`, 16 * PAGE, 12), 1);
	assert.is(await grow(`(module (table 1 funcref) (memory 1) ${GROW})`, 16 * PAGE, 14), -1);
});

test("the memories of several modules share the room in proportion to their start sizes", async () => {
	const modules = await Promise.all(["(module (memory 3))", "(module (memory 1))", "(module (memory 0))"].map(assemble));
	const limited = await compileLimited(modules, 12 * PAGE);
	assert.equal(
		limited.map(({ bytes }) => bytes / PAGE),
		[9, 3, 0],
	);
});

test("modules are rewritten from the largest to the smallest, and returned in their order", async () => {
	const texts = ["(module (memory 1))", `(module (memory 2) (func ${"(nop)".repeat(100)}))`, "(module (memory 3) (func))"];
	const modules = await Promise.all(texts.map(assemble));
	const seen: number[] = [];
	const limited = await compileLimited(modules, 6 * PAGE, (module) => {
		seen.push(modules.indexOf(module));
		return module;
	});
	assert.equal(seen, [1, 2, 0]);
	assert.equal(
		limited.map(({ bytes }) => bytes / PAGE),
		[1, 2, 3],
	);
});

test("a module that cannot be rewritten rejects the load while others compile", async () => {
	const modules = await Promise.all([`(module (func ${"(nop)".repeat(100)}))`, "(module)"].map(assemble));
	const failure = new Error("cannot be rewritten");
	await compileLimited(modules, 6 * PAGE, (module) => {
		if (module === modules[1]) throw failure;
		return module;
	}).then(
		() => assert.unreachable("it was compiled"),
		(error: unknown) => assert.is(error, failure),
	);
});

test("a memory that declares a maximum leaves the rest of its part to the others", async () => {
	const modules = await Promise.all(["(module (memory 2 3))", "(module (memory 2))"].map(assemble));
	const limited = await compileLimited(modules, 12 * PAGE);
	assert.equal(
		limited.map(({ bytes }) => bytes / PAGE),
		[3, 9],
	);
});

for (const [what, text, needed] of [
	["memory", "(module (memory 9))", 9 * PAGE],
	["tables", `(module ${"(table 1000000 funcref)".repeat(64)})`, 64 * 1_000_000 * 32],
	["globals", `(module ${"(global i32 (i32.const 0))".repeat(5000)})`, 5000 * 64],
] as const) {
	test(`a module is refused with both numbers when its ${what} start above the limit`, async () => {
		await compileLimited([await assemble(text)], 4 * PAGE).then(
			() => assert.unreachable(),
			(error) => assert.match(error.message, `need ${needed} bytes to start, and the host's limit is ${4 * PAGE}; raise max_memory_bytes`),
		);
	});
}

test("a limit below one page is refused", async () => {
	await compileLimited([await assemble("(module)")], 1000).then(
		() => assert.unreachable(),
		(error) => assert.match(error.message, "max_memory_bytes is 1000"),
	);
});

/** The variable in which a metered module counts. */
const COUNTER_BYTES = 64;

test("a guest's allocation beyond the limit fails inside the guest", async () => {
	const grows = plainComponent(
		"(if (i32.eq (memory.grow (i32.const 8)) (i32.const -1)) (then (i32.store16 (i32.const 16) (i32.const 0x6f6e)))) (call $answer)",
	);
	const bytes = await assemble(grows);
	const roomy = await (await loadComponent(bytes, { maxMemoryBytes: 9 * PAGE + COUNTER_BYTES })).instantiate({});
	assert.equal(await roomy.run(""), { ok: "ok" });
	const tight = await (await loadComponent(bytes, { maxMemoryBytes: 8 * PAGE + COUNTER_BYTES })).instantiate({});
	assert.equal(await tight.run(""), { ok: "no" });
});

for (const [what, count, module, message] of [
	["memories", 4, "(memory 1 1)", "it has more than 4 memories"],
	["instances", 65, "", "more than 64 core instances"],
	["table entries", 5, "(table 1000 1000 funcref)", "grow beyond the limit of 196608 bytes"],
	["memories without a maximum", 2, "(memory 0)", "grow beyond the limit of 196608 bytes"],
	["globals", 40, "(global i32 (i32.const 0))".repeat(100), "grow beyond the limit of 196608 bytes"],
] as const) {
	test(`a component that multiplies its ${what} is refused`, async () => {
		const bytes = await assemble(repeatedModule(count, module));
		await loadComponent(bytes, { maxMemoryBytes: what === "memories" ? 64 * PAGE : 3 * PAGE }).then(
			() => assert.unreachable(),
			(error) => assert.match(error.message, message),
		);
	});
}

test.run();
