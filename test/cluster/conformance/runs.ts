import { test } from "uvu";
import * as assert from "uvu/assert";
import { newRunId } from "../../../src/cluster/run-id.ts";
import type { AgentPlaces, RunChange, RunSubmission, SharedRuns, TakenRun } from "../../../src/cluster/runs.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";

/** A queue of runs for one test, and its time. */
export interface RunsUnderTest extends AsyncDisposable {
	readonly runs: SharedRuns;
	/** Lets at least `ms` milliseconds pass. */
	pass(ms: number): Promise<void>;
}

/** A lease that ends in no test. */
const LONG_MS = 600_000;

export const NEWS: AgentPlaces = { agent: "news", maxRunning: 1_000, most: 1_000 };

/** Returns a submission of the agent `news` by the guest `g`, with `change`. */
export function submission(change: Partial<RunSubmission> = {}): RunSubmission {
	return {
		...{ id: newRunId(change.agent ?? "news"), agent: "news", guest: "g", weight: 1, input: bytes("input"), priority: 5, delayMs: 0 },
		...{ maxAttempts: 3, keepMs: 60_000, maxPending: 1_000, maxEventBytes: 100_000 },
		...change,
	};
}

function bytes(value: string): Uint8Array {
	return new TextEncoder().encode(value);
}

function text(value: Uint8Array | undefined): string | undefined {
	return value === undefined ? undefined : new TextDecoder().decode(value);
}

/** Submits runs whose inputs are `inputs`. Returns their identifiers. */
async function submitAll(runs: SharedRuns, inputs: readonly string[], change: Partial<RunSubmission> = {}): Promise<string[]> {
	const ids: string[] = [];
	for (const input of inputs) ids.push((await runs.submit(submission({ ...change, input: bytes(input) }))).id);
	return ids;
}

/** Takes runs one after the other. Returns their inputs. */
async function takeInputs(runs: SharedRuns, most: number): Promise<(string | undefined)[]> {
	const inputs: (string | undefined)[] = [];
	for (let count = 0; count < most; count += 1) {
		const [run] = await runs.take("w", [NEWS], 1, LONG_MS);
		if (run !== undefined) inputs.push(text(run.input));
	}
	return inputs;
}

async function takeOne(runs: SharedRuns, { worker = "w", leaseMs = LONG_MS } = {}): Promise<TakenRun> {
	const [run] = await runs.take(worker, [NEWS], 1, leaseMs);
	if (run === undefined) throw new Error("there is no run to take");
	return run;
}

function outcome(state: "completed" | "failed" | "cancelled", content: string = state, retryInMs?: number) {
	return { state, content: bytes(content), ...(retryInMs === undefined ? {} : { retryInMs }) };
}

function missing(): never {
	throw new Error("the run is missing");
}

async function stateOf(runs: SharedRuns, id: string): Promise<string | undefined> {
	return (await runs.status(id))?.state;
}

async function eventsOf(runs: SharedRuns, id: string, after = "", mostBytes = 10_000) {
	const found = await runs.events(id, after, mostBytes);
	if (found === undefined) throw new Error("the run is unknown");
	return {
		...found,
		events: found.events.map(({ attempt, content }) => `${attempt}:${text(content)}`),
		last: found.events.at(-1)?.position,
	};
}

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
	try {
		await call;
	} catch (thrown) {
		if (thrown instanceof SpearError) return thrown.code;
		throw thrown;
	}
	return undefined;
}

