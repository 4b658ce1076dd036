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

test.run();
