import { getEventListeners } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { addAbortListener, removeAbortListener } from "../../src/async/abort-listeners.ts";

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
	addAbortListener(controller.signal, first);
	addAbortListener(controller.signal, second);
	removeAbortListener(controller.signal, first);
	assert.is(getEventListeners(controller.signal, "abort").length, 1);
	removeAbortListener(controller.signal, second);
	removeAbortListener(controller.signal, second);
	assert.is(getEventListeners(controller.signal, "abort").length, 0);
	addAbortListener(controller.signal, second);
	controller.abort();
	assert.equal(called, ["second"]);
});

test("a listener that another one removes during the abort is not called", () => {
	const controller = new AbortController();
	const called: string[] = [];
	const last = (): void => void called.push("last");
	addAbortListener(controller.signal, () => removeAbortListener(controller.signal, last));
	addAbortListener(controller.signal, last);
	controller.abort();
	assert.equal(called, []);
});

test.run();
