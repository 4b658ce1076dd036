import { test } from "uvu";
import * as assert from "uvu/assert";
import { guestRuns, outputOf } from "../../helpers/guest-runs.ts";

const run = await guestRuns(`
const jobs = {
	async order() {
		const seen = [];
		queueMicrotask(() => seen.push("microtask"));
		setTimeout(() => seen.push("timer"), 0);
		Promise.resolve().then(() => seen.push("then"));
		seen.push("sync");
		await new Promise((resolve) => setTimeout(resolve, 5));
		return seen.join();
	},
	async combinators() {
		const later = (value, ms) => new Promise((resolve) => setTimeout(() => resolve(value), ms));
		const all = await Promise.all([later(1, 4), 2, later(3, 1)]);
		const race = await Promise.race([later("slow", 20), later("fast", 1)]);
		const any = await Promise.any([Promise.reject(new Error("no")), later("any", 1)]);
		const settled = await Promise.allSettled([Promise.reject("r"), 1]);
		const { promise, resolve } = Promise.withResolvers();
		resolve("resolved");
		const tried = await Promise.try(() => "tried");
		return JSON.stringify([all, race, any, settled, await promise, tried, await later(1, 1).finally(() => 2)]);
	},
	async subclass() {
		class Mine extends Promise {}
		const mine = Mine.resolve(1).then((value) => value + 1);
		return [mine instanceof Mine, mine instanceof Promise, await mine, Object.prototype.toString.call(mine), Promise.name].join();
	},
	async thenable() {
		return String(await { then(resolve) { resolve("from a thenable"); } });
	},
	async generators() {
		const source = (async function* () { yield 1; await null; yield 2; })();
		const seen = [];
		for await (const value of source) seen.push(value);
		for await (const value of [Promise.resolve(3)]) seen.push(value);
		return seen.join();
	},
	async cleared() {
		const seen = [];
		const id = setTimeout(() => seen.push("cleared"), 1);
		clearTimeout(id);
		let ticks = 0;
		await new Promise((resolve) => {
			const every = setInterval(() => { ticks += 1; if (ticks === 3) { clearInterval(every); resolve(); } }, 1);
		});
		setTimeout((...values) => seen.push(...values), 1, "a", "b");
		await new Promise((resolve) => setTimeout(resolve, 5));
		return [ticks, ...seen].join();
	},
	never: () => new Promise(() => {}),
	async rejects() {
		throw new RangeError("too far");
	},
	async unhandled() {
		Promise.reject(new Error("nobody looks"));
		setTimeout(() => { throw new TypeError("in a timer"); }, 1);
		await new Promise((resolve) => setTimeout(resolve, 5));
		return "goes on";
	},
	leaves() {
		setTimeout(() => { throw new Error("after the end"); }, 1);
		Promise.resolve().then(() => { state = "then ran"; });
		return state;
	},
	async state() {
		await new Promise((resolve) => setTimeout(resolve, 2));
		return state;
	},
};
let state = "nothing ran";
setTimeout(() => { state = "a timer of the build ran"; }, 0);
export const run = (job) => jobs[job]();
`);

const EXPECTED: Readonly<Record<string, string>> = {
	order: "sync,microtask,then,timer",
	combinators: '[[1,2,3],"fast","any",[{"status":"rejected","reason":"r"},{"status":"fulfilled","value":1}],"resolved","tried",1]',
	subclass: "true,true,2,[object Promise],Promise",
	thenable: "from a thenable",
	generators: "1,2,3",
	cleared: "3,a,b",
};

for (const [job, expected] of Object.entries(EXPECTED))
	test(`an asynchronous run in QuickJS works: ${job}`, async () => {
		assert.is(outputOf((await run(job)).outcome), expected);
	});

test("a run that awaits what nothing can settle fails at once and says so", async () => {
	const { outcome } = await run("never");
	assert.match(JSON.stringify(outcome), "run awaits a promise that nothing can settle");
});

test("a rejected run is a failure with the stack of its error", async () => {
	const { outcome } = await run("rejects");
	assert.match(JSON.stringify(outcome), /"RangeError: too far\\n {4}at [^)]+:\d+:\d+\)/);
});

test("an exception of a timer and a rejection that nothing handles are logged, and the run goes on", async () => {
	const { outcome, log } = await run("unhandled");
	assert.is(outputOf(outcome), "goes on");
	assert.equal(log, [
		"error uncaught exception: TypeError: in a timer [stack]",
		"error unhandled rejection of a promise: nobody looks [stack]",
	]);
});

test("microtasks run before a run ends, and its timers end with it", async () => {
	const { log, outcome } = await run("leaves");
	assert.is(outputOf(outcome), "nothing ran");
	assert.equal(log, []);
});

test("a timer that the top level starts never runs", async () => {
	assert.is(outputOf((await run("state")).outcome), "nothing ran");
});

test.run();
