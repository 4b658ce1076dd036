import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PriceConfig } from "../../../generated/ir/config.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope, chatRequest } from "../../helpers/chat.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { routing, served } from "../calls.ts";
import { candidates, tableOf } from "../eligibility/table.ts";

/** The candidates in order, for a request with these wishes. */
function order(instances: readonly Instance[], wishes: Partial<types.Routing> = {}, model = "m"): string {
	return candidates(tableOf(instances), chatEnvelope({ payload: chatRequest({ model }), routing: routing(wishes) })).join(" ");
}

const priced = (name: string, price?: PriceConfig): Instance => fakeInstance(name, price === undefined ? {} : { price });

test("the operator's priority comes first", () => {
	const instances = [fakeInstance("second", { priority: 2 }), fakeInstance("first", { priority: 1, models: [] })];
	assert.is(order(instances), "first second");
});

test("then who names the model, who has a pattern for it, who takes any", () => {
	const instances = [
		fakeInstance("any", { models: [] }),
		fakeInstance("pattern", { models: ["m*"] }),
		fakeInstance("exact", { models: ["m1"] }),
	];
	assert.is(order(instances, {}, "m1"), "exact pattern any");
});

test("those that meet the model equally well stand in the order of the configuration, whatever their patterns", () => {
	const instances = [["m1*"], ["m*"], ["m1*"], ["m*", "m12*"]].map((models, index) => fakeInstance(`i${index}`, { models }));
	assert.is(order(instances, {}, "m123"), "i0 i1 i2 i3");
});

test("then the region that the request wishes for; one that nobody is in changes nothing", () => {
	const instances = [fakeInstance("us", { region: "us" }), fakeInstance("nowhere"), fakeInstance("eu", { region: "eu" })];
	assert.is(order(instances, { region_hint: "eu" }), "eu us nowhere");
	assert.is(order(instances, { region_hint: "mars" }), "us nowhere eu");
});

test("then, if the request wishes for little cost, the price; the unknown comes last", () => {
	const instances = [priced("unknown"), priced("dear", { input: 5, output: 10 }), priced("cheap", { input: 1, output: 2 })];
	assert.is(order(instances, { cost_hint: "low" }), "cheap dear unknown");
	assert.is(order(instances, { cost_hint: "high" }), "unknown dear cheap");
	assert.is(order(instances), "unknown dear cheap");
});

test("a wish moves nobody past the operator's priority or a better model", () => {
	const instances = [
		fakeInstance("eu", { region: "eu", priority: 1, price: { input: 1 } }),
		fakeInstance("any", { region: "eu", models: [] }),
		fakeInstance("us", { region: "us", price: { input: 9 } }),
	];
	assert.is(order(instances, { region_hint: "eu", cost_hint: "low" }), "us any eu");
});

test("those after the first of a kind serve only when none of these can", async () => {
	const first = fakeInstance("a", { priority: 0 });
	const second = fakeInstance("b", { priority: 0 });
	const router = routerOf([fakeInstance("spare", { priority: 1 }), first, second], { chat: { policy: "round_robin" } });
	assert.equal(await served(router, 4), ["a", "b", "a", "b"]);
	for (const { stats } of [first, second]) stats.eject(performance.now(), 60_000);
	assert.equal(await served(router, 2), ["spare", "spare"]);
});

test.run();
