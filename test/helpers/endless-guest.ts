import type { BuildResult } from "../../src/build/build-guest.ts";
import { assemble, buildTestGuest } from "./guest.ts";
import { RUN } from "./guest-components.ts";

/** A guest that does for ever, or for longer than any limit, what its input names. */
export const ENDLESS_GUEST = `
import { complete } from "spear:ai/cchat@0.1.0";
import { features } from "spear:ai/discovery@0.1.0";

const request = (model) => ({ model, messages: [{ role: "user", content: [{ tag: "text", val: "hello" }] }], tools: [] });
const ask = (model) => {
	try {
		return complete(request(model), null).message.content[0].val;
	} catch (thrown) {
		throw { tag: "hostcall", val: thrown.payload };
	}
};
const deeper = (depth) => { if (depth > 0) { deeper(depth - 1); deeper(depth - 1); } };

/** Returns numbers in no order. Copies blocks of them, because 10 million single steps would take most of the run. */
const unsorted = (count) => {
	const numbers = new Float64Array(count);
	let state = 1;
	for (let index = 0; index < 4096; index += 1) numbers[index] = state = (state * 48271) % 2147483647;
	for (let filled = 4096; filled < count; filled *= 2) numbers.copyWithin(filled, 0, Math.min(filled, count - filled));
	return numbers;
};

const jobs = {
	compute: () => { for (let count = 0; ; count += 1) if (count < 0) return; },
	recurse: () => deeper(100),
	regexp: () => /^(a+)+$/.test("a".repeat(60) + "!"),
	sort: () => { for (;;) unsorted(10_000_000).sort(); },
	"sort by a function": () => { for (;;) unsorted(100_000).sort((a, b) => b - a); },
	"cheap hostcall": () => { for (;;) features(); },
	"one long instruction": () => { const bytes = new Uint8Array(200 << 20); for (;;) bytes.fill(1); },
	"computes after its hostcall": () => { try { ask(undefined); } catch {} for (;;); },
	allocate: () => { const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(1)); },
	ask: () => ask(undefined),
	"ask far": () => ask("far"),
	"ask near": () => ask("near"),
	nothing: () => {},
};

export const run = (input) => jobs[input]() ?? "";
`;

/** Memory that the jobs need, in bytes: `sort` holds 80 MB and the copies that QuickJS makes. */
export const ENDLESS_MEMORY = 512 * 1024 * 1024;

export function endlessGuest(): Promise<BuildResult> {
	return buildTestGuest(ENDLESS_GUEST, { world: "agent" });
}

/** Returns a component whose `realloc` never returns. The host calls `realloc` for the input. */
export function endlessRealloc(): Promise<Uint8Array> {
	return assemble(`(component
		(core module $m
			(memory (export "memory") 1)
			(func (export "realloc") (param i32 i32 i32 i32) (result i32) (loop $again (br $again)) (i32.const 1024))
			(func (export "run") (param i32 i32) (result i32) (i32.const 512)))
		(core instance $i (instantiate $m))
		${RUN})`);
}
