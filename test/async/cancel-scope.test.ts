import { test } from "uvu";
import * as assert from "uvu/assert";
import { CancelScope } from "../../src/async/cancel-scope.ts";
import { cancelledError } from "../../src/errors/spear-error.ts";

const reason = cancelledError("over");

test("a scope calls its listeners once, with the first reason, after those of its signal", () => {
	const scope = new CancelScope();
	const called: unknown[] = [];
	scope.onCancel((given) => called.push(given));
	scope.signal.addEventListener("abort", () => called.push("signal"));
	scope.cancel(reason);
	scope.cancel(cancelledError("again"));
	assert.equal(called, ["signal", reason]);
	assert.is(scope.signal.reason, reason);
});

test("the signal of a scope that was cancelled before is aborted with its reason", () => {
	const scope = new CancelScope();
	scope.cancel(reason);
	assert.ok(scope.signal.aborted);
	assert.is(scope.signal.reason, reason);
});

test("a listener is called at once after the cancellation, and never after its removal", () => {
	const scope = new CancelScope();
	const called: string[] = [];
	const removed = (): void => void called.push("removed");
	scope.onCancel(removed);
	scope.removeListener(removed);
	scope.cancel(reason);
	scope.onCancel(() => called.push("late"));
	assert.equal(called, ["late"]);
});

test("several listeners are called in their order, without those that were removed", () => {
	const scope = new CancelScope();
	const called: string[] = [];
	const [first, second, third] = ["first", "second", "third"].map((name) => () => void called.push(name));
	if (first === undefined || second === undefined || third === undefined) throw new Error("three listeners");
	for (const listener of [first, second, third]) scope.onCancel(listener);
	scope.removeListener(first);
	scope.onCancel(first);
	scope.removeListener(third);
	scope.cancel(reason);
	assert.equal(called, ["second", "first"]);
});

test("a race rejects with the reason at once, and discards a value that comes later", async () => {
	const scope = new CancelScope();
	const { promise, resolve } = Promise.withResolvers<string>();
	const late: string[] = [];
	const race = scope.race(promise, (value) => late.push(value));
	scope.cancel(reason);
	assert.is(await race.catch((thrown: unknown) => thrown), reason);
	resolve("value");
	await promise;
	await null;
	assert.equal(late, ["value"]);
});

test("a race settles as its promise does when that is first", async () => {
	const scope = new CancelScope();
	assert.is(await scope.race(Promise.resolve("value")), "value");
	assert.is(await scope.race(Promise.reject(new Error("failed"))).catch(({ message }: Error) => message), "failed");
});

test.run();
