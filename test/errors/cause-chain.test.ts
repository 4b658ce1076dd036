import { test } from "uvu";
import * as assert from "uvu/assert";
import { causeChain } from "../../src/errors/cause-chain.ts";

test("a chain names each message once and no stack", () => {
	const root = new Error("connect ECONNREFUSED");
	const middle = new Error("POST https://a.example: connect ECONNREFUSED", { cause: root });
	assert.is(
		causeChain(new Error("the backend is down", { cause: middle })),
		"the backend is down: POST https://a.example: connect ECONNREFUSED",
	);
});

test("a chain of an endless or long cause is bounded", () => {
	const loop = new Error("loop");
	loop.cause = loop;
	assert.is(causeChain(loop), "loop");
	assert.is(causeChain(new Error("x".repeat(10_000))).length, 2_000);
});

test("a chain of a value that is no error is the value", () => {
	assert.is(causeChain(new Error("", { cause: "a text" })), "Error: a text");
});

test("a value that cannot be read, whatever it is, ends the chain and does not throw", () => {
	const getter = (member: string): Error =>
		Object.defineProperty(new Error("no licence"), member, {
			get() {
				throw new Error("not this way");
			},
		});
	const hidden = new Proxy(new Error("no licence"), {
		getPrototypeOf() {
			throw new Error("not this way");
		},
	});
	const numbered = Object.assign(new Error("no licence"), { message: 5 });
	assert.is(causeChain(Object.create(null)), "a value without a text");
	assert.is(causeChain(getter("message")), "a value without a text");
	assert.is(causeChain(hidden), "a value without a text");
	assert.is(causeChain(getter("cause")), "no licence");
	assert.is(causeChain(new Error("it failed", { cause: Object.create(null) })), "it failed: a value without a text");
	assert.is(causeChain(new Error("it failed", { cause: numbered })), "it failed: 5");
});

test("nothing has a chain of its name", () => {
	assert.is(causeChain(undefined), "undefined");
	assert.is(causeChain(null), "null");
});

test.run();
