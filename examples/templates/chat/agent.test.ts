import assert from "node:assert/strict";
import { test } from "node:test";
import { httpFailure, mockHost } from "spear-hostcall/guest/testing";
import { run } from "./agent.ts";

test("the agent emits the answer while it comes", () => {
	using host = mockHost({ chat: [{ text: ["A sandbox", " for code."] }] });
	assert.equal(host.run(run, "What is WebAssembly?"), "A sandbox for code.");
	assert.equal(host.output.map((output) => (output.type === "text" ? output.text : "")).join(""), "A sandbox for code.");
	assert.equal(host.log[0]?.message, "19 characters");
});

test("an empty question asks no model", () => {
	using host = mockHost({ chat: [] });
	assert.throws(() => host.run(run, " "), /ask something/);
	assert.equal(host.requests.length, 0);
});

test("a failure of the model is that of the run", () => {
	using host = mockHost({ chat: [httpFailure(400, { message: "too long" })] });
	assert.throws(() => host.run(run, "hello"), { code: "invalid_request" });
});
