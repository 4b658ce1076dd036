/** Runs of core modules: ends, limits, aborts, and the instance that is kept. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunOutcome } from "../../../src/abi/guest-module.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { instantiateCore, loadCore, runCore, type ScriptedCalls } from "../../helpers/core-guest.ts";
import { usedAfterGc } from "../../helpers/memory.ts";

const test = suite("runs of a core module");

const EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))';
const SLEEP = '(import "spear" "sleep_ms" (func $sleep (param i32)))';
const NOW = '(import "spear" "time_now_ms" (func $now (result i64)))';

function trapOf(outcome: RunOutcome): { kind: string; message: string } {
	if (!("trap" in outcome)) return assert.unreachable(JSON.stringify(outcome)) as never;
	const { kind, message } = outcome.trap;
	return { kind, message };
}

test("a guest that imports nothing runs, and results of its entry are ignored", async () => {
	for (const metering of ["full", "loops", "off"] as const) {
		const { outcome, disposed, lines, faults } = await runCore('(module (func (export "_start")))', { metering });
		assert.equal(outcome, { ok: "" });
		assert.is(disposed(), 1);
		assert.equal([...lines, ...faults], []);
	}
	assert.equal((await runCore('(module (func (export "_start") (result i32 i64) (i32.const 7) (i64.const 8)))')).outcome, { ok: "" });
});

test("an exit with status 0 is success, and any other is the status", async () => {
	for (const [status, outcome] of [
		[0, { ok: "" }],
		[1, { exited: 1 }],
		[255, { exited: 255 }],
		[-1, { exited: 4_294_967_295 }],
	] as const)
		assert.equal(
			(await runCore(`(module ${EXIT} (func (export "_start") (call $exit (i32.const ${status})) unreachable))`)).outcome,
			outcome,
		);
});

test("a guest cannot catch its exit and go on", async () => {
	const module = `(module ${EXIT} ${NOW} (func (export "_start")
		(block $caught (try_table (catch_all $caught) (call $exit (i32.const 4))))
		(drop (call $now)) (loop (br 0))))`;
	assert.equal((await runCore(module, { calls: { clock: { timeNowMs: () => 1n } } })).outcome, { exited: 4 });
});

test("an instance that is kept runs its entry again, with the same memory and globals", async () => {
	const seen: number[] = [];
	const { instance, disposed } = await instantiateCore(
		`(module (import "spear" "cchat_close" (func $tell (param i32) (result i32))) (memory (export "memory") 1) (global $g (mut i32) (i32.const 0))
			(func (export "_start")
				(i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 10)))
				(global.set $g (i32.add (global.get $g) (i32.const 1)))
				(drop (call $tell (i32.add (i32.load (i32.const 8)) (global.get $g))))))`,
		{
			calls: {
				chat: {
					close(fd) {
						seen.push(fd);
						return 0;
					},
				},
			},
		},
	);
	assert.equal(await instance.run(""), { ok: "" });
	assert.equal(await instance.run(""), { ok: "" });
	assert.equal(seen, [11, 22]);
	assert.is(disposed(), 0);
	instance.close();
	instance.close();
	assert.is(disposed(), 1);
});

test("an instance that has exited or trapped runs no more", async () => {
	for (const body of ["(call $exit (i32.const 0))", "unreachable"]) {
		const { instance, disposed } = await instantiateCore(`(module ${EXIT} (func (export "_start") ${body}))`);
		await instance.run("");
		assert.is(disposed(), 1);
		try {
			await instance.run("");
			assert.unreachable();
		} catch (thrown) {
			assert.match((thrown as Error).message, /cannot run any more: .*; instantiate the guest again/);
		}
	}
});

test("an input is refused, and the instance is as good as before", async () => {
	const { instance } = await instantiateCore('(module (func (export "_start")))');
	try {
		await instance.run("hello");
		assert.unreachable();
	} catch (thrown) {
		assert.instance(thrown, SpearError);
		assert.match((thrown as Error).message, "guest.wasm is a core module, whose `_start` takes no input; leave the input empty");
	}
	assert.equal(await instance.run(""), { ok: "" });
});

test("traps tell their cause and place", async () => {
	const run = async (body: string): Promise<{ kind: string; message: string }> =>
		trapOf((await runCore(`(module (tag $t) (func $f ${body}) (func $start (export "_start") (call $f)))`)).outcome);
	assert.match((await run("unreachable")).message, /^the guest trapped: unreachable in `f` \(.*\), called by `start` /);
	assert.match((await run("(drop (i32.div_u (i32.const 1) (i32.const 0)))")).message, "divide by zero");
	assert.is((await run("(throw $t)")).message, "the guest trapped: an exception of the guest left run");
	assert.is((await run("(call $f)")).kind, "stack-overflow");
});

test("a guest without an exported memory gets errnos, and nothing else", async () => {
	const { outcome, faults } = await runCore(
		`(module ${EXIT} (import "spear" "log" (func $log (param i32 i32 i32) (result i32)))
			(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32))) (memory 1)
			(func (export "_start") (call $exit (i32.add
				(i32.mul (i32.const -100) (call $log (i32.const 2) (i32.const 0) (i32.const 4))) (call $random (i32.const 0) (i32.const 4))))))`,
	);
	assert.equal(outcome, { exited: 1421 });
	assert.equal(faults, []);
});

test("a fault of the host is reported, and the guest gets EIO", async () => {
	const { outcome, faults } = await runCore(
		`(module ${EXIT} (import "spear" "cchat_create" (func $f (result i32))) (func (export "_start") (call $exit (call $f))))`,
		{
			calls: {
				chat: {
					create() {
						throw new Error("broken");
					},
				},
			},
		},
	);
	assert.equal(outcome, { exited: 2 ** 32 - 5 });
	assert.equal(faults, ["spear.cchat_create: broken"]);
});

test("a guest that computes for ever ends at its deadline and at its CPU budget", async () => {
	const endless = await loadCore('(module (func (export "_start") (loop (br 0))))');
	assert.is(trapOf((await runCore(endless, { limits: { timeoutMs: 30 } })).outcome).kind, "deadline");
	const { outcome, instance } = await runCore(endless, { limits: { cpuMs: 20 } });
	assert.equal(trapOf(outcome), { kind: "cpu-budget", message: "the run used its CPU budget of 20 ms" });
	assert.ok(instance.cpuMs >= 20);
	const recursion =
		'(module (func $f (result i32) (loop (drop (call $f)) (br 0)) (i32.const 0)) (func (export "_start") (drop (call $f))))';
	assert.is(trapOf((await runCore(recursion, { limits: { cpuMs: 200 } })).outcome).kind, "stack-overflow");
});

test("two guests that compute share the event loop", async () => {
	const endless = await loadCore('(module (func (export "_start") (loop (br 0))))');
	let turns = 0;
	const timer = setInterval(() => (turns += 1), 1);
	await Promise.all([runCore(endless, { limits: { cpuMs: 40 } }), runCore(endless, { limits: { cpuMs: 40 } })]);
	clearInterval(timer);
	assert.ok(turns >= 4);
});

test("memory stops at the cap, and the host ends a guest that it has no room for", async () => {
	const grows = `(module ${EXIT} (memory (export "memory") 1) (func (export "_start")
		(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (call $exit (memory.size))))`;
	assert.equal((await runCore(grows, { maxMemoryBytes: 16 * 65_536 })).outcome, { exited: 16 });
	const busy = '(module (memory (export "memory") 1) (func (export "_start") (loop (drop (memory.grow (i32.const 1))) (br 0))))';
	assert.equal(trapOf((await runCore(busy, { checkGrowth: () => "refused" })).outcome), {
		kind: "aborted",
		message: "the host has no memory for the growth of the guest",
	});
});

test("the growth of a guest that is not metered is found when it waits", async () => {
	const module = `(module ${SLEEP} (memory (export "memory") 1) (func (export "_start") (drop (memory.grow (i32.const 1))) (call $sleep (i32.const 1))))`;
	const { outcome } = await runCore(module, { metering: "off", checkGrowth: () => "refused", calls: { clock: { sleep: async () => {} } } });
	assert.is(trapOf(outcome).message, "the host has no memory for the growth of the guest");
});

const NEVER = new Promise<never>(() => {});
const WAITS: readonly (readonly [name: string, imports: string, call: string])[] = [
	["sleep_ms", SLEEP, "(call $sleep (i32.const -1))"],
	[
		"cchat_send",
		'(import "spear" "cchat_send" (func $send (param i32 i32) (result i32)))',
		"(drop (call $send (i32.const 1000) (i32.const 0)))",
	],
	[
		"spear_epoll_wait",
		'(import "spear" "spear_epoll_wait" (func $wait (param i32 i32 i32 i32) (result i32)))',
		"(i32.store (i32.const 0) (i32.const 8)) (drop (call $wait (i32.const 1000) (i32.const 8) (i32.const 0) (i32.const -1)))",
	],
	[
		"poll_oneoff",
		'(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))',
		"(i64.store (i32.const 24) (i64.const -1)) (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))",
	],
];
const WAITING_CALLS: ScriptedCalls = { clock: { sleep: () => NEVER }, chat: { send: () => NEVER }, poll: { wait: () => NEVER } };

for (const [name, imports, call] of WAITS) {
	const module = `(module ${imports} (memory (export "memory") 1) (func (export "_start") ${call} ${call}))`;

	test(`an abort ends ${name} at once, though the host never answers`, async () => {
		for (const metering of ["full", "off"] as const) {
			const abort = new AbortController();
			const { instance, disposed } = await instantiateCore(module, { metering, signal: abort.signal, calls: WAITING_CALLS });
			const run = instance.run("");
			await new Promise((resolve) => setImmediate(resolve));
			abort.abort(new Error("enough"));
			// Two turns, and no second of grace.
			await new Promise((resolve) => setImmediate(resolve));
			await new Promise((resolve) => setImmediate(resolve));
			assert.is(disposed(), 1);
			assert.equal(trapOf(await run), { kind: "aborted", message: "the run was aborted" });
		}
	});

	test(`a deadline ends ${name}`, async () => {
		const { outcome } = await runCore(module, { calls: WAITING_CALLS, limits: { timeoutMs: 20 } });
		assert.equal(trapOf(outcome), { kind: "deadline", message: "the run reached its deadline" });
	});

	test(`closing the instance ends ${name}`, async () => {
		const { instance } = await instantiateCore(module, { calls: WAITING_CALLS });
		const run = instance.run("");
		instance.close();
		assert.equal(trapOf(await run), { kind: "aborted", message: "it was closed" });
	});

	test(`a start function cannot wait by ${name}`, async () => {
		const starting = `(module ${imports} (memory (export "memory") 1) (func $s ${call}) (start $s) (func (export "_start")))`;
		try {
			await instantiateCore(starting, { calls: WAITING_CALLS });
			assert.unreachable();
		} catch (thrown) {
			assert.instance(thrown, SpearError);
			assert.match((thrown as Error).message, "guest.wasm failed while it was being instantiated: ");
			assert.match((thrown as Error).message, "wait");
		}
	});
}

test("the memory of guests whose waits were ended is freed", async () => {
	const guest = await loadCore(`(module ${SLEEP} (memory (export "memory") 32) (func (export "_start") (call $sleep (i32.const -1))))`);
	const before = usedAfterGc("external");
	for (let count = 0; count < 40; count += 1) {
		const abort = new AbortController();
		const { instance } = await instantiateCore(guest, { signal: abort.signal, calls: { clock: { sleep: () => new Promise(() => {}) } } });
		const run = instance.run("");
		abort.abort();
		await run;
	}
	let held = Number.POSITIVE_INFINITY;
	for (let turn = 0; turn < 20 && held > 16 * 1024 * 1024; turn += 1) {
		await new Promise((resolve) => setImmediate(resolve));
		held = usedAfterGc("external") - before;
	}
	assert.ok(held <= 16 * 1024 * 1024, `${held} bytes of 80 MiB`);
});

test("a guest that catches the end of its wait cannot go on", async () => {
	const abort = new AbortController();
	const { instance } = await instantiateCore(
		`(module ${SLEEP} ${NOW} (func (export "_start") (loop
			(block $caught (try_table (catch_all $caught) (call $sleep (i32.const -1)))) (drop (call $now)) (br 0))))`,
		{ signal: abort.signal, calls: { clock: { sleep: () => NEVER, timeNowMs: () => 1n } } },
	);
	const run = instance.run("");
	abort.abort();
	assert.is(trapOf(await run).kind, "aborted");
});

test("the time that a guest waits is not its CPU time", async () => {
	const module = `(module ${SLEEP} (func (export "_start") (call $sleep (i32.const 60))))`;
	const { instance, outcome } = await runCore(module, {
		calls: { clock: { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) } },
		limits: { cpuMs: 50 },
	});
	assert.equal(outcome, { ok: "" });
	assert.ok(instance.cpuMs < 50);
});

test("start functions compute within their budget, and have no hostcalls", async () => {
	assert.equal(
		(await runCore(`(module (memory 1) (func $s (i32.store (i32.const 0) (i32.const 1))) (start $s) (func (export "_start")))`)).outcome,
		{
			ok: "",
		},
	);
	const failed = async (body: string): Promise<string> => {
		try {
			await instantiateCore(`(module ${EXIT} ${NOW} (tag $t) (func $s ${body}) (start $s) (func (export "_start")))`);
		} catch (thrown) {
			assert.instance(thrown, SpearError);
			return (thrown as Error).message;
		}
		return assert.unreachable() as never;
	};
	assert.match(await failed("(loop (br 0))"), "computed for more than 150 ms where it cannot be suspended");
	assert.match(
		await failed("(drop (call $now))"),
		"spear.time_now_ms: it was called while the guest was starting; hostcalls are available in `_start`",
	);
	assert.match(await failed("(throw $t)"), "an exception of the guest left its start function");
	assert.match(await failed("unreachable"), "unreachable");
	assert.match(await failed("(call $exit (i32.const 0))"), "the guest has exited");
});

test("an entry that is a function of the host is refused", async () => {
	for (const name of ["sleep_ms", "time_now_ms"]) {
		const type = name === "sleep_ms" ? "(param i32)" : "(result i64)";
		try {
			await instantiateCore(`(module (import "spear" "${name}" (func $f ${type})) (export "_start" (func $f)))`);
			if (name === "sleep_ms") assert.unreachable();
		} catch (thrown) {
			assert.instance(thrown, SpearError);
		}
	}
});

test("spare instances are taken by the next runs, with the host of each", async () => {
	const guest = await loadCore(
		`(module ${EXIT} (import "spear" "cchat_create" (func $f (result i32))) (func (export "_start") (call $exit (call $f))))`,
	);
	assert.is(guest.reserve(2), true);
	assert.is(guest.reserve(2), false);
	for (const status of [5, 6, 7])
		assert.equal((await runCore(guest, { calls: { chat: { create: () => status } } })).outcome, { exited: status });
	assert.is(guest.reserve(1), false);
});

test.run();
