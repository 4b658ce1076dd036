import { test } from "uvu";
import * as assert from "uvu/assert";
import { Notifier, type Readiness, waitForAny } from "../../src/stream/readiness.ts";
import { Timer } from "../../src/stream/timer.ts";

class Flag implements Readiness {
	readonly notifier = new Notifier();
	up = false;

	isReady(): boolean {
		return this.up;
	}

	onReady(notify: () => void): () => void {
		return this.notifier.subscribe(notify);
	}

	raise(): void {
		this.up = true;
		this.notifier.notifyAll();
	}
}

const NEVER = new AbortController().signal;

test("waiting returns the indices of ready sources at once, ascending", async () => {
	const [a, b, c] = [new Flag(), new Flag(), new Flag()];
	a.up = true;
	c.up = true;
	assert.equal(await waitForAny([a, b, c], NEVER), [0, 2]);
	assert.equal(await waitForAny([], NEVER), []);
});

test("waiting ends with the first ready source and leaves no subscription", async () => {
	const [a, b] = [new Flag(), new Flag()];
	const waiting = waitForAny([a, b], NEVER);
	b.raise();
	assert.equal(await waiting, [1]);
	assert.is(a.notifier.size, 0);
	assert.is(b.notifier.size, 0);
});

test("waiting continues when a source notifies without being ready", async () => {
	const flag = new Flag();
	const waiting = waitForAny([flag], NEVER);
	flag.notifier.notifyAll();
	await new Promise((resolve) => setImmediate(resolve));
	assert.is(flag.notifier.size, 1);
	flag.raise();
	assert.equal(await waiting, [0]);
});

test("waiting returns every index when its signal is aborted", async () => {
	const controller = new AbortController();
	const waiting = waitForAny([new Flag(), new Flag()], controller.signal);
	controller.abort();
	assert.equal(await waiting, [0, 1]);
});

test("a timer becomes ready after its delay unless it is disposed", async () => {
	const disposed = new Timer(1);
	disposed[Symbol.dispose]();
	const timer = new Timer(5);
	assert.is(timer.isReady(), false);
	assert.equal(await waitForAny([disposed, timer], NEVER), [1]);
});

test.run();
