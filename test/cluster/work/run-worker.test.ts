import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FollowedStep } from "../../../src/cluster/follow/step-reader.ts";
import type { RunFailure } from "../../../src/cluster/run-contents/run-failure.ts";
import type { SharedRuns } from "../../../src/cluster/runs.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { GuestError } from "../../../src/errors/guest-error.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { settled } from "../../helpers/fake-clock.ts";
import { RunWork, type ScriptedAttempt, shortSteps } from "../../helpers/run-work.ts";

const test = suite("workers of the run queue");

async function quiet(): Promise<void> {
	for (let turn = 0; turn < 5; turn += 1) await settled();
}

function at(work: RunWork, index: number): ScriptedAttempt {
	const attempt = work.attempts[index];
	if (attempt === undefined) throw new Error(`attempt ${index} has not begun; ${work.attempts.length} have`);
	return attempt;
}

async function stepsOf(work: RunWork, id: string): Promise<string[]> {
	const steps: FollowedStep[] = [];
	for await (const step of work.follow(id)) steps.push(step);
	return shortSteps(steps);
}

/** A view of the queue that fails as an unreachable store does. */
function cutOff(runs: SharedRuns): { readonly runs: SharedRuns; isCut: boolean } {
	const view = { isCut: false };
	const guarded =
		<A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
		async (...args: A): Promise<R> => {
			if (view.isCut) throw new StoreError("unreachable", "no answer in time", { mayHaveRun: true });
			return call(...args);
		};
	const names = [
		"submit",
		"take",
		"renew",
		"append",
		"finish",
		"release",
		"cancel",
		"status",
		"events",
		"retry",
		"list",
		"counts",
	] as const;
	const own = Object.fromEntries(names.map((name) => [name, guarded((runs[name] as (...args: unknown[]) => Promise<unknown>).bind(runs))]));
	return Object.assign(view, { runs: { ...own, onChange: runs.onChange.bind(runs) } as unknown as SharedRuns });
}

