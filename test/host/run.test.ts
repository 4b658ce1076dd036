import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { OutputChannel } from "../../src/host/output-channel.ts";
import { Run } from "../../src/host/run.ts";
import type { RunOutput } from "../../src/hostcall/emitted.ts";
import { MemoryAccount } from "../../src/memory/memory-account.ts";
import { TotalMemory } from "../../src/memory/total-memory.ts";

const SIGNAL = new AbortController().signal;

/** A run whose guest is the test. */
function openRun(maxBytes = 256): { run: Run; output: OutputChannel; answer: PromiseWithResolvers<string> } {
	const answer = Promise.withResolvers<string>();
	let output: OutputChannel | undefined;
	const run = new Run(maxBytes, (channel) => {
		output = channel;
		return answer.promise;
	});
	if (output === undefined) throw new Error("the run has not begun");
	return { run, output, answer };
}

const text = (content: string): RunOutput & { type: "text" } => ({ type: "text", text: content });

async function failure(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
}

/** Returns the rejections that nothing handles while `act` runs, and in the turns after. */
async function unhandled(act: () => Promise<void>): Promise<unknown[]> {
	const found: unknown[] = [];
	const listener = (reason: unknown): void => void found.push(reason);
	process.on("unhandledRejection", listener);
	try {
		await act();
		for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
	} finally {
		process.off("unhandledRejection", listener);
	}
	return found;
}

test("a run is a promise of the answer, and what follows from it are plain promises", async () => {
	const { run, answer } = openRun();
	answer.resolve("answer");
	assert.instance(run, Promise);
	assert.instance(run, Run);
	assert.is(await run, "answer");
	const next = run.then((each) => each.length);
	assert.not.instance(next, Run);
	assert.is(await next, 6);
	assert.equal(await Promise.all([run]), ["answer"]);
});

test("output before the loop begins is discarded, and output after it arrives", async () => {
	const { run, output, answer } = openRun();
	assert.is(output.emit(text("early"), SIGNAL), undefined);
	const reader = run[Symbol.asyncIterator]();
	output.emit(text("late"), SIGNAL);
	answer.resolve("");
	assert.equal(await reader.next(), { done: false, value: text("late") });
	assert.equal(await reader.next(), { done: true, value: undefined });
});

test("a run that has ended before its loop has no output, and its loop throws its failure", async () => {
	const { run, answer } = openRun();
	const fault = new Error("no luck");
	answer.reject(fault);
	assert.is(await failure(run), fault);
	assert.is(await failure(run[Symbol.asyncIterator]().next()), fault);
});

test("a second loop is refused", async () => {
	const { run, answer } = openRun();
	answer.resolve("");
	run[Symbol.asyncIterator]();
	assert.throws(
		() => run[Symbol.asyncIterator](),
		(thrown: unknown) => thrown instanceof SpearError && thrown.code === "invalid_request",
	);
});

test("a failure of a run whose loop alone is used is no unhandled rejection", async () => {
	const thrown = await unhandled(async () => {
		const { run, answer } = openRun();
		const reader = run[Symbol.asyncIterator]();
		answer.reject(new Error("no luck"));
		assert.instance(await failure(reader.next()), Error);
	});
	assert.equal(thrown, []);
});

test("a failure of a run that is neither awaited nor read is an unhandled rejection", async () => {
	const fault = new Error("no luck");
	const thrown = await unhandled(async () => {
		openRun().answer.reject(fault);
	});
	assert.equal(thrown, [fault]);
});

test("a reader that leaves cancels the run, waits for its end, and discards what is queued", async () => {
	const { run, output, answer } = openRun();
	const reader = run[Symbol.asyncIterator]();
	output.emit(text("1"), SIGNAL);
	let hasLeft = false;
	const leaving = reader.return?.().then((end) => {
		hasLeft = true;
		return end;
	});
	assert.ok(output.left.aborted);
	await new Promise((resolve) => setImmediate(resolve));
	assert.not.ok(hasLeft);
	assert.is(output.emit(text("2"), SIGNAL), undefined);
	answer.reject(output.left.reason);
	assert.equal(await leaving, { done: true, value: undefined });
	assert.equal(await reader.next(), { done: true, value: undefined });
	assert.is((await failure(run)) instanceof SpearError, true);
});

test("a reader that leaves after the end cancels nothing", async () => {
	const { run, output, answer } = openRun();
	const reader = run[Symbol.asyncIterator]();
	answer.resolve("answer");
	assert.is(await run, "answer");
	await reader.return?.();
	assert.not.ok(output.left.aborted);
});

test("output waits while the queue is full, and several reads at once are served in order", async () => {
	const { run, output } = openRun(128);
	const reader = run[Symbol.asyncIterator]();
	assert.is(output.emit(text("1"), SIGNAL), undefined);
	assert.is(output.emit(text("2"), SIGNAL), undefined);
	const waiting = output.emit(text("3"), SIGNAL);
	assert.instance(waiting, Promise);
	const reads = await Promise.all([reader.next(), reader.next(), reader.next()]);
	assert.equal(
		reads.map(({ value }) => value),
		["1", "2", "3"].map(text),
	);
	await waiting;
});

test("queued output is charged to the account of the instance, and is not after the end of the run", async () => {
	const total = new TotalMemory(Number.POSITIVE_INFINITY);
	const memory = new MemoryAccount({ limit: 1_000, total });
	const { run, output, answer } = openRun(4_096);
	output.connect(memory);
	const reader = run[Symbol.asyncIterator]();
	output.emit(text("x".repeat(900)), SIGNAL);
	assert.is(memory.report().kinds.queues, 900);
	// The account is full before the queue is.
	assert.instance(output.emit(text("y".repeat(200)), SIGNAL), Promise);
	answer.resolve("answer");
	await run;
	memory.close();
	assert.is(total.used, 0);
	// What was queued still arrives.
	assert.equal((await reader.next()).value, text("x".repeat(900)));
	assert.equal(await reader.next(), { done: true, value: undefined });
	assert.is(total.used, 0);
});

test("output that exceeds the account is refused", async () => {
	const memory = new MemoryAccount({ limit: 1_000, total: new TotalMemory(Number.POSITIVE_INFINITY) });
	const { run, output } = openRun(4_096);
	output.connect(memory);
	run[Symbol.asyncIterator]();
	assert.throws(
		() => output.emit(text("x".repeat(2_000)), SIGNAL),
		(thrown: unknown) => thrown instanceof SpearError && thrown.code === "not_permitted",
	);
});

test.run();
