import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CpuProfile } from "../../../src/abi/debug/cpu-profile.ts";
import { GuestProfiler } from "../../../src/abi/debug/guest-profiler.ts";
import { scratch } from "../../helpers/guest.ts";

const AT = (...names: readonly string[]): string =>
	[
		"Error",
		...names.map((name, index) => `    at ${name} (wasm://wasm/0a:wasm-function[${index}]:0x1)`),
		"    at run (file:///host.ts:1:1)",
	].join("\n");

/** Returns the call stacks of the samples, outermost first. */
function stacks(profile: CpuProfile): string[] {
	const parents = new Map(profile.nodes.flatMap(({ id, children }) => children.map((child) => [child, id] as const)));
	const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
	return profile.samples.map((sample) => {
		const path: string[] = [];
		for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) path.unshift(names.get(id) ?? "?");
		return path.join(" > ");
	});
}

/** Returns the kind of each member, of objects and of the first items of arrays, by path. */
function shapeOf(value: unknown, path = ""): string[] {
	if (Array.isArray(value)) return value.length === 0 ? [] : shapeOf(value[0], `${path}[]`);
	if (typeof value !== "object" || value === null) return [`${path}: ${typeof value}`];
	return Object.entries(value).flatMap(([key, member]) => shapeOf(member, `${path}.${key}`));
}

test("samples become a tree by call stack, with times in microseconds", () => {
	const profiler = new GuestProfiler();
	profiler.sample(AT("parse", "main"), 1_000);
	profiler.sample(AT("parse", "main"), 6_000);
	profiler.sample(AT("scan", "parse", "main"), 11_500);
	profiler.sample("Error\n    at wasm://wasm/0b:wasm-function[7]:0x5", 16_500);
	const profile = profiler.toCpuProfile(20_000);
	assert.equal(stacks(profile), [
		"(root) > main > parse",
		"(root) > main > parse",
		"(root) > main > parse > scan",
		"(root) > wasm-function[7]",
	]);
	assert.equal([profile.startTime, profile.endTime, profile.timeDeltas], [1_000, 20_000, [0, 5_000, 5_500, 5_000]]);
	assert.equal(
		profile.nodes.map(({ hitCount }) => hitCount),
		[0, 0, 2, 1, 1],
	);
	assert.equal(
		profile.nodes.map(({ callFrame }) => callFrame.url),
		["", "wasm://wasm/0a", "wasm://wasm/0a", "wasm://wasm/0a", "wasm://wasm/0b"],
	);
});

test("a guest that waits for the host is idle, and a stack without WebAssembly belongs to the program", () => {
	const profiler = new GuestProfiler({ intervalUs: 1_000 });
	profiler.sample(AT("main"), 0);
	profiler.sample(AT("main"), 50_000);
	profiler.sample("Error", 51_000);
	const profile = profiler.toCpuProfile();
	assert.equal(stacks(profile), ["(root) > main", "(root) > (idle)", "(root) > main", "(root) > (program)"]);
	assert.equal(profile.timeDeltas, [0, 1_000, 49_000, 1_000]);
});

test("a profile has the members of one that V8 writes", () => {
	const script = join(scratch(), "busy.mjs");
	writeFileSync(script, "const end = performance.now() + 100; while (performance.now() < end) Math.sqrt(2);");
	execFileSync(process.execPath, ["--cpu-prof", "--cpu-prof-dir", scratch(), script], { env: { ...process.env, NODE_OPTIONS: "" } });
	const file = readdirSync(scratch()).find((name) => name.endsWith(".cpuprofile"));
	assert.ok(file);
	const expected = shapeOf(JSON.parse(readFileSync(join(scratch(), file), "utf8"))).filter(
		(line) => !line.startsWith(".nodes[].positionTicks"),
	);
	const profiler = new GuestProfiler();
	profiler.sample(AT("main"), 1);
	assert.equal(shapeOf(JSON.parse(JSON.stringify(profiler.toCpuProfile()))).sort(), expected.sort());
});

test("a hostile guest cannot make a profile grow without bound", () => {
	const profiler = new GuestProfiler();
	for (let index = 0; index < 8_000; index += 1)
		profiler.sample(AT(...Array.from({ length: 10 }, (_, depth) => `f${index}-${depth}`)), index * 5_000);
	const profile = profiler.toCpuProfile();
	assert.is(profile.nodes.length, 50_000);
	assert.is(profile.samples.length, 8_000);
	assert.ok(profile.samples.every((id) => id >= 1 && id <= 50_000));
});

test.run();
