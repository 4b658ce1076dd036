import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Logger } from "../../src/index.ts";
import { createHost } from "../helpers/isolation.ts";
import { unrulyGuest } from "../helpers/unruly-guest.ts";

const silent: Logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Waits in different hostcalls, computes, traps, or answers. */
const JOBS = [
	"waits over and over",
	"polls what is ready over and over",
	"asks over and over",
	"goes on when cancelled",
	"ask",
	"four",
	"recursion",
];

const RUNS = 500;

/** Returns the timers of this process that keep it alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("runs that are aborted at any time, time out or trap leave nothing behind", async () => {
	const host = await createHost({
		logger: silent,
		config: { host: { log_level: "silent", max_running: 50 }, guests: { "*": { cpu_ms: 500 } } },
	});
	const agent = await host.load((await unrulyGuest()).prepared);
	const before = timers();
	const outcomes = await Promise.all(
		Array.from({ length: RUNS }, async (_, index) => {
			const own = new AbortController();
			const job = JOBS[index % JOBS.length] ?? "four";
			// From runs that wait for their place to runs that have computed for a while.
			const timer = setTimeout(() => own.abort(), (index * 37) % 900);
			const options = index % 2 === 0 ? { signal: own.signal, timeoutMs: 200 + (index % 5) * 100 } : { signal: own.signal };
			const outcome = await agent.run(job, options).then(
				() => "answered",
				(error: unknown) => String(Reflect.get(Object(error), "code") ?? Reflect.get(Object(error), "name")),
			);
			clearTimeout(timer);
			return outcome;
		}),
	);
	assert.ok(
		outcomes.includes("answered") && outcomes.includes("cancelled") && outcomes.includes("GuestError"),
		[...new Set(outcomes)].join(),
	);
	assert.is(await agent.run("four"), "4");
	const { used, guests } = host.memory();
	assert.equal({ used, guests }, { used: 0, guests: [] });
	for (let turn = 0; turn < 200 && timers() > before; turn += 1) await new Promise((resolve) => setImmediate(resolve));
	assert.ok(timers() <= before, `${timers()} timers, ${before} before`);
	await agent.close();
	await host.close();
});

test.run();
