import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { type RunMemory, RunQueue } from "../../src/host/run-queue.ts";
import { MemoryAccount } from "../../src/memory/memory-account.ts";
import { TotalMemory } from "../../src/memory/total-memory.ts";
import { FakeClock, settled } from "../helpers/fake-clock.ts";

interface MoreOfRun {
	readonly signal?: AbortSignal;
	readonly kept?: boolean;
	readonly weight?: number;
	readonly bytes?: number;
}

/** A queue whose runs the test ends. */
interface Fixture {
	readonly queue: RunQueue;
	readonly clock: FakeClock;
	/** Lines of the log, as `level message`. */
	readonly logged: string[];
	/** Names of the runs that have started, in order. */
	readonly started: string[];
	/** Starts a run. Resolves with its error, if it does not start. */
	run(guest: string, name: string, more?: MoreOfRun): Promise<string>;
	/** Frees the place of a run. */
	end(name: string): void;
}

function fixture(maxRunning: number, maxPending: number, memory: RunMemory = new TotalMemory(Number.POSITIVE_INFINITY)): Fixture {
	const logged: string[] = [];
	const clock = new FakeClock();
	const write = (level: string) => (_: unknown, message: string) => void logged.push(`${level} ${message}`);
	const logger = { trace: write("trace"), debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
	const queue = new RunQueue({ maxRunning, maxPending }, { logger, clock, memory });
	const started: string[] = [];
	const ends = new Map<string, () => void>();
	return {
		queue,
		clock,
		logged,
		started,
		run(guest, name, { signal = new AbortController().signal, kept = false, weight = 1, bytes = 0 } = {}) {
			return queue
				.start({ guest, signal, kept, weight, bytes }, async (release) => {
					started.push(name);
					ends.set(name, release);
					return "started";
				})
				.catch((error: unknown) => (error instanceof SpearError ? `${error.code} ${error.message}` : String(error)));
		},
		end: (name) => ends.get(name)?.(),
	};
}

/** Waits until no further run can start: each start takes a turn of the event loop. */
async function idle(turns = 20): Promise<void> {
	for (let turn = 0; turn < turns; turn += 1) await settled();
}

const test = suite("run queue");

test("runs that begin together start one after the other, with a turn of the event loop between", async () => {
	const { run, started } = fixture(10, 10);
	const runs = ["1", "2", "3"].map((name) => run("a", name));
	const perTurn: number[] = [];
	for (let turn = 0; turn < 3; turn += 1) {
		await Promise.resolve();
		await Promise.resolve();
		perTurn.push(started.length);
		await settled();
	}
	assert.equal(perTurn, [1, 2, 3]);
	assert.equal(await Promise.all(runs), ["started", "started", "started"]);
});

test("a run waits for a place and starts when another ends", async () => {
	const { run, started, end } = fixture(1, 10);
	const runs = [run("a", "1"), run("a", "2")];
	await idle();
	assert.equal(started, ["1"]);
	end("1");
	end("1"); // A second call has no effect.
	assert.equal(await Promise.all(runs), ["started", "started"]);
	assert.equal(started, ["1", "2"]);
	await run("a", "3", { signal: AbortSignal.abort() });
	assert.equal(started, ["1", "2"]);
});

test("a run whose instance cannot be created frees its place", async () => {
	const { queue, run } = fixture(1, 0);
	const signal = new AbortController().signal;
	const failure = await queue
		.start({ guest: "a", signal, kept: false, weight: 1, bytes: 0 }, () => Promise.reject(new Error("broken")))
		.catch(String);
	assert.is(failure, "Error: broken");
	assert.is(await run("a", "next"), "started");
});

test("a run beyond the bound fails at once with the bound and the name of the setting", async () => {
	const { run, started } = fixture(1, 2);
	const waiting = ["1", "2", "3"].map((name) => run("a", name));
	const refused = await run("a", "4");
	assert.match(refused, /^rate_limited .*max_running, 1\).* 2 more wait already \(max_pending_runs of \[host\]\)/);
	assert.equal(started, ["1"]);
	assert.is(waiting.length, 3);
});

