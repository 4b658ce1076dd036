import { getEventListeners } from "node:events";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LinkedSignal } from "../../src/async/linked-signal.ts";

const test = suite("linked signal");

test("it is aborted with the first of others, with the reason of that one", () => {
	const [one, other] = [new AbortController(), new AbortController()];
	const { signal } = new LinkedSignal(one.signal, other.signal);
	assert.is(signal.aborted, false);
	other.abort("first");
	one.abort("second");
	assert.is(signal.reason, "first");
});

test("it is aborted at once when one of the others is", () => {
	const { signal } = new LinkedSignal(new AbortController().signal, AbortSignal.abort("before"));
	assert.is(signal.reason, "before");
});

test("it is aborted no more after its release, and leaves no listeners", () => {
	const [one, other] = [new AbortController(), new AbortController()];
	const linked = new LinkedSignal(one.signal, other.signal);
	assert.is(getEventListeners(one.signal, "abort").length, 1);
	linked[Symbol.dispose]();
	one.abort();
	assert.is(linked.signal.aborted, false);
	assert.is(getEventListeners(one.signal, "abort").length, 0);
	assert.is(getEventListeners(other.signal, "abort").length, 0);
});

test.run();
