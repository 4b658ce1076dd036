import { test } from "uvu";
import * as assert from "uvu/assert";
import { CpuBudget } from "../../../src/abi/metering/cpu-budget.ts";
import { Meter } from "../../../src/abi/metering/meter.ts";
import { TurnQueue } from "../../../src/abi/metering/turn-queue.ts";
import { systemClock } from "../../../src/time/clock.ts";
import { instantiateMetered, runToEnd } from "../../helpers/metered.ts";

const LOOP = '(func (export "run") (loop $l (br $l)))';

/** Guests that never return, each by another means. */
const ENDLESS = {
	"an endless loop": `(module ${LOOP})`,
	"a loop with parameters": '(module (func (export "run") (i32.const 1) (loop $l (param i32) (br $l)) (unreachable)))',
	"recursion that branches at each level": `(module
		(func $f (param i32) (if (local.get 0) (then
			(call $f (i32.sub (local.get 0) (i32.const 1)))
			(call $f (i32.sub (local.get 0) (i32.const 1))))))
		(func (export "run") (call $f (i32.const 100))))`,
	"recursion through a table": `(module
		(type $t (func (param i32)))
		(table funcref (elem $f))
		(func $f (type $t) (if (local.get 0) (then
			(call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))
			(call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))
		(func (export "run") (call $f (i32.const 100))))`,
	"mutual tail calls": `(module
		(func $a (return_call $b)) (func $b (return_call $a))
		(func (export "run") (call $a)))`,
	"tail calls through a table": `(module
		(type $t (func)) (table funcref (elem $f))
		(func $f (return_call_indirect (type $t) (i32.const 0)))
		(func (export "run") (call $f)))`,
	"tail calls through a reference": `(module
		(type $t (func)) (elem declare func $f)
		(func $f (type $t) (return_call_ref $t (ref.func $f)))
		(func (export "run") (call $f)))`,
	"a loop that catches every exception": `(module
		(import "host" "fail" (func $fail))
		(func (export "run") (loop $l (block $caught (try_table (catch_all $caught) (call $fail))) (br $l))))`,
	"a handler around an endless loop, within a loop": `(module
		(func (export "run") (loop $o (block $caught (try_table (catch_all $caught) (loop $l (br $l)))) (br $o))))`,
	"a loop that fills a memory": `(module (memory 160)
		(func (export "run") (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 10485760)) (br $l))))`,
	"a loop that grows a memory by nothing": `(module (memory 1)
		(func (export "run") (loop $l (drop (memory.grow (i32.const 0))) (br $l))))`,
	"a loop that copies a table": `(module (table 100000 funcref)
		(func (export "run") (loop $l (table.copy (i32.const 0) (i32.const 1) (i32.const 99999)) (br $l))))`,
};

const imports = {
	host: {
		fail() {
			throw new Error("a failing hostcall");
		},
	},
};

for (const [what, text] of Object.entries(ENDLESS)) {
	test(`${what} is ended at its deadline`, async () => {
		const module = await instantiateMetered(text, { imports });
		const started = performance.now();
		const error = await runToEnd(module, "run", { deadline: systemClock.now() + 50 });
		assert.match(error.message, "unreachable");
		assert.is(module.meter.ended?.kind, "deadline");
		// A timer of Node may fire a millisecond early.
		assert.ok(performance.now() - started >= 48);
	});

	test(`${what} lets a timer fire, which ends it`, async () => {
		const module = await instantiateMetered(text, { imports });
		const controller = new AbortController();
		const timer = setTimeout(() => controller.abort(), 10);
		// Without turns of the event loop, the timer would not fire before the deadline.
		const error = await runToEnd(module, "run", { deadline: systemClock.now() + 60_000, signal: controller.signal });
		clearTimeout(timer);
		assert.match(error.message, "unreachable");
		assert.is(module.meter.ended?.kind, "aborted");
	});
}

test("a guest is ended by its CPU budget of a run", async () => {
	const module = await instantiateMetered(`(module ${LOOP})`);
	await runToEnd(module, "run", { cpuMs: 20 });
	assert.is(module.meter.ended?.kind, "cpu");
	assert.match(module.meter.ended?.message ?? "", "CPU budget of 20 ms");
	assert.ok(module.meter.runCpuMs >= 20);
});