test("runs that wait only for their turn do not count as pending", async () => {
	const { run } = fixture(3, 0);
	const runs = ["1", "2", "3", "4"].map((name) => run("a", name));
	assert.equal(
		(await Promise.all(runs)).map((outcome) => outcome.split(" ")[0]),
		["started", "started", "started", "rate_limited"],
	);
});

test("a refusal is retryable", async () => {
	const { queue, run } = fixture(1, 0);
	await run("a", "1");
	const error = await queue
		.start({ guest: "a", signal: new AbortController().signal, kept: false, weight: 1, bytes: 0 }, async () => {})
		.catch((thrown: unknown) => thrown);
	assert.ok(error instanceof SpearError && error.retryable);
});

test("a single run of one guest starts before the thousand runs of another that wait already", async () => {
	const { run, started, end } = fixture(1, 10_000);
	for (let count = 0; count < 1_000; count += 1) void run("greedy", `greedy ${count}`);
	void run("modest", "modest");
	await idle();
	assert.equal(started, ["greedy 0"]);
	end("greedy 0");
	await idle();
	end("greedy 1");
	await idle();
	assert.equal(started, ["greedy 0", "greedy 1", "modest"]);
});

test("long runs of one guest leave a place for each other guest that has an agent", async () => {
	const { queue, run, started } = fixture(4, 10_000);
	queue.addAgent("greedy");
	queue.addAgent("modest");
	for (let count = 0; count < 1_000; count += 1) void run("greedy", "greedy");
	await idle();
	assert.equal(started, ["greedy", "greedy", "greedy"]);
	assert.is(await run("modest", "modest"), "started");
});

test("idle guests reserve no more than half of the places", async () => {
	const { queue, run, started } = fixture(4, 10);
	for (const guest of ["greedy", "b", "c", "d", "e"]) queue.addAgent(guest);
	for (let count = 0; count < 4; count += 1) void run("greedy", "greedy");
	await idle();
	assert.equal(started, ["greedy", "greedy"]);
});

test("a guest alone takes every place, and so does one whose peers have closed their agents", async () => {
	const { queue, run, started } = fixture(3, 10);
	queue.addAgent("a");
	const close = queue.addAgent("b");
	for (let count = 0; count < 3; count += 1) void run("a", "a");
	await idle();
	assert.is(started.length, 2);
	close();
	close();
	queue.resize({ maxRunning: 3, maxPending: 10 });
	await idle();
	assert.is(started.length, 3);
});

test("a full queue makes room for a guest with fewer waiting runs, and the newest run of the longest line is refused", async () => {
	const { run, started, end } = fixture(1, 2);
	const greedy = ["1", "2", "3"].map((name) => run("greedy", name));
	const modest = run("modest", "modest");
	assert.match((await greedy[2]) ?? "", /^rate_limited /);
	end("1");
	await idle();
	end("2");
	assert.is(await modest, "started");
	assert.equal(started, ["1", "2", "modest"]);
});

test("an aborted run leaves the queue with the error of its signal", async () => {
	const { run, started, end } = fixture(1, 1);
	const abort = new AbortController();
	await run("a", "1");
	const waiting = run("a", "2", { signal: abort.signal });
	abort.abort(new SpearError("cancelled", "enough"));
	assert.is(await waiting, "cancelled enough");
	const next = run("a", "3");
	end("1");
	assert.is(await next, "started");
	assert.equal(started, ["1", "3"]);
});

test("a larger limit lets waiting runs start", async () => {
	const { queue, run } = fixture(1, 1);
	const runs = [run("a", "1"), run("a", "2")];
	await idle();
	queue.resize({ maxRunning: 2, maxPending: 1 });
	assert.equal(await Promise.all(runs), ["started", "started"]);
});

