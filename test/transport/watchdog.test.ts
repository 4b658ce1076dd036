import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { Watchdog } from "../../src/transport/watchdog.ts";

const timeout = (ms: number): SpearError => new SpearError("timeout", `${ms} ms`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("a watchdog calls back once with the limit of the step that takes too long", async () => {
	const errors: string[] = [];
	const watchdog = new Watchdog(({ message }) => errors.push(message));
	watchdog.watch(10_000, timeout);
	watchdog.watch(20, timeout);
	await pause(60);
	assert.equal(errors, ["20 ms"]);
	watchdog.stop();
});

test("a watchdog measures each step from its own start when steps share a timer", async () => {
	const errors: number[] = [];
	const watchdog = new Watchdog(() => errors.push(performance.now()));
	watchdog.watch(40, timeout);
	await pause(25);
	const began = performance.now();
	watchdog.watch(40, timeout);
	await pause(100);
	assert.is(errors.length, 1);
	assert.ok((errors[0] ?? 0) - began >= 38, "the second step had its whole time");
	watchdog.stop();
});

test("a watchdog does not call back for a step that has ended, nor after it was stopped", async () => {
	const errors: SpearError[] = [];
	const watchdog = new Watchdog((error) => errors.push(error));
	watchdog.watch(20, timeout);
	watchdog.clear();
	await pause(50);
	watchdog.stop();
	watchdog.watch(5, timeout);
	await pause(30);
	assert.equal(errors, []);
});

test("a watchdog with a limit of 0 has no limit", async () => {
	const errors: SpearError[] = [];
	const watchdog = new Watchdog((error) => errors.push(error));
	watchdog.watch(10, timeout);
	watchdog.watch(0, timeout);
	await pause(40);
	assert.equal(errors, []);
	watchdog.stop();
});

test("a watchdog leaves no timer behind that keeps the process alive", () => {
	const before = timers();
	const watchdog = new Watchdog(() => {});
	watchdog.watch(60_000, timeout);
	assert.is(timers(), before);
	watchdog.stop();
});

test.run();
