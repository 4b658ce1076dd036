import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "../../../src/build/componentize.ts";
import { addedGlobals } from "../../../src/build/platform.ts";
import { ROOT } from "../../helpers/guest.ts";
import { guestRuns, outputOf } from "../../helpers/guest-runs.ts";
import { PLATFORM_CHECKS, PLATFORM_GUEST } from "../../helpers/platform-guest.ts";

const guests = { quickjs: await guestRuns(PLATFORM_GUEST), starlingmonkey: await guestRuns(PLATFORM_GUEST, "starlingmonkey") };

/** Checks that StarlingMonkey's own platform does not pass, by the start of their names. */
const NOT_NATIVE: readonly string[] = ["URL.canParse", "structuredClone refuses", "btoa and atob"];

test("the guest has checks", () => assert.is(PLATFORM_CHECKS.length, 16));

for (const engine of ENGINES)
	for (const name of PLATFORM_CHECKS) {
		if (engine === "starlingmonkey" && NOT_NATIVE.some((start) => name.startsWith(start))) continue;
		test(`${engine}: ${name}`, async () => {
			assert.is(outputOf((await guests[engine](name)).outcome), "true");
		});
	}

test("two instances of a QuickJS guest have other random numbers", async () => {
	const numbers = await Promise.all(["random", "random"].map(async (job) => outputOf((await guests.quickjs(job)).outcome)));
	assert.is.not(numbers[0], numbers[1]);
	assert.is(new Set(numbers.join().split(",")).size, 6);
	for (const text of numbers)
		assert.ok(
			text
				.split(",")
				.slice(0, 2)
				.every((number) => Number(number) >= 0 && Number(number) < 1),
		);
});

test("both engines' consoles write the same lines to the host's log", async () => {
	const lines = (log: readonly string[]) =>
		log.map((line) => line.replace(/: \d+ ms$/, ": 0 ms").replace(/(trace Trace: place)\n[\s\S]*/, "$1"));
	const { log } = await guests.quickjs("console");
	assert.equal(lines(log), [
		'info box has 4 of 5 (1.5) { a: [ 1 ] } {"b":2} % rest { n: { n: { n: { n: [Object] } } } }',
		"info NaN without values /x/g Symbol(s) [class Point] [Function: named] bad",
		"info group",
		"warn   inner\n  lines",
		'info ┌─────────┬────┬─────┐\n│ (index) │ a  │ b   │\n├─────────┼────┼─────┤\n│ 0       │ 1  │ "x" │\n│ 1       │ 22 │     │\n└─────────┴────┴─────┘',
		"info default: 1",
		"info c: 1",
		"info default: 2",
		"info default: 1",
		"error Assertion failed: shown x",
		"info t: 0 ms",
		"warn the timer t does not exist",
		"info { deep: [Object] }",
		"trace Trace: place",
		'error Map(1) { "k" => Set(1) { 1 } } [ undefined, null, -0, 1n, "q" ] [Object: null prototype] {} [ <1 empty>, 1 ] Uint8Array(2) [ 0, 0 ]',
	]);
	assert.equal(lines((await guests.starlingmonkey("console")).log), lines(log));
});

test("the page of the platform lists what exists in each engine", async () => {
	const page = await readFile(join(ROOT, "src/guest/platform/README.md"), "utf8");
	const rows = [...page.matchAll(/^\| `([A-Za-z]+)` \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, name = "", quickjs = "", other = ""]) => ({
		name,
		quickjs: quickjs.trim(),
		starlingmonkey: other.trim(),
	}));
	assert.ok(rows.length >= 30);
	for (const engine of ENGINES) {
		const plain = await guestRuns(
			'export const run = (input) => input.split(" ").map((name) => typeof Reflect.get(globalThis, name)).join(" ");',
			engine,
		);
		const types = outputOf((await plain(rows.map(({ name }) => name).join(" "))).outcome).split(" ");
		const added = addedGlobals(engine);
		for (const [index, row] of rows.entries()) {
			const expected = added.includes(row.name) ? "added" : types[index] === "undefined" ? "no" : "engine";
			assert.is(row[engine], expected, `${row.name} in ${engine}`);
		}
		assert.equal(
			added.filter((name) => !rows.some((row) => row.name === name)),
			[],
		);
	}
});

test.run();
