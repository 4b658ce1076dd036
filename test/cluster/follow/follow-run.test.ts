import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseCursor } from "../../../src/cluster/follow/run-cursor.ts";
import type { FollowedStep } from "../../../src/cluster/follow/step-reader.ts";
import type { RunToken } from "../../../src/cluster/runs.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { settled } from "../../helpers/fake-clock.ts";
import { RunWork, shortSteps } from "../../helpers/run-work.ts";

const test = suite("readers of a run's steps");

const LEASE_MS = 6_000;

async function taken(work: RunWork): Promise<RunToken> {
	const [run] = await work.runs.take("a", [{ agent: "news", maxRunning: 9, most: 1 }], 1, LEASE_MS);
	if (run === undefined) throw new Error("no run waits");
	return run;
}

/** Stores steps of an execution, from a number on. */
async function append(work: RunWork, run: RunToken, execution: string, first: number, texts: readonly string[]): Promise<void> {
	const steps = texts.map((text, index) => {
		const event = text.startsWith("!") ? ({ type: "attempt", reason: "failed" } as const) : ({ type: "text", text } as const);
		return work.contents.sealStep(run.id, run.attempt, { execution, number: first + index, event });
	});
	await work.runs.append(run, steps);
}

function finish(work: RunWork, run: RunToken): Promise<unknown> {
	const content = work.contents.sealResult(run.id, { attempt: run.attempt, durationMs: 1, cpuMs: 1, ended: { answer: "" } });
	return work.runs.finish(run, { state: "completed", content });
}

async function read(work: RunWork, id: string, after = ""): Promise<FollowedStep[]> {
	const steps: FollowedStep[] = [];
	for await (const step of work.follow(id, after)) steps.push(step);
	return steps;
}

test("steps that a worker has stored twice are read once, from every cursor on", async () => {
	const work = new RunWork();
	const id = await work.submit("");
	const run = await taken(work);
	await append(work, run, "aaaaaaaa", 1, ["1", "2", "3"]);
	await append(work, run, "aaaaaaaa", 1, ["1", "2", "3"]);
	await append(work, run, "aaaaaaaa", 4, ["4"]);
	await append(work, run, "aaaaaaaa", 4, ["4"]);
	await finish(work, run);
	const all = await read(work, id);
	assert.equal(shortSteps(all), ["1 1", "1 2", "1 3", "1 4"]);
	for (const [index, { cursor }] of all.entries()) assert.equal(await read(work, id, cursor), all.slice(index + 1), cursor);
});

test("attempts follow each other with their beginnings, and one that was handed back begins once", async () => {
	const work = new RunWork();
	const id = await work.submit("");
	await append(work, await taken(work), "aaaaaaaa", 1, ["1"]);
	await work.clock.advance(LEASE_MS);
	const second = await taken(work);
	await append(work, second, "bbbbbbbb", 1, ["!"]);
	await work.runs.release(second);
	const third = await taken(work);
	assert.is(third.attempt, 2);
	await append(work, third, "cccccccc", 1, ["!", "2"]);
	await finish(work, third);
	const all = await read(work, id);
	assert.equal(shortSteps(all), ["1 1", "2 attempt failed", "2 2"]);
	for (const [index, { cursor }] of all.entries()) assert.equal(await read(work, id, cursor), all.slice(index + 1), cursor);
});

test("a reader after the operator's retry continues from every cursor without a repetition", async () => {
	const work = new RunWork();
	const id = await work.submit("", { maxAttempts: 1 });
	await append(work, await taken(work), "aaaaaaaa", 1, ["1", "2"]);
	await work.clock.advance(LEASE_MS);
	assert.is(await work.runs.retry(id), true);
	const again = await taken(work);
	await append(work, again, "bbbbbbbb", 1, ["1", "2"]);
	await finish(work, again);
	const all = await read(work, id);
	assert.equal(shortSteps(all), ["1 1", "1 2", "1 attempt retried", "1 1", "1 2"]);
	for (const [index, { cursor }] of all.entries()) assert.equal(await read(work, id, cursor), all.slice(index + 1), cursor);
});

test("steps that the store has dropped are told as a gap", async () => {
	const work = new RunWork();
	const id = await work.submit("", { maxEventBytes: 500 });
	const run = await taken(work);
	await append(
		work,
		run,
		"aaaaaaaa",
		1,
		Array.from({ length: 10 }, (_, index) => `${index}`),
	);
	await finish(work, run);
	const steps = shortSteps(await read(work, id));
	assert.equal([steps[0], steps.at(-1)], ["gap", "1 9"]);
	assert.ok(steps.length < 6);
});

test("a reader receives a step when it is stored, and ends with the run", async () => {
	const work = new RunWork();
	const id = await work.submit("");
	const run = await taken(work);
	const steps = work.follow(id);
	const next = steps.next();
	await settled();
	await append(work, run, "aaaaaaaa", 1, ["1"]);
	const { value } = await next;
	assert.is(value?.attempt, 1);
	const end = steps.next();
	await settled();
	await finish(work, run);
	assert.is((await end).done, true);
	assert.is(work.clock.pending, 0);
});

test("a reader that no notification reaches reads every two seconds", async () => {
	const work = new RunWork();
	const id = await work.submit("");
	const run = await taken(work);
	work.runs.onChange = () => () => {};
	const steps = work.follow(id);
	const next = steps.next();
	await settled();
	await append(work, run, "aaaaaaaa", 1, ["1"]);
	await work.clock.advance(2_000);
	assert.is((await next).value?.attempt, 1);
	await steps.return();
});

test("an unknown run, and the abort of the signal, end a reader with an error", async () => {
	const work = new RunWork();
	const unknown = await work
		.follow(`news.${"9".repeat(24)}`)
		.next()
		.catch((thrown: unknown) => thrown);
	assert.is(unknown instanceof SpearError && unknown.code, "invalid_request");
	const id = await work.submit("");
	const abort = new AbortController();
	const next = work.follow(id, "", abort.signal).next();
	await settled();
	abort.abort(new SpearError("cancelled", "gone"));
	assert.is(await next.catch((thrown: SpearError) => thrown.message), "gone");
	assert.is(work.clock.pending, 0);
});

test("texts that are no cursor are refused", () => {
	for (const text of ["1", "1-2", "1-2.3.4", "1-2.3.4.short", "1-2.3.4.toolong__", "x-2.3.4.aaaaaaaa", " 1-2.3.4.aaaaaaaa"])
		assert.is(parseCursor(text), undefined, text);
});

test.run();
