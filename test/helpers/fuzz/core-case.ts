/** Fuzz cases of core modules: a mutation of a valid one, loaded and run within limits. */
import process from "node:process";
import { sections } from "../../../src/abi/binary/core-module.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { type CoreRunOptions, runCore, type ScriptedCalls } from "../core-guest.ts";
import { assemble } from "../guest.ts";
import type { Seed } from "./corpus.ts";
import type { FuzzResult } from "./fuzz-case.ts";
import { mutateBytes } from "./mutate.ts";
import { Random } from "./random.ts";

const MEMORY_LIMIT = 8 * 1024 * 1024;
/** Longest CPU time of this thread for one case, in milliseconds. */
const MAX_BLOCKED_MS = 1_000;
const LIMITS = { cpuMs: 100, timeoutMs: 200 };

/** Modules that import, export, call and catch as much as they can. */
const TEXTS: Readonly<Record<string, string>> = {
	tools: `(module
		(import "spear" "cchat_send" (func $send (param i32 i32) (result i32)))
		(import "spear" "cchat_recv" (func $recv (param i32 i32 i32) (result i32)))
		(import "spear" "sleep_ms" (func $sleep (param i32)))
		(import "spear" "log" (func $log (param i32 i32 i32) (result i32)))
		(table (export "__indirect_function_table") 4 8 funcref) (memory (export "memory") 1 4) (elem (i32.const 1) func $tool $deep)
		(data (i32.const 16) "hello") (data (i32.const 64) "\\00\\01\\00\\00")
		(func $tool (param i32 i32 i32 i32) (result i32)
			(call $sleep (i32.const 1)) (memory.copy (local.get 2) (local.get 0) (local.get 1))
			(i32.store (local.get 3) (local.get 1)) (i32.const 0))
		(func $deep (param i32 i32 i32 i32) (result i32) (drop (call $send (i32.const 512) (i32.const 1))) (i32.const -28))
		(func (export "_start")
			(drop (call $log (i32.const 2) (i32.const 16) (i32.const 5)))
			(drop (call $send (i32.const 512) (i32.const 1))) (drop (call $send (i32.const 512) (i32.const 2)))
			(drop (call $recv (i32.const 1001) (i32.const 128) (i32.const 64)))))`,
	streams: `(module
		(import "spear" "spear_epoll_wait" (func $wait (param i32 i32 i32 i32) (result i32)))
		(import "spear" "spear_fd_ctl" (func $ctl (param i32 i32 i32 i32) (result i32)))
		(import "spear" "user_stream_read" (func $read (param i32 i32 i32) (result i32)))
		(import "spear" "user_stream_write" (func $write (param i32 i32 i32) (result i32)))
		(import "spear" "time_now_ms" (func $now (result i64)))
		(memory (export "memory") 1) (data (i32.const 0) "\\40\\00\\00\\00") (data (i32.const 100) "{\\"set\\":[\\"O_NONBLOCK\\"]}")
		(func (export "_start") (local $n i32)
			(loop $again
				(drop (call $wait (i32.const 1000) (i32.const 512) (i32.const 0) (i32.const 1))) (drop (call $now))
				(drop (call $read (i32.const 1001) (i32.const 512) (i32.const 0)))
				(drop (call $write (i32.const 1001) (i32.const 512) (i32.const 8)))
				(i32.store (i32.const 8) (i32.const 22)) (drop (call $ctl (i32.const 1001) (i32.const 1) (i32.const 100) (i32.const 8)))
				(br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 5))))))`,
	wasi: `(module
		(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
		(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
		(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
		(import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
		(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
		(memory (export "memory") 1 2) (tag $t (param i32)) (global $g (mut i32) (i32.const 3))
		(data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00") (data (i32.const 16) "hello\\0a") (data (i32.const 216) "\\01\\00\\00\\00")
		(func $s (global.set $g (i32.const 5))) (start $s)
		(func (export "_start")
			(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))
			(drop (call $poll (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 64)))
			(drop (call $random (i32.const 400) (i32.const 8))) (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 408)))
			(drop (memory.grow (i32.const 1)))
			(block $caught (try_table (catch_all $caught) (throw $t (i32.const 1))))
			(block $caught (try_table (catch_all $caught) (call $exit (global.get $g))))))`,
};

