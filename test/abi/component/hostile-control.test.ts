import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { besideAnother, endsWith, type GuestText, loadGuest, runBeside } from "../../helpers/hostile-guest.ts";

const LOOP = "(loop $ever (br $ever))";
/** Runs a body and catches whatever leaves it. */
const caught = (body: string): string => `(block $caught (try_table (catch_all $caught) ${body}))`;
const post = (body: string): string => `(func (export "cabi_post_run") (param i32) ${body})`;
const TOO_LONG = /computed for more than \d+ ms where it cannot be suspended/;

const CASES: readonly (readonly [name: string, text: GuestText, message: string | RegExp, kind?: string])[] = [
	[
		"its post-return calls the host",
		{ calls: ["truth"], run: "", fields: post("(drop (call $truth (i32.const 1)))") },
		"test:host/api.truth: the guest called its host inside realloc, post-return or a destructor, where it must not",
	],
	[
		"its post-return waits",
		{ calls: ["wait"], run: "", fields: post("(drop (call $wait))") },
		"test:host/api.wait: the guest called its host inside realloc, post-return or a destructor, where it must not",
	],
	[
		"its post-return drops a handle",
		{
			calls: ["make", "[resource-drop]door"],
			run: "(drop (call $make))",
			fields: post("(call $_resource-drop_door (i32.const 1))"),
		},
		"the guest dropped a handle inside realloc, post-return or a destructor, where it must not",
	],
	["its post-return loops for ever", { run: "", fields: post(LOOP) }, TOO_LONG, "cpu-budget"],
	["its post-return traps", { run: "", fields: post("unreachable") }, /unreachable/],
	[
		"its post-return throws an exception",
		{ run: "", fields: `(tag $t) ${post("(throw $t)")}` },
		"run: an exception of the guest left post-return",
	],
	["it loops for ever", { run: LOOP }, /CPU budget of 300 ms/, "cpu-budget"],
	["it catches everything in a loop for ever", { run: `(loop $again ${caught(LOOP)} (br $again))` }, /CPU budget of 300 ms/, "cpu-budget"],
	[
		"functions that catch everything call each other and loop in each",
		{
			run: "(call $deep (i32.const 500))",
			fields: `(func $deep (param i32) (if (local.get 0) (then ${caught(`(call $deep (i32.sub (local.get 0) (i32.const 1)))`)})) ${LOOP})`,
		},
		/CPU budget of 300 ms/,
		"cpu-budget",
	],
	["it recurses", { run: "(call $deep)", fields: "(func $deep (call $deep))" }, /too deeply/, "stack-overflow"],
	[
		"it catches the end of its stack and goes on for ever",
		{ run: `(loop $again ${caught("(call $deep)")} (br $again))`, fields: "(func $deep (call $deep))" },
		/too deeply|CPU budget|call stack/,
		"*",
	],
	[
		"it swallows the trap of a hostcall and loops on",
		{ calls: ["lend"], run: `${caught("(call $lend (i32.const 7))")} ${LOOP}` },
		"test:host/api.lend: there is no handle 7",
	],
	[
		"it swallows the trap of a hostcall and calls another",
		{ calls: ["lend", "truth"], run: `${caught("(call $lend (i32.const 7))")} (drop (call $truth (i32.const 1)))` },
		"test:host/api.lend: there is no handle 7",
	],
	[
		"it swallows the trap of a hostcall and answers",
		{ calls: ["lend"], run: caught("(call $lend (i32.const 7))") },
		"test:host/api.lend: there is no handle 7",
	],
	[
		"it swallows the trap of a drop and answers",
		{ calls: ["[resource-drop]door"], run: caught("(call $_resource-drop_door (i32.const 7))") },
		"there is no handle 7",
	],
	[
		"it swallows a trap inside a string and calls for ever",
		{
			calls: ["text", "truth"],
			run: `(loop $again ${caught("(call $text (i32.const -1) (i32.const 9))")} ${caught("(drop (call $truth (i32.const 1)))")} (br $again))`,
		},
		"test:host/api.text: address 4294967295 with 9 bytes is outside the memory",
	],
	[
		"an exception of its own leaves run",
		{ run: "(throw $t (i32.const 5))", fields: "(tag $t (param i32))" },
		"an exception of the guest left run",
	],
	["run traps", { run: "unreachable" }, /unreachable/],
];

for (const [name, text, message, kind] of CASES)
	test(`a guest ends when ${name}`, async () => {
		if (kind !== "*") await endsWith(text, message, kind);
		else {
			const { outcome } = await runBeside(text);
			assert.ok("trap" in outcome);
			assert.match(outcome.trap.message, message);
		}
	});

test("a fault of the host that the guest swallows ends the guest", async () => {
	for (const calls of [["fails"], ["nonsense"], ["wait-fails"]]) {
		const call = calls[0] === "fails" ? "(call $fails)" : `(drop (call $${calls[0]}))`;
		const { outcome } = await runBeside({ calls, run: `${caught(call)} ${LOOP}` }, { cpuMs: 300, timeoutMs: 2_000 });
		assert.ok("trap" in outcome, calls[0]);
		assert.is(outcome.trap.kind, "host-fault", `${calls[0]}: ${outcome.trap.message}`);
		assert.match(outcome.trap.message, /own fault|purple|own late fault/);
	}
});

test("a deadline ends a guest that catches everything while it waits", async () => {
	const loaded = await loadGuest({ calls: ["wait"], run: `(loop $again ${caught("(drop (call $wait))")} (br $again))` });
	await besideAnother(async (host) => {
		// The host never answers, and nothing else keeps this process alive.
		const alive = setInterval(() => {}, 1_000);
		const outcome = await (await loaded.instantiate(host.imports)).run("x", { timeoutMs: 100 });
		clearInterval(alive);
		assert.ok("trap" in outcome);
		assert.is(outcome.trap.kind, "deadline");
	});
});

