import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { waitUntil } from "../../../src/hostcall/core/wait-until.ts";
import { Notifier } from "../../../src/stream/readiness.ts";
import { systemClock } from "../../../src/time/clock.ts";

const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;

test("a wait without an end keeps the process alive, and leaves no timer", async () => {
	const before = timers();
	const change = new Notifier();
	const wait = waitUntil({ clock: systemClock, signal: new AbortController().signal, ms: Number.POSITIVE_INFINITY, change });
	assert.is(timers(), before + 1);
	change.notifyAll();
	assert.is(timers(), before);
	await wait;
});

test.run();
