import { getEventListeners } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AbortListener, addAbortListener } from "../../src/async/abort-listeners.ts";

test("all listeners of a signal share one event listener and are called once, in their order", () => {
	const controller = new AbortController();
	const called: string[] = [];
	for (const name of ["a", "b", "c"]) addAbortListener(controller.signal, () => called.push(name));
	assert.is(getEventListeners(controller.signal, "abort").length, 1);
	controller.abort();
	assert.equal(called, ["a", "b", "c"]);
});

test("a signal whose listeners were all removed keeps no event listener", () => {
	const controller = new AbortController();
	const called: string[] = [];
	const [first, second] = [() => called.push("first"), () => called.push("second")];
	const ofFirst = addAbortListener(controller.signal, first);
	const ofSecond = addAbortListener(controller.signal, second);
	ofFirst?.remove();
	assert.is(getEventListeners(controller.signal, "abort").length, 1);
	ofSecond?.remove();
	ofSecond?.remove();
	assert.is(getEventListeners(controller.signal, "abort").length, 0);
	addAbortListener(controller.signal, second);
	controller.abort();
	assert.equal(called, ["second"]);
});

test("a listener that another one removes during the abort is not called", () => {
	const controller = new AbortController();
	const called: string[] = [];
	let last: AbortListener | undefined;
	addAbortListener(controller.signal, () => last?.remove());
	last = addAbortListener(controller.signal, () => called.push("last"));
	controller.abort();
	assert.equal(called, []);
});

test("a signal that is aborted already calls no listener", () => {
	const called: string[] = [];
	const listener = addAbortListener(AbortSignal.abort(), () => called.push("late"));
	assert.equal([listener, called], [undefined, []]);
});

test.run();