test("a guest that computes is ended by the abort of its signal", async () => {
	const module = await instantiateMetered(`(module ${LOOP})`);
	const controller = new AbortController();
	setTimeout(() => controller.abort("enough"), 10);
	await runToEnd(module, "run", { signal: controller.signal });
	assert.equal(module.meter.ended, { kind: "aborted", message: "the run was aborted", cause: "enough" });
});

test("a guest that was ended traps in every later call", async () => {
	const text = `(module ${LOOP} (func (export "short") (loop $l)))`;
	const module = await instantiateMetered(text);
	await module.call("short");
	await runToEnd(module, "run", { cpuMs: 5 });
	assert.throws(() => module.callSync("short"), /unreachable/);
});

test("a guest that cannot yield is ended after a small budget", async () => {
	const module = await instantiateMetered(`(module ${LOOP})`, { meter: { unyieldingMs: 20 } });
	const started = performance.now();
	assert.throws(() => module.callSync("run"), /unreachable/);
	assert.is(module.meter.ended?.kind, "unyielding");
	assert.ok(performance.now() - started >= 20);
});

test("pauses of the process count little where a guest cannot yield, but steps that are long again and again do", () => {
	const now = { ms: 0 };
	const steps = (lengths: readonly number[]): number[] => {
		const meter = new Meter({ clock: { ...systemClock, now: () => now.ms }, unyieldingMs: 15, unyieldingStretch: () => 1 });
		meter.start({});
		meter.resume();
		const { check } = meter.connect().imports;
		const answers = [0, ...lengths].map((ms) => {
			now.ms += ms;
			return Math.sign(check());
		});
		meter.finish();
		return answers;
	};
	assert.equal(steps([50, 1, 1, 1, 1]), [1, 1, 1, 1, 1, 1]);
	// 90 ms are excused: 47 of the first step and 43 of the second.
	assert.equal(steps([50, 50, 50]), [1, 1, 1, -1]);
});

test("a guest cannot catch the failure of its own suspension, and no time is counted after it", async () => {
	const text = `(module
		(func $work (loop $l (br $l)))
		(func (export "run") (loop $o (block $caught (try_table (catch_all $caught) (call $work))) (br $o))))`;
	const module = await instantiateMetered(text, { meter: { unyieldingStretch: () => 0 } });
	module.meter.start({});
	// No promising function is on the stack.
	assert.throws(() => module.callSync("run"), /suspend/);
	module.meter.finish();
	const used = module.meter.cpuMs;
	await new Promise((resolve) => setTimeout(resolve, 20));
	assert.is(module.meter.cpuMs, used);
});

test("a start function that loops is ended", async () => {
	await instantiateMetered("(module (func $s (loop $l (br $l))) (start $s))", { meter: { unyieldingMs: 10 } }).then(
		() => assert.unreachable(),
		(error) => assert.match(error.message, "unreachable"),
	);
});

test("a guest that calls a cheap hostcall for ever is ended", async () => {
	const text = '(module (import "host" "log" (func $log)) (func (export "run") (loop $l (call $log) (br $l))))';
	const slow = (): void => {
		for (const until = performance.now() + 1; performance.now() < until; );
	};
	const module = await instantiateMetered(text, {
		imports: (meter) => ({
			host: {
				log() {
					slow();
					meter.charge();
				},
			},
		}),
	});
	let longest = 0;
	let last = performance.now();
	const timer = setInterval(() => {
		longest = Math.max(longest, performance.now() - last);
		last = performance.now();
	}, 1);
	await runToEnd(module, "run", { deadline: systemClock.now() + 100 });
	clearInterval(timer);
	assert.is(module.meter.ended?.kind, "deadline");
	// Without charge() the first counter alone stands for 1024 calls, which take a second.
	assert.ok(longest < 500, `the event loop was blocked for ${longest} ms`);
});