test("many runs that wait or are refused make one log line each ten seconds", async () => {
	const { run, logged, clock } = fixture(1, 50);
	for (let count = 0; count < 200; count += 1) void run("a", String(count));
	await idle();
	assert.is(logged.length, 2);
	assert.match(logged[0] ?? "", /^debug runs wait for a place/);
	assert.match(logged[1] ?? "", /^warn runs are refused/);
	clock.pass(10_000);
	void run("a", "later");
	assert.is(logged.length, 3);
});

test("a wait for instances that the embedder keeps is a warning", async () => {
	const { run, logged } = fixture(1, 5);
	await run("a", "1", { kept: true });
	void run("a", "2");
	assert.match(logged[0] ?? "", /^warn .*Agent\.instantiate/);
});

test("guests start in proportion to their weights while runs of both wait", async () => {
	const { run, started, end } = fixture(1, 1_000);
	for (let count = 0; count < 40; count += 1) void run("light", `light ${count}`);
	for (let count = 0; count < 40; count += 1) void run("heavy", `heavy ${count}`, { weight: 3 });
	for (let count = 0; count < 40; count += 1) {
		await idle(2);
		end(started[count] ?? "");
	}
	const heavy = started.slice(0, 40).filter((name) => name.startsWith("heavy")).length;
	assert.ok(heavy >= 29 && heavy <= 31, `${heavy} of 40 starts`);
});

test("a run waits for memory and starts when an instance releases enough, though places are free", async () => {
	const total = new TotalMemory(1_000);
	const account = new MemoryAccount({ limit: 1_000, total, initialBytes: 500 });
	const { run, started, logged } = fixture(10, 10, total);
	const waiting = run("a", "large", { bytes: 400 });
	await idle();
	assert.equal(started, []);
	assert.match(logged[0] ?? "", /^warn runs wait for memory/);
	assert.is(await run("b", "small", { bytes: 300 }), "started");
	account.close();
	assert.is(await waiting, "started");
	assert.equal(started, ["small", "large"]);
});

test("a run that waits for memory starts after a reload that raises the limit", async () => {
	const total = new TotalMemory(1_000);
	new MemoryAccount({ limit: 1_000, total, initialBytes: 500 });
	const { run } = fixture(10, 10, total);
	const waiting = run("a", "large", { bytes: 400 });
	await idle();
	total.resize(2_000);
	assert.is(await waiting, "started");
});

test("a run that lacks memory is refused when max_pending_runs wait, with the name of the setting", async () => {
	const total = new TotalMemory(1_000);
	new MemoryAccount({ limit: 1_000, total, initialBytes: 800 });
	const { run } = fixture(10, 1, total);
	void run("a", "1", { bytes: 1 });
	assert.match(await run("a", "2", { bytes: 1 }), /^rate_limited .*max_total_memory_bytes.*max_pending_runs/);
});

test("a run that needs more memory than the host admits is refused at once", async () => {
	const { run } = fixture(10, 10, new TotalMemory(1_000));
	assert.match(await run("a", "1", { bytes: 801 }), /^not_permitted .*801 bytes.*at most 800/);
	assert.is(await run("a", "2", { bytes: 800 }), "started");
});

test("growth of linear memory since the last sample counts when a run wants to start", async () => {
	const total = new TotalMemory(1_000);
	const account = new MemoryAccount({ limit: 1_000, total });
	let linear = 0;
	account.attach(() => linear);
	const { run, started } = fixture(10, 10, total);
	linear = 700;
	void run("a", "1", { bytes: 200 });
	await idle();
	assert.equal(started, []);
	account.close();
	await idle();
	assert.equal(started, ["1"]);
});

test("a start that takes for ever keeps the next one waiting for a tenth of a second", async () => {
	const { queue, clock, run, started } = fixture(5, 5);
	const { signal } = new AbortController();
	void queue.start({ guest: "slow", signal, kept: false, weight: 1, bytes: 0 }, () => new Promise(() => {}));
	void run("other", "next");
	await idle();
	assert.equal(started, []);
	await clock.advance(100);
	await idle();
	assert.equal(started, ["next"]);
});

test.run();
