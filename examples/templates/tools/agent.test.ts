import assert from "node:assert/strict";
import { test } from "node:test";
import { mockHost } from "spear-hostcall/guest/testing";
import { run } from "./agent.ts";

const call = (id: string, name: string, part: string) => ({ id, name, arguments: { part } });

test("the agent runs the tools that the model calls, and emits their names", () => {
	using host = mockHost({
		chat: [{ toolCalls: [call("1", "stock", "bolt"), call("2", "price", "bolt")] }, "There are 480 bolts, at 0.10 euros."],
	});
	assert.equal(host.run(run, "Are there bolts?"), "There are 480 bolts, at 0.10 euros.");
	assert.deepEqual(host.output, [{ type: "event", name: "looked-up", data: ["stock", "price"] }]);
	const [, second] = host.requestsOf("chat_completions");
	assert.match(JSON.stringify(second?.payload.messages), /onHand.*480/);
	host.assertUsed();
});

test("the model learns that a part is unknown, and that arguments are wrong", () => {
	const wrong = { id: "2", name: "price", arguments: { item: "bolt" } };
	using host = mockHost({ chat: [{ toolCalls: [call("1", "stock", "gear"), wrong] }, "There are no gears."] });
	assert.equal(host.run(run, "A gear?"), "There are no gears.");
	const told = JSON.stringify(host.requests[1]?.payload);
	assert.match(told, /no part gear/);
	assert.match(told, /part/);
});