test("a guest yields in slices, and its result is that of the original", async () => {
	const text = `(module (func (export "sum") (param $n i32) (result i32) (local $s i32)
		(loop $l
			(local.set $s (i32.add (i32.mul (local.get $s) (i32.const 31)) (local.get $n)))
			(br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
		(local.get $s)))`;
	let turns = 0;
	const queue = new TurnQueue();
	const counting = Object.assign(queue, {
		wait: () => {
			turns += 1;
			return TurnQueue.prototype.wait.call(queue);
		},
	});
	const module = await instantiateMetered(text, { meter: { sliceMs: 1, turns: counting } });
	const n = 3_000_000;
	let expected = 0;
	for (let i = n; i > 0; i--) expected = (Math.imul(expected, 31) + i) | 0;
	assert.is(await module.call("sum", n), expected);
	assert.ok(turns >= 1, `${turns} turns`);
	assert.ok(module.meter.cpuMs > 0);
});

test("CPU time excludes the time between pause and resume", async () => {
	const module = await instantiateMetered(`(module (func (export "short")))`);
	const before = module.meter.cpuMs;
	await new Promise((resolve) => setTimeout(resolve, 30));
	assert.is(module.meter.cpuMs, before);
});

test("a pause within one turn of the event loop starts no new slice", async () => {
	const now = { ms: 0 };
	const module = await instantiateMetered(`(module ${LOOP})`, {
		meter: { clock: { ...systemClock, now: () => now.ms }, unyieldingStretch: () => 0, sliceMs: 5 },
	});
	const { check } = module.meter.connect().imports;
	await new Promise((resolve) => setImmediate(resolve));
	module.meter.resume();
	now.ms += 3;
	assert.ok(check() > 0);
	module.meter.pause();
	module.meter.resume();
	now.ms += 3;
	assert.is(check(), 0);
	module.meter.pause();
	await new Promise((resolve) => setImmediate(resolve));
	module.meter.resume();
	now.ms += 3;
	assert.ok(check() > 0);
	module.meter.pause();
});

test("a guest that used its budget of a minute waits, and the deadline ends the wait", async () => {
	const budget = new CpuBudget(10);
	const module = await instantiateMetered(`(module ${LOOP})`, { meter: { budget } });
	const started = performance.now();
	await runToEnd(module, "run", { deadline: systemClock.now() + 200 });
	assert.is(module.meter.ended?.kind, "deadline");
	assert.ok(performance.now() - started < 5000, "the wait ended with the deadline");
	assert.ok(module.meter.cpuMs < 150, `it used ${module.meter.cpuMs} ms`);
});

test("guests that compute concurrently have equal shares", async () => {
	const guests = await Promise.all(Array.from({ length: 10 }, () => instantiateMetered(`(module ${LOOP})`)));
	await Promise.all(guests.map((guest) => runToEnd(guest, "run", { deadline: systemClock.now() + 600 })));
	const shares = guests.map((guest) => guest.meter.cpuMs);
	assert.ok(Math.max(...shares) < 10 * Math.min(...shares), shares.join(" "));
});

test("the hook of checks sees the functions of the guest by name", async () => {
	const seen = /spear\.meter[\s\S]*spinning[\s\S]*outer/;
	const stacks: string[] = [];
	let stack = "";
	// On a busy machine, a guest may end while it waits for its turn, where its functions are not on the stack.
	for (let runs = 0; runs < 10 && !seen.test(stack); runs += 1) {
		const module = await instantiateMetered(`(module (func $outer (export "run") (call $spinning)) (func $spinning (loop $l (br $l))))`, {
			meter: { onCheck: () => stacks.push(new Error().stack ?? "") },
		});
		stack = (await runToEnd(module, "run", { cpuMs: 5 })).stack ?? "";
	}
	assert.match(stack, seen);
	assert.ok(stacks.some((each) => seen.test(each)));
});

test("the end is reported once, also while the guest waits", async () => {
	const ends: string[] = [];
	const module = await instantiateMetered(`(module ${LOOP})`, { meter: { onEnd: ({ kind }) => ends.push(kind) } });
	module.meter.start({ deadline: systemClock.now() + 10 });
	await new Promise((resolve) => setTimeout(resolve, 40));
	module.meter.end({ kind: "aborted", message: "late" });
	assert.equal(ends, ["deadline"]);
});

test.run();