/** Keeps the thread busy for a while. */
function compute(ms: number): void {
	for (const until = performance.now() + ms; performance.now() < until; );
}

test("what a hostcall does before it waits counts for the CPU budget of the guest", async () => {
	const loaded = await loadGuest({ calls: ["wait"], run: "(loop $ever (drop (call $wait)) (br $ever))" });
	await besideAnother(async ({ imports }) => {
		const work = async (): Promise<number> => {
			compute(20);
			return 7;
		};
		const instance = await loaded.instantiate({ ...imports, "test:host/api": { ...imports["test:host/api"], wait: work } });
		const outcome = await instance.run("x", { cpuMs: 100, timeoutMs: 10_000 });
		assert.is("trap" in outcome && outcome.trap.message, "the run used its CPU budget of 100 ms");
	});
});

test("a guest that makes large calls is checked after each of them", async () => {
	const loaded = await loadGuest({
		calls: ["text"],
		run: "(loop $ever (call $text (i32.const 0) (i32.const 190000)) (br $ever))",
	});
	await besideAnother(async ({ imports }) => {
		let calls = 0;
		const text = (): void => {
			calls += 1;
			compute(10);
		};
		const instance = await loaded.instantiate({ ...imports, "test:host/api": { ...imports["test:host/api"], text } });
		let turns = 0;
		const timer = setInterval(() => (turns += 1), 1);
		const outcome = await instance.run("x", { timeoutMs: 500 });
		clearInterval(timer);
		assert.is("trap" in outcome && outcome.trap.kind, "deadline");
		// The timer has a turn after each call or two. The clock is looked at after every eighth small call.
		assert.ok(turns * 4 > calls, `${turns} turns in ${calls} calls`);
	});
});

test("a guest that has the host return more list elements than one hostcall may is ended", async () => {
	const loaded = await loadGuest({ calls: ["names"], run: "(call $names (i32.const 64))", memory: '(memory (export "memory") 40)' });
	const runWith = async (count: number) =>
		besideAnother(async ({ imports }) => {
			const names = new Array<string>(count).fill("");
			const instance = await loaded.instantiate({ ...imports, "test:host/api": { ...imports["test:host/api"], names: () => names } });
			return instance.run("x");
		});
	assert.equal(await runWith(100_000), { ok: "ok" });
	const outcome = await runWith(100_001);
	assert.match(
		"trap" in outcome ? outcome.trap.message : "",
		"the result has more than 100000 list elements, the limit of one hostcall with its arguments",
	);
});

/** A guest with a start function. */
const starts = (body: string, more: GuestText = { run: "" }): GuestText => ({
	...more,
	fields: `${more.fields ?? ""} (func $start ${body}) (start $start)`,
});

const STARTS: readonly (readonly [name: string, text: GuestText, message: string | RegExp])[] = [
	["loops for ever", starts(LOOP), TOO_LONG],
	["loops for ever and catches everything", starts(`(loop $again ${caught(LOOP)} (br $again))`), TOO_LONG],
	["traps", starts("unreachable"), /unreachable/],
	["recurses", starts("(call $start)"), /call stack/],
	[
		"calls the host",
		starts("(drop (call $truth (i32.const 1)))", { calls: ["truth"], run: "" }),
		"test:host/api@1.0.0#truth was called while the guest was starting; hostcalls are available inside `run`",
	],
	["throws", starts("(throw $t)", { run: "", fields: "(tag $t)" }), "the guest trapped: an exception of the guest left its start function"],
];

for (const [name, text, message] of STARTS)
	test(`a guest whose start function ${name} is refused, and a guest beside it goes on`, async () => {
		const loaded = await loadGuest(text);
		await besideAnother(async (host) => {
			const error: unknown = await loaded.instantiate(host.imports).then(
				() => undefined,
				(thrown: unknown) => thrown,
			);
			assert.ok(error instanceof SpearError);
			assert.is(error.code, "invalid_request");
			assert.match(error.message, message);
		});
	});

test("a guest that calls the host in its start and swallows the trap never runs", async () => {
	const loaded = await loadGuest(starts(caught("(drop (call $truth (i32.const 1)))"), { calls: ["truth"], run: "" }));
	await besideAnother(async (host) => {
		const ended = await loaded.instantiate(host.imports).then(
			async (instance) => instance.run("x"),
			(thrown: unknown) => thrown,
		);
		assert.match(JSON.stringify(ended) + String(ended), /was called while the guest was starting/);
		assert.equal(host.received, []);
	});
});

test("a start function that waits is refused, and no rejection is left behind", async () => {
	const rejections: unknown[] = [];
	const listen = (cause: unknown): void => void rejections.push(cause);
	process.on("unhandledRejection", listen);
	const loaded = await loadGuest(starts("(drop (call $wait))", { calls: ["wait"], run: "" }));
	await besideAnother(async (host) => {
		assert.ok((await loaded.instantiate(host.imports).catch((thrown: unknown) => thrown)) instanceof SpearError);
	});
	await new Promise((resolve) => setImmediate(resolve));
	process.off("unhandledRejection", listen);
	assert.equal(rejections, []);
});

test("a guest that runs cannot be run a second time until it answers", async () => {
	const loaded = await loadGuest({ calls: ["wait"], run: "(drop (call $wait))" });
	await besideAnother(async (host) => {
		const instance = await loaded.instantiate(host.imports);
		const first = instance.run("x");
		const second: unknown = await instance.run("y").catch((thrown: unknown) => thrown);
		assert.ok(second instanceof SpearError);
		assert.match(second.message, "is running already");
		host.release();
		assert.equal(await first, { ok: "ok" });
	});
});

test.run();