test("a run is taken when it is queued, its output is stored in order, and its answer once", async () => {
	const work = new RunWork();
	work.worker("a");
	const id = await work.submit({ input: "Bern", cpuMs: 50 }, { timeoutMs: 900, traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01` });
	await quiet();
	const attempt = at(work, 0);
	const { runId, timeoutMs, cpuMs, traceparent } = attempt.options;
	assert.equal([attempt.input, runId, timeoutMs, cpuMs], ["Bern", id, 900, 50]);
	assert.is(traceparent, `00-${"1".repeat(32)}-${"2".repeat(16)}-01`);
	await attempt.emit("one ");
	await attempt.emit("two");
	await attempt.emit({ type: "event", name: "done", data: { share: 1 } });
	attempt.answer("sunny");
	await quiet();
	assert.equal(await work.state(id), ["completed", 1, { answer: "sunny" }]);
	assert.equal(await stepsOf(work, id), ["1 one two", '1 done {"share":1}']);
});

test("no more runs are in progress than there are places, and a place that becomes free is used at once", async () => {
	const work = new RunWork();
	const worker = work.worker("a", { places: 2 });
	for (const input of ["1", "2", "3"]) await work.submit(input);
	await quiet();
	assert.equal([work.attempts.length, worker.running, [...worker.agentsInProgress()]], [2, 2, ["news", "news"]]);
	at(work, 0).answer("");
	await quiet();
	assert.equal(
		work.attempts.map(({ input }) => input),
		["1", "2", "3"],
	);
});

test("a frozen worker's run is taken over within ten seconds, and the frozen one ends its attempt and stores nothing", async () => {
	const work = new RunWork();
	const frozen = cutOff(work.runs);
	const first = work.worker("a", { runs: frozen.runs });
	const id = await work.submit("Bern");
	await quiet();
	await at(work, 0).emit("from a");
	await work.clock.advance(60);
	frozen.isCut = true;
	work.worker("b");
	await work.clock.advance(9_000);
	assert.is(work.attempts.length, 2, "b has taken the run over");
	await at(work, 1).emit("from b");
	await work.clock.advance(60);
	frozen.isCut = false;
	assert.is(at(work, 0).options.signal.aborted, false);
	await work.clock.advance(2_500);
	assert.is(at(work, 0).options.signal.aborted, true);
	at(work, 1).answer("b's");
	await quiet();
	assert.equal(await work.state(id), ["completed", 2, { answer: "b's" }]);
	assert.equal(await stepsOf(work, id), ["1 from a", "2 attempt worker_lost", "2 from b"]);
	assert.equal([first.counts.lost, first.running], [1, 0]);
});

test("an answer that waited for the store is dropped if the run was handed to another attempt meanwhile", async () => {
	const work = new RunWork();
	const view = cutOff(work.runs);
	const worker = work.worker("a", { runs: view.runs });
	const id = await work.submit("Bern");
	await quiet();
	view.isCut = true;
	at(work, 0).answer("sunny");
	await work.clock.advance(20_000);
	assert.equal((await work.state(id)).slice(0, 2), ["queued", 1]);
	assert.is(worker.running, 1, "the answer waits in the place of its run");
	view.isCut = false;
	await work.clock.advance(2_500);
	assert.equal([worker.counts.completed, worker.counts.lost], [0, 1]);
	at(work, 1).answer("rain");
	await quiet();
	assert.equal(await work.state(id), ["completed", 2, { answer: "rain" }]);
});

test("an answer that waited for the store is stored if the attempt still holds", async () => {
	const work = new RunWork();
	const view = cutOff(work.runs);
	work.worker("a", { runs: view.runs });
	const id = await work.submit("Bern");
	await quiet();
	view.isCut = true;
	at(work, 0).answer("sunny");
	await work.clock.advance(4_000);
	view.isCut = false;
	await work.clock.advance(1_100);
	assert.equal(await work.state(id), ["completed", 1, { answer: "sunny" }]);
});

test("the guest is held back while its output cannot be stored", async () => {
	const work = new RunWork();
	const view = cutOff(work.runs);
	work.worker("a", { runs: view.runs });
	const id = await work.submit("Bern");
	await quiet();
	view.isCut = true;
	let taken = 0;
	const emitted = (async () => {
		for (let count = 0; count < 50; count += 1) {
			await at(work, 0).emit("x".repeat(10_000));
			taken += 1;
		}
		at(work, 0).answer("");
	})();
	await work.clock.advance(3_000);
	assert.ok(taken <= 12, `${taken} of 50 texts of 10,000 characters were taken`);
	view.isCut = false;
	await work.clock.advance(1_100);
	await quiet();
	await emitted;
	await quiet();
	assert.is((await work.state(id))[0], "completed");
	const lengths = (await stepsOf(work, id)).map((step) => step.length - 2);
	assert.equal([lengths.reduce((sum, length) => sum + length, 0), Math.max(...lengths) <= 32_768], [500_000, true]);
});

test("a cancelled run ends at once, without a wait for the next renewal", async () => {
	const work = new RunWork();
	const worker = work.worker("a");
	const id = await work.submit("Bern");
	await quiet();
	assert.is(await work.runs.cancel(id), "running");
	await quiet();
	assert.is(at(work, 0).options.signal.aborted, true);
	assert.equal((await work.state(id)).slice(0, 2), ["cancelled", 1]);
	assert.equal([worker.counts.cancelled, worker.running], [1, 0]);
});

test("a retryable error is retried after a backoff, and the run is poisoned after the last attempt", async () => {
	const work = new RunWork();
	work.worker("a");
	const id = await work.submit("Bern", { maxAttempts: 2 });
	await quiet();
	await at(work, 0).emit("half");
	at(work, 0).fail(new SpearError("rate_limited", "too many requests", { retryAfterMs: 3_000 }));
	await quiet();
	assert.is((await work.state(id))[0], "delayed");
	await work.clock.advance(2_900);
	assert.is(work.attempts.length, 1);
	await work.clock.advance(1_300);
	at(work, 1).fail(new SpearError("timeout", "too slow"));
	await quiet();
	const failure: RunFailure = { code: "timeout", message: "too slow", retryable: true };
	assert.equal(await work.state(id), ["poisoned", 2, { failure }]);
	assert.equal(await stepsOf(work, id), ["1 half", "2 attempt failed"]);
});

test("a run that the operator retries has all attempts again, and its readers see where it began again", async () => {
	const work = new RunWork();
	work.worker("a");
	const id = await work.submit("Bern", { maxAttempts: 1 });
	await quiet();
	await at(work, 0).emit("first");
	at(work, 0).fail(new SpearError("timeout", "too slow"));
	await quiet();
	assert.is(await work.runs.retry(id), true);
	await quiet();
	await at(work, 1).emit("again");
	at(work, 1).answer("sunny");
	await quiet();
	assert.equal(await work.state(id), ["completed", 1, { answer: "sunny" }]);
	assert.equal(await stepsOf(work, id), ["1 first", "1 attempt retried", "1 again"]);
});

const failures: [thrown: unknown, retryGuestFailures: boolean, expected: string][] = [
	[new SpearError("invalid_request", "no"), false, "failed"],
	[new GuestError("failed", "no luck"), false, "failed"],
	[new GuestError("trapped", "unreachable"), false, "failed"],
	[new GuestError("failed", "no luck"), true, "delayed"],
	[new SpearError("backend_error", "overloaded", { retryable: true }), false, "delayed"],
];
for (const [thrown, retryGuestFailures, expected] of failures)
	test(`a run whose attempt ends with ${String(thrown)} is ${expected}${retryGuestFailures ? " if the submission asks for retries" : ""}`, async () => {
		const work = new RunWork();
		work.worker("a");
		const id = await work.submit({ input: "Bern", retryGuestFailures });
		await quiet();
		at(work, 0).fail(thrown);
		await quiet();
		assert.is((await work.state(id))[0], expected);
	});

test("a run ends at its deadline, and is not retried", async () => {
	const work = new RunWork();
	work.worker("a");
	const id = await work.submit("Bern", { deadlineMs: 5_000 });
	await quiet();
	await work.clock.advance(5_000);
	assert.is(at(work, 0).options.signal.aborted, true);
	await quiet();
	assert.is((await work.state(id))[0], "expired");
});

test("a worker that stops hands back what has not started, and lets the rest end", async () => {
	const work = new RunWork();
	const worker = work.worker("a");
	const begun = await work.submit("begun");
	await quiet();
	work.holdsStart = true;
	const waiting = await work.submit("waiting");
	await quiet();
	const stopped = worker.stop(30_000);
	await quiet();
	assert.equal(await work.state(waiting), ["queued", 0]);
	await work.submit("late");
	await work.clock.advance(5_000);
	assert.is(work.attempts.length, 2, "a stopping worker takes nothing");
	at(work, 0).answer("done");
	assert.is(await stopped, 0);
	assert.equal(await work.state(begun), ["completed", 1, { answer: "done" }]);
	assert.is(work.clock.pending, 0, "a stopped worker has no timer");
});

test("a run that does not end in time is interrupted, and another worker runs it at once", async () => {
	const work = new RunWork();
	const worker = work.worker("a");
	const id = await work.submit("Bern");
	await quiet();
	const stopped = worker.stop(1_000);
	await work.clock.advance(1_000);
	assert.is(await stopped, 1);
	assert.equal((await work.state(id)).slice(0, 2), ["queued", 1]);
	work.worker("b");
	await quiet();
	at(work, 1).answer("sunny");
	await quiet();
	assert.equal(await work.state(id), ["completed", 2, { answer: "sunny" }]);
});

test("a run whose agent cannot begin is handed back, and tried again later without a lost attempt", async () => {
	const work = new RunWork();
	work.unavailable = new Error("the component is being replaced");
	work.worker("a");
	const id = await work.submit("Bern");
	await quiet();
	assert.equal(await work.state(id), ["queued", 0]);
	work.unavailable = undefined;
	await work.clock.advance(2_500);
	at(work, 0).answer("sunny");
	await quiet();
	assert.equal(await work.state(id), ["completed", 1, { answer: "sunny" }]);
});

test("an input that no host of this configuration has sealed fails the run", async () => {
	const work = new RunWork();
	work.worker("a");
	const id = await work.submit("Bern", { input: Buffer.from([1, 2, 3]) });
	await quiet();
	assert.equal((await work.state(id)).slice(0, 2), ["failed", 1]);
	assert.is(work.attempts.length, 0);
});

test.run();
