import assert from "node:assert/strict";
import { test } from "node:test";
import { mockHost } from "spear-hostcall/guest/testing";
import { run } from "./agent.ts";

test("addresses do not reach the model", () => {
	using host = mockHost({ embeddings: ({ payload }) => payload.input.map((text) => [text.length]) });
	const input = JSON.stringify({ operation: "embeddings", request: { input: ["Write to ann@example.com"] } });
	assert.equal(JSON.parse(host.run(run, input)).hidden, 1);
	assert.deepEqual(host.requestsOf("embeddings")[0]?.payload.input, ["Write to <address 1>"]);
	assert.equal(host.log[0]?.message, "1 addresses were removed");
});

test("an input of another form is refused", () => {
	using host = mockHost({ embeddings: [] });
	assert.throws(() => host.run(run, "{}"), /no `operation`/);
});
