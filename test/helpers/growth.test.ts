import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { testInFull } from "./full-run.ts";
import { assertLinear, type GrowthCase } from "./growth.ts";

const chunks = (size: number): readonly Buffer[] => Array.from({ length: size }, (_, index) => Buffer.alloc(16, index));
const numbers = (size: number): Float64Array => Float64Array.from({ length: size }, (_, index) => Math.sin(index) * size);

const ACCEPTED: readonly GrowthCase[] = [
	{ name: "chunks joined once", make: chunks, run: (list: Buffer[]) => Buffer.concat(list) },
	{ name: "an array, doubled", make: numbers, run: (list: Float64Array) => Array.from(list, (each) => ({ twice: 2 * each })) },
	{ name: "a sorted copy", make: numbers, run: (list: Float64Array) => list.toSorted() },
	{ name: "a refusal at once", make: (size) => size, run: () => Promise.reject(new Error("refused")) },
];

const REFUSED: readonly GrowthCase[] = [
	{
		name: "a list searched for each item, in turns of the loop",
		make: (size) => Array.from({ length: size }, (_, index) => `name${index}`),
		run: async (list: string[]) => {
			const seen: string[] = [];
			for (const each of list) if (await !seen.includes(each)) seen.push(each);
		},
		from: 64,
	},
	{
		name: "a search from each character",
		make: (size) => "/".repeat(size),
		run: (text: string) => `${text}x`.replace(/\/+$/, ""),
		from: 768,
	},
];

/** Returns the message of the failure, or `undefined` for a case that is accepted. */
async function failureOf(growth: GrowthCase): Promise<string | undefined> {
	try {
		await assertLinear(growth);
		return undefined;
	} catch (thrown) {
		return thrown instanceof Error ? thrown.message : String(thrown);
	}
}

async function check(refused: readonly GrowthCase[]): Promise<void> {
	for (const each of ACCEPTED) assert.is(await failureOf(each), undefined);
	for (const each of refused) assert.match((await failureOf(each)) ?? "accepted", new RegExp(`^${each.name}: input of \\d+ costs `));
}

test("linear and n log n cost is told apart from quadratic cost", () => check(REFUSED));

testInFull("linear and n log n cost is told apart from quadratic cost while other processes use every processor", async () => {
	const busy: ChildProcess[] = [];
	try {
		for (let each = 0; each <= availableParallelism(); each++) {
			const child = spawn(process.execPath, ["-e", "process.stdout.write('.', () => { for (;;); })"], {
				stdio: ["ignore", "pipe", "ignore"],
			});
			busy.push(child);
			if (child.stdout !== null) await once(child.stdout, "data");
		}
		await check(REFUSED.slice(0, 1));
	} finally {
		for (const child of busy) child.kill("SIGKILL");
	}
});

test.run();
