import { test } from "uvu";
import * as assert from "uvu/assert";
import { PLACES_MS } from "../../src/cluster/limits.ts";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { slice, testLimits } from "./conformance/limits.ts";

function rig() {
	let time = 1_000_000;
	const { limits } = new MemoryStore({ now: () => time });
	return {
		limits,
		pass: async (ms: number) => {
			time += ms;
		},
		[Symbol.asyncDispose]: async () => {},
	};
}

testLimits(async () => rig());

test("places of a host that is gone are free after their time", async () => {
	const { limits, pass } = rig();
	const request = { name: "n", owner: "n", limit: 1, target: 1, isWaiting: true };
	await limits.exchangePlaces("dead", [request]);
	await pass(PLACES_MS - 1);
	assert.is((await limits.exchangePlaces("b", [request]))[0]?.held, 0);
	await pass(1);
	assert.is((await limits.exchangePlaces("b", [request]))[0]?.held, 1);
});

test("the debt of a rate lasts a day at most", async () => {
	const { limits } = rig();
	const [answer] = await limits.exchange("a", [slice({ perMs: 1, owed: 1e12 })]);
	assert.is(answer?.level, -24 * 3_600_000);
});

test.run();