/** Adds the tests that every queue of runs passes. `open` makes an empty one. */
export function testRuns(open: () => Promise<RunsUnderTest>): void {
	test("a run goes from its submission over an attempt to its stored outcome", async () => {
		await using queue = await open();
		const { runs } = queue;
		const sent = submission({ timeoutMs: 5_000, deadlineMs: 100_000, traceparent: "00-1-2-01" });
		assert.equal(await runs.submit(sent), { id: sent.id, isNew: true });
		const waiting = await runs.status(sent.id);
		assert.equal([waiting?.state, waiting?.attempt, waiting?.worker, waiting?.startedAtMs], ["queued", 0, undefined, undefined]);
		const run = await takeOne(runs, { worker: "w1" });
		const { token, submittedAtMs, leftMs = 0, input, ...rest } = run;
		assert.equal(rest, { id: sent.id, agent: "news", guest: "g", maxAttempts: 3, attempt: 1, timeoutMs: 5_000, traceparent: "00-1-2-01" });
		assert.ok(text(input) === "input" && token.length >= 12 && leftMs > 90_000 && leftMs <= 100_000);
		const running = await runs.status(sent.id);
		assert.equal([running?.state, running?.attempt, running?.worker], ["running", 1, "w1"]);
		assert.is(await runs.finish(run, outcome("completed", "answer")), "completed");
		const { startedAtMs = 0, endedAtMs = 0, outcome: stored, ...ended } = (await runs.status(sent.id)) ?? missing();
		assert.equal(ended, {
			...{ id: sent.id, agent: "news", guest: "g", state: "completed", attempt: 1, maxAttempts: 3, priority: 5 },
			...{ submittedAtMs, cancelRequested: false },
		});
		assert.ok(text(stored) === "answer" && startedAtMs >= submittedAtMs && endedAtMs >= startedAtMs);
		assert.equal(await runs.take("w", [NEWS], 1, LONG_MS), []);
	});

	test("runs of a guest start by priority, and in the order of their submission within one", async () => {
		await using queue = await open();
		await submitAll(queue.runs, ["a5", "b5"]);
		await submitAll(queue.runs, ["c9", "d9"], { priority: 9 });
		await submitAll(queue.runs, ["e0"], { priority: 0 });
		await submitAll(queue.runs, ["f5"]);
		assert.equal(await takeInputs(queue.runs, 9), ["c9", "d9", "a5", "b5", "f5", "e0"]);
	});

	test("guests share the starts by their weights, however many runs each has submitted", async () => {
		await using queue = await open();
		await submitAll(queue.runs, Array(60).fill("a"), { guest: "a", weight: 1 });
		await submitAll(queue.runs, Array(30).fill("b"), { guest: "b", weight: 2 });
		await submitAll(queue.runs, Array(30).fill("c"), { guest: "c", weight: 3 });
		const starts = await takeInputs(queue.runs, 60);
		const counts = ["a", "b", "c"].map((guest) => starts.filter((start) => start === guest).length);
		for (const [index, expected] of [10, 20, 30].entries()) assert.ok(Math.abs((counts[index] ?? 0) - expected) <= 1, `${counts}`);
	});

	test("a guest that comes later takes turns from now on, and makes nothing up", async () => {
		await using queue = await open();
		await submitAll(queue.runs, Array(30).fill("early"), { guest: "early" });
		await takeInputs(queue.runs, 20);
		await submitAll(queue.runs, Array(30).fill("late"), { guest: "late" });
		const starts = await takeInputs(queue.runs, 10);
		assert.ok(Math.abs(starts.filter((start) => start === "late").length - 5) <= 1, `${starts}`);
	});

	test("a guest that submits runs one after the other gets no more turns than its weight allows", async () => {
		await using queue = await open();
		await submitAll(queue.runs, Array(12).fill("queue"), { guest: "queue", weight: 3 });
		const starts: (string | undefined)[] = [];
		await submitAll(queue.runs, ["single"], { guest: "single" });
		for (let count = 0; count < 12; count += 1) {
			const [start] = await takeInputs(queue.runs, 1);
			starts.push(start);
			if (start === "single") await submitAll(queue.runs, ["single"], { guest: "single" });
		}
		assert.ok(Math.abs(starts.filter((start) => start === "single").length - 3) <= 1, `${starts}`);
	});

	test("an agent runs as many runs as it has places, over all workers", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["1", "2", "3", "4"]);
		const places = [{ ...NEWS, maxRunning: 3 }];
		const first = await runs.take("w1", places, 2, LONG_MS);
		assert.equal(
			[first.length, (await runs.take("w2", places, 2, LONG_MS)).length, (await runs.take("w2", places, 2, LONG_MS)).length],
			[2, 1, 0],
		);
		await runs.finish(first[0] ?? missing(), outcome("completed"));
		assert.is((await runs.take("w2", places, 2, LONG_MS)).length, 1);
	});

	test("a call takes at most as many runs as asked, of each agent and together", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["n", "n", "n"]);
		await submitAll(runs, ["m", "m", "m"], { agent: "mail.v2" });
		const places = [
			{ agent: "news", maxRunning: 9, most: 2 },
			{ agent: "mail.v2", maxRunning: 9, most: 9 },
		];
		const taken = await runs.take("w", places, 4, LONG_MS);
		assert.equal(
			taken.map(({ agent }) => agent),
			["news", "news", "mail.v2", "mail.v2"],
		);
	});

	test("a delayed run starts after its time, and not before", async () => {
		await using queue = await open();
		const { runs } = queue;
		const [id = ""] = await submitAll(runs, ["later"], { delayMs: 50 });
		await submitAll(runs, ["never"], { delayMs: LONG_MS });
		assert.equal([await stateOf(runs, id), await takeInputs(runs, 1)], ["delayed", []]);
		await queue.pass(60);
		assert.equal(await takeInputs(runs, 2), ["later"]);
	});

	test("a run whose deadline passes while it waits ends as expired", async () => {
		await using queue = await open();
		const { runs } = queue;
		const ids = [
			...(await submitAll(runs, ["queued"], { deadlineMs: 1 })),
			...(await submitAll(runs, ["delayed"], { deadlineMs: 1, delayMs: LONG_MS })),
		];
		await queue.pass(5);
		assert.equal(await takeInputs(runs, 2), []);
		for (const id of ids) assert.is(await stateOf(runs, id), "expired");
		assert.equal((await runs.counts(["news"]))[0], { waiting: 0, running: 0, poisoned: 0, oldestMs: 0 });
	});

	test("an attempt that fails after the deadline ends the run as expired, and its answer is kept if it completes", async () => {
		await using queue = await open();
		const { runs } = queue;
		const times = { deadlineMs: 200 };
		await submitAll(runs, ["fails", "completes"], times);
		const [fails, completes] = await runs.take("w", [NEWS], 2, LONG_MS);
		await queue.pass(210);
		assert.is(await runs.finish(fails ?? missing(), outcome("failed")), "expired");
		assert.is(await runs.finish(completes ?? missing(), outcome("completed")), "completed");
	});

	test("a retry that would begin after the deadline ends the run as expired at once", async () => {
		await using queue = await open();
		await submitAll(queue.runs, ["x"], { deadlineMs: 100_000 });
		assert.is(await queue.runs.finish(await takeOne(queue.runs), outcome("failed", "busy", 200_000)), "expired");
	});

	test("a lease that is renewed is held, and a run is taken over when it has ended", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["x"]);
		const first = await takeOne(runs, { leaseMs: 20 });
		assert.equal(await runs.renew([first], LONG_MS), ["held"]);
		await queue.pass(25);
		assert.equal(await takeInputs(runs, 1), []);
		assert.equal(await runs.renew([first], 1), ["held"]);
		await queue.pass(5);
		const second = await takeOne(runs, { worker: "w2" });
		assert.equal([second.id, second.attempt, second.token === first.token], [first.id, 2, false]);
		assert.equal((await runs.status(first.id))?.worker, "w2");
	});

	test("writes of an attempt that was taken over are refused", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["x"]);
		const old = await takeOne(runs, { leaseMs: 1 });
		await queue.pass(5);
		const present = await takeOne(runs);
		assert.equal(await runs.renew([old, present], LONG_MS), ["lost", "held"]);
		assert.is(await runs.append(old, [bytes("old")]), false);
		assert.is(await runs.finish(old, outcome("completed", "old")), undefined);
		await runs.release(old);
		assert.is(await runs.append(present, [bytes("new")]), true);
		assert.is(await runs.finish(present, outcome("completed", "new")), "completed");
		assert.is(await runs.finish(old, outcome("failed", "old")), undefined);
		assert.equal([text((await runs.status(old.id))?.outcome), (await eventsOf(runs, old.id)).events], ["new", ["2:new"]]);
	});

	test("a worker whose lease has ended goes on while no other has taken the run", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["x"]);
		const run = await takeOne(runs, { leaseMs: 1 });
		await queue.pass(5);
		assert.is(await runs.append(run, [bytes("e")]), true);
		assert.is(await runs.finish(run, outcome("completed")), "completed");
	});

	test("a run that is taken over starts before the others of its guest", async () => {
		await using queue = await open();
		await submitAll(queue.runs, ["a", "b", "c"]);
		await takeOne(queue.runs, { leaseMs: 1 });
		await submitAll(queue.runs, ["d"], { priority: 9 });
		await queue.pass(5);
		assert.equal(await takeInputs(queue.runs, 2), ["a", "d"]);
	});

	test("a run whose workers die in every attempt is poisoned, and starts again by retry", async () => {
		await using queue = await open();
		const { runs } = queue;
		const [id = ""] = await submitAll(runs, ["x"], { maxAttempts: 2 });
		for (const attempt of [1, 2]) {
			assert.is((await takeOne(runs, { leaseMs: 1 })).attempt, attempt);
			await queue.pass(5);
		}
		assert.equal(await takeInputs(runs, 1), []);
		assert.is(await stateOf(runs, id), "poisoned");
		assert.equal((await runs.counts(["news"]))[0], { waiting: 0, running: 0, poisoned: 1, oldestMs: 0 });
		assert.equal([await runs.retry(id), await runs.retry(id)], [true, false]);
		assert.is((await runs.counts(["news"]))[0]?.poisoned, 0);
		const run = await takeOne(runs);
		assert.equal([run.attempt, text(run.input)], [1, "x"]);
		assert.is(await runs.finish(run, outcome("completed")), "completed");
	});

	test("a run that is released starts first again, and the attempt does not count", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["a", "b"], { guest: "one", maxAttempts: 1 });
		await submitAll(runs, ["c"], { guest: "two" });
		const run = await takeOne(runs);
		await submitAll(runs, ["d"], { guest: "one", priority: 9 });
		await runs.release(run);
		const status = await runs.status(run.id);
		assert.equal([status?.state, status?.attempt, status?.worker], ["queued", 0, undefined]);
		assert.is(await runs.finish(run, outcome("completed")), undefined);
		const again = await takeOne(runs);
		assert.equal([again.id, again.attempt], [run.id, 1]);
		assert.is(await runs.finish(again, outcome("completed")), "completed");
	});

	test("a failed attempt is made again after its delay, and poisons the run after the last one", async () => {
		await using queue = await open();
		const { runs } = queue;
		const [id = ""] = await submitAll(runs, ["x"], { maxAttempts: 2 });
		assert.is(await runs.finish(await takeOne(runs), outcome("failed", "first", 30)), "delayed");
		const status = await runs.status(id);
		assert.equal([status?.state, status?.worker, text(status?.outcome)], ["delayed", undefined, "first"]);
		assert.equal(await takeInputs(runs, 1), []);
		await queue.pass(40);
		const second = await takeOne(runs);
		assert.is(second.attempt, 2);
		assert.is(await runs.finish(second, outcome("failed", "second", 0)), "poisoned");
		assert.is(text((await runs.status(id))?.outcome), "second");
	});

	test("a failed attempt without a delay for the next one ends the run", async () => {
		await using queue = await open();
		await submitAll(queue.runs, ["x"]);
		const run = await takeOne(queue.runs);
		assert.is(await queue.runs.finish(run, outcome("failed", "wrong input")), "failed");
		assert.is(await queue.runs.retry(run.id), false);
		assert.is(text((await queue.runs.status(run.id))?.outcome), "wrong input");
	});

	test("an outcome is stored once, and a call that repeats it returns the state", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["x", "y"]);
		const [x = missing(), y = missing()] = await runs.take("w", [NEWS], 2, LONG_MS);
		for (const _ of [1, 2]) assert.is(await runs.finish(x, outcome("completed", "answer")), "completed");
		assert.is(await runs.finish(x, outcome("failed", "late")), "completed");
		assert.is(text((await runs.status(x.id))?.outcome), "answer");
		for (const _ of [1, 2]) assert.is(await runs.finish(y, outcome("failed", "busy", 0)), "queued");
		assert.is((await takeOne(runs)).attempt, 2);
		assert.is(await runs.append(x, [bytes("late")]), false);
	});

	test("cancel ends a waiting run, asks the worker of a running one, and leaves an ended one", async () => {
		await using queue = await open();
		const { runs } = queue;
		const [queued = ""] = await submitAll(runs, ["queued"]);
		const [delayed = ""] = await submitAll(runs, ["delayed"], { delayMs: LONG_MS });
		assert.equal([await runs.cancel(queued), await runs.cancel(delayed)], ["queued", "delayed"]);
		assert.equal([await stateOf(runs, queued), await stateOf(runs, delayed)], ["cancelled", "cancelled"]);
		await submitAll(runs, ["running"]);
		const run = await takeOne(runs);
		assert.equal([await runs.cancel(run.id), (await runs.status(run.id))?.cancelRequested], ["running", true]);
		assert.equal(await runs.renew([run], LONG_MS), ["cancelled"]);
		assert.is(await runs.finish(run, outcome("cancelled")), "cancelled");
		assert.equal([await runs.cancel(run.id), await stateOf(runs, run.id)], ["cancelled", "cancelled"]);
		assert.is(await runs.cancel(newRunId("news")), undefined);
		assert.equal(await takeInputs(runs, 1), []);
	});

	test("a run in progress that was cancelled starts no further attempt", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["fails", "dies", "released", "completes"]);
		const taken = await runs.take("w", [NEWS], 4, LONG_MS);
		const [fails = missing(), dies = missing(), released = missing(), completes = missing()] = taken;
		for (const { id } of taken) await runs.cancel(id);
		assert.is(await runs.finish(fails, outcome("failed", "busy", 0)), "cancelled");
		await runs.renew([dies], 1);
		await runs.release(released);
		assert.is(await runs.finish(completes, outcome("completed")), "completed");
		await queue.pass(5);
		assert.equal(await takeInputs(runs, 1), []);
		assert.equal([await stateOf(runs, dies.id), await stateOf(runs, released.id)], ["cancelled", "cancelled"]);
	});

	test("a submission with the idempotency key of a kept run of the guest and agent returns that run", async () => {
		await using queue = await open();
		const { runs } = queue;
		const key = { idempotencyKey: "k", keepMs: 1 };
		const [id = ""] = await submitAll(runs, ["x"], key);
		assert.equal(await runs.submit(submission(key)), { id, isNew: false });
		for (const other of [{ guest: "h" }, { agent: "mail" }, { idempotencyKey: "l" }])
			assert.is((await runs.submit(submission({ ...key, ...other, id: newRunId(other.agent ?? "news") }))).isNew, true);
		await runs.cancel(id);
		await queue.pass(5);
		assert.is((await runs.submit(submission(key))).isNew, true);
	});

	test("a submission of the same run is added once", async () => {
		await using queue = await open();
		const sent = submission();
		assert.equal([(await queue.runs.submit(sent)).isNew, (await queue.runs.submit(sent)).isNew], [true, false]);
		assert.is((await takeInputs(queue.runs, 2)).length, 1);
	});

	test("a guest with its most pending runs is refused, and others are not", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["1"], { maxPending: 2 });
		await submitAll(runs, ["2"], { maxPending: 2, delayMs: LONG_MS });
		assert.is(await codeOf(runs.submit(submission({ maxPending: 2 }))), "rate_limited");
		assert.is(await codeOf(runs.submit(submission({ maxPending: 2, guest: "h" }))), undefined);
		await takeOne(runs);
		assert.is(await codeOf(runs.submit(submission({ maxPending: 2 }))), undefined);
	});

	test("an ended run is kept for its time, and then unknown", async () => {
		await using queue = await open();
		const { runs } = queue;
		const [short = ""] = await submitAll(runs, ["x"], { keepMs: 1 });
		const [long = ""] = await submitAll(runs, ["y"], { keepMs: LONG_MS });
		for (const run of await runs.take("w", [NEWS], 2, LONG_MS)) {
			await runs.append(run, [bytes("e")]);
			await runs.finish(run, outcome("completed"));
		}
		await queue.pass(5);
		assert.equal([await runs.status(short), await runs.events(short, "", 10), await runs.cancel(short)], [undefined, undefined, undefined]);
		assert.equal(
			(await runs.list("news", { most: 10 })).map(({ id }) => id),
			[long],
		);
	});

	test("events are read from any position on, with the attempt of each, until the run has ended", async () => {
		await using queue = await open();
		const { runs } = queue;
		const [id = ""] = await submitAll(runs, ["x"]);
		assert.equal(await eventsOf(runs, id), { events: [], ended: false, gap: false, last: undefined });
		const first = await takeOne(runs);
		await runs.append(first, [bytes("a"), bytes("b")]);
		const start = await eventsOf(runs, id);
		assert.equal([start.events, start.ended, start.gap], [["1:a", "1:b"], false, false]);
		await runs.finish(first, outcome("failed", "busy", 0));
		const second = await takeOne(runs);
		await runs.append(second, [bytes("c"), bytes("")]);
		await runs.finish(second, outcome("completed"));
		const rest = await eventsOf(runs, id, start.last);
		assert.equal([rest.events, rest.ended, rest.gap], [["2:c", "2:"], true, false]);
		assert.equal(await eventsOf(runs, id, rest.last), { events: [], ended: true, gap: false, last: undefined });
		assert.is(await codeOf(runs.events(id, "no position", 10)), "invalid_request");
		assert.is(await runs.events(newRunId("news"), "", 10), undefined);
	});

	test("a read of events is bounded in bytes, and returns at least one", async () => {
		await using queue = await open();
		const { runs } = queue;
		const [id = ""] = await submitAll(runs, ["x"]);
		const run = await takeOne(runs);
		await runs.append(run, ["aaaa", "bb", "cc"].map(bytes));
		await runs.finish(run, outcome("completed"));
		const reads = [];
		for (let after: string | undefined = ""; after !== undefined; ) {
			const read = await eventsOf(runs, id, after, 3);
			reads.push([read.events.join(), read.ended]);
			after = read.ended ? undefined : read.last;
		}
		assert.equal(reads, [
			["1:aaaa", false],
			["1:bb", false],
			["1:cc", true],
		]);
	});

	test("the oldest events are dropped beyond the bound, and a reader learns of the gap", async () => {
		await using queue = await open();
		const { runs } = queue;
		const content = "x".repeat(36); // 100 bytes with the overhead of an event.
		const [id = ""] = await submitAll(runs, ["x"], { maxEventBytes: 250 });
		const run = await takeOne(runs);
		await runs.append(run, [bytes(`1${content.slice(1)}`)]);
		const { last } = await eventsOf(runs, id);
		await runs.append(
			run,
			[2, 3].map((number) => bytes(`${number}${content.slice(1)}`)),
		);
		const read = await eventsOf(runs, id, last);
		assert.equal([read.events.map((event) => event.slice(0, 3)), read.gap], [["1:2", "1:3"], false]);
		assert.equal((await eventsOf(runs, id)).gap, true);
		await runs.append(run, [bytes(`4${content.slice(1)}`), bytes(`5${content.slice(1)}`)]);
		const late = await eventsOf(runs, id, last);
		assert.equal([late.events.map((event) => event.slice(0, 3)), late.gap], [["1:4", "1:5"], true]);
		await runs.append(run, [bytes("y".repeat(300))]);
		const none = await eventsOf(runs, id, last);
		assert.equal([none.events, none.gap, none.ended], [[], true, false]);
		await runs.append(run, [bytes("end")]);
		assert.equal((await eventsOf(runs, id, late.last)).events, ["1:end"]);
	});

	test("list returns the newest runs first, by state and guest, without outcomes", async () => {
		await using queue = await open();
		const { runs } = queue;
		const [a = "", b = ""] = await submitAll(runs, ["a", "b"], { maxAttempts: 1 });
		const [c = ""] = await submitAll(runs, ["c"], { guest: "h" });
		const [d = ""] = await submitAll(runs, ["d"], { delayMs: LONG_MS });
		const [first = missing()] = await runs.take("w", [NEWS], 1, LONG_MS);
		await runs.finish(first, outcome("failed", "busy", 0));
		await runs.take("w", [NEWS], 1, LONG_MS);
		const ids = async (options: Parameters<SharedRuns["list"]>[1]) => (await runs.list("news", options)).map(({ id }) => id);
		assert.equal(await ids({ most: 10 }), [d, c, b, a]);
		assert.equal(await ids({ most: 2 }), [d, c]);
		assert.equal(await ids({ most: 10, guest: "h" }), [c]);
		assert.equal(await ids({ most: 10, states: ["poisoned"] }), [a]);
		assert.equal(await ids({ most: 10, states: ["running"] }), [(await stateOf(runs, b)) === "running" ? b : c]);
		assert.equal(await ids({ most: 10, states: ["delayed", "poisoned"] }), [d, a]);
		assert.equal(await runs.list("unknown", { most: 10 }), []);
		assert.is((await runs.list("news", { most: 10 })).at(-1)?.outcome, undefined);
	});

	test("counts tell waiting, running and poisoned runs, and the age of the oldest that may start", async () => {
		await using queue = await open();
		const { runs } = queue;
		await submitAll(runs, ["1", "2", "3"]);
		await submitAll(runs, ["4"], { delayMs: LONG_MS });
		await takeOne(runs);
		await queue.pass(20);
		const [news, none] = await runs.counts(["news", "unknown"]);
		assert.equal([news?.waiting, news?.running, news?.poisoned], [3, 1, 0]);
		assert.ok(news !== undefined && news.oldestMs >= 20 && news.oldestMs < 20_000);
		assert.equal(none, { waiting: 0, running: 0, poisoned: 0, oldestMs: 0 });
	});

	test("a listener learns that a run was queued, has events, was cancelled and has ended", async () => {
		await using queue = await open();
		const { runs } = queue;
		const changes: string[] = [];
		let notify = (): void => {};
		const until = (count: number) =>
			new Promise<void>((resolve) => {
				notify = () => changes.length >= count && resolve();
				notify();
			});
		const end = runs.onChange(({ type, id, agent }: RunChange) => {
			changes.push(`${type} ${agent} ${id === sent.id}`);
			notify();
		});
		const sent = submission();
		await runs.submit(sent);
		await until(1);
		const run = await takeOne(runs);
		await runs.append(run, [bytes("e")]);
		await until(2);
		await runs.cancel(run.id);
		await until(3);
		await runs.finish(run, outcome("cancelled"));
		await until(4);
		assert.equal(changes, ["queued news true", "events news true", "cancelled news true", "ended news true"]);
		end();
		await runs.submit(submission());
		await queue.pass(60);
		assert.is(changes.length, 4);
	});

	test("an identifier that is none is unknown, and a submission out of range is refused", async () => {
		await using queue = await open();
		const { runs } = queue;
		const stray = { id: "news", attempt: 1, token: "t" };
		assert.equal([await runs.status("news"), await runs.cancel(""), await runs.retry("x.y")], [undefined, undefined, false]);
		assert.equal(
			[await runs.finish(stray, outcome("completed")), await runs.append(stray, []), await runs.renew([stray], 1)],
			[undefined, false, ["lost"]],
		);
		for (const change of [
			{ weight: 0 },
			{ priority: 10 },
			{ maxAttempts: 1.5 },
			{ delayMs: Number.NaN },
			{ guest: "g".repeat(300) },
			{ id: newRunId("mail") },
		])
			assert.is(await codeOf(runs.submit(submission(change))), "invalid_request");
	});

	test("names of any characters are kept apart", async () => {
		await using queue = await open();
		const { runs } = queue;
		const names = ["a:b", "a", "{a}", "a b\n", "ä", "*"];
		for (const guest of names)
			await submitAll(runs, [guest], { guest, agent: `agent ${guest}`, maxPending: 1, id: newRunId(`agent ${guest}`) });
		for (const guest of names) {
			const [run] = await runs.take("w", [{ ...NEWS, agent: `agent ${guest}` }], 9, LONG_MS);
			assert.equal([run?.guest, run?.agent, text(run?.input)], [guest, `agent ${guest}`, guest]);
		}
	});
}