/** Hostcalls that answer at once, and call tools as the guest's numbers say. */
const calls: NonNullable<CoreRunOptions["calls"]> = (guest): ScriptedCalls => ({
	chat: {
		async send(session, options) {
			const arena = { pointer: session, length: 256 };
			const outcome = await guest.callTool({ index: options, input: Buffer.from("{}"), arena, maxOutputBytes: 1_000 });
			return "code" in outcome ? outcome.code : outcome.output.length;
		},
		receive: () => Buffer.from('{"choices":[]}'),
	},
	clock: { sleep: () => new Promise((resolve) => setImmediate(resolve)), timeNowMs: () => 1n },
	log: { log: () => 0 },
	poll: {
		wait: async (_epoll, max) => Array.from({ length: Math.min(max, 2) }, (_, index) => ({ fd: 1_000 + index, events: 1 })),
		setFlags: () => 0,
		getMetrics: () => ({ bytes: 1 }),
	},
	userStream: { read: () => ({ item: Buffer.from("frame"), remove: () => {} }), write: () => 0 },
});

export interface CoreFuzzer {
	/** Runs the case of a number. Equal numbers are equal cases. */
	run(number: number): Promise<FuzzResult>;
}

/** Valid core modules. */
export function coreCorpus(): Promise<readonly Seed[]> {
	return Promise.all(
		Object.entries(TEXTS).map(async ([name, text]) => ({ name, bytes: await assemble(text), large: false, world: "spear" as const })),
	);
}

export function createCoreFuzzer(seed: number, seeds: readonly Seed[]): CoreFuzzer {
	return {
		async run(number) {
			const random = new Random(Math.imul(seed, 0x0100_0193) ^ number);
			const { name, bytes } = random.pick(seeds);
			const mutated = random.oneIn(40) ? bytes : mutateModule(bytes, random.pick(seeds).bytes, random);
			const before = process.threadCpuUsage();
			const { end, finding } = await loadAndRun(mutated);
			const { user, system } = process.threadCpuUsage(before);
			const cpuMs = (user + system) / 1_000;
			const found = finding ?? (cpuMs > MAX_BLOCKED_MS ? `it took ${cpuMs} ms` : undefined);
			return { subject: `core module ${name}`, end, cpuMs, ...(found === undefined ? {} : { finding: found }) };
		},
	};
}

/** Leaves the imports as they are in three of four cases: a third of the bytes are their names, and others are not offered. */
function mutateModule(bytes: Uint8Array, donor: Uint8Array, random: Random): Uint8Array {
	if (random.oneIn(4)) return mutateBytes(bytes, donor, random);
	let kept = 8;
	for (const { id, raw } of sections(bytes)) if (id <= 2) kept += raw.length;
	return Buffer.concat([bytes.subarray(0, kept), mutateBytes(bytes.subarray(kept), donor, random)]);
}

async function loadAndRun(bytes: Uint8Array): Promise<{ end: string; finding?: string }> {
	try {
		const { outcome, faults } = await runCore(bytes, { maxMemoryBytes: MEMORY_LIMIT, limits: LIMITS, calls });
		const end = "trap" in outcome ? `trap: ${outcome.trap.kind}` : (Object.keys(outcome)[0] ?? "");
		if (faults.length > 0) return { end, finding: faults.join("; ") };
		return "trap" in outcome && outcome.trap.kind === "host-fault" ? { end, finding: outcome.trap.message } : { end };
	} catch (error) {
		if (error instanceof SpearError)
			return { end: `refused: ${error.code}`, ...(error.code === "invalid_request" ? {} : { finding: error.message }) };
		return { end: "threw", finding: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
}
