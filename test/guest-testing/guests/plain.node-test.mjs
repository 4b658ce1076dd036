import assert from "node:assert/strict";
import { test } from "node:test";
import { mockHost } from "../../../src/guest-testing.ts";
import { run } from "./plain.ts";

test("a guest runs under the runner of Node", () => {
	using host = mockHost({ chat: ["Hello!"] });
	assert.equal(host.run(run, "hi"), "Hello!");
});
