import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PriceConfig } from "../../../generated/ir/config.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope, chatRequest } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { routing, served } from "../calls.ts";
import { candidates, tableOf } from "../eligibility/table.ts";

/** Names of the candidates in order, for a request with these preferences. */
function order(instances: readonly Instance[], preferences: Partial<types.Routing> = {}, model = "m"): string {
	return candidates(tableOf(instances), chatEnvelope({ payload: chatRequest({ model }), routing: routing(preferences) })).join(" ");
}

const priced = (name: string, price?: PriceConfig): Instance => fakeInstance(name, price === undefined ? {} : { price });

test("candidates are ordered by priority first", () => {
	const instances = [fakeInstance("second", { priority: 2 }), fakeInstance("first", { priority: 1, models: [] })];
	assert.is(order(instances), "first second");
});

test("candidates are ordered by the precision of the model match when priorities are equal", () => {
	const instances = [
		fakeInstance("any", { models: [] }),
		fakeInstance("pattern", { models: ["m*"] }),
		fakeInstance("exact", { models: ["m1"] }),
	];
	assert.is(order(instances, {}, "m1"), "exact pattern any");
});

test("candidates keep the order of the configuration when the model matches equally well", () => {
	const instances = [["m1*"], ["m*"], ["m1*"], ["m*", "m12*"]].map((models, index) => fakeInstance(`i${index}`, { models }));
	assert.is(order(instances, {}, "m123"), "i0 i1 i2 i3");
});

test("candidates of the hinted region come first, unless no instance is in it", () => {
	const instances = [fakeInstance("us", { region: "us" }), fakeInstance("nowhere"), fakeInstance("eu", { region: "eu" })];
	assert.is(order(instances, { region_hint: "eu" }), "eu us nowhere");
	assert.is(order(instances, { region_hint: "mars" }), "us nowhere eu");
});

test("candidates are ordered by price when the cost hint is low, unknown prices last", () => {
	const instances = [priced("unknown"), priced("expensive", { input: 5, output: 10 }), priced("cheap", { input: 1, output: 2 })];
	assert.is(order(instances, { cost_hint: "low" }), "cheap expensive unknown");
	assert.is(order(instances, { cost_hint: "high" }), "unknown expensive cheap");
	assert.is(order(instances), "unknown expensive cheap");
});

test("hints do not override priority and model match", () => {
	const instances = [
		fakeInstance("eu", { region: "eu", priority: 1, price: { input: 1 } }),
		fakeInstance("any", { region: "eu", models: [] }),
		fakeInstance("us", { region: "us", price: { input: 9 } }),
	];
	assert.is(order(instances, { region_hint: "eu", cost_hint: "low" }), "us any eu");
});

test("a later tier serves only when no instance of the first is available", async () => {
	const first = fakeInstance("a", { priority: 0 });
	const second = fakeInstance("b", { priority: 0 });
	const clock = new FakeClock();
	const router = routerOf([fakeInstance("later", { priority: 1 }), first, second], { clock, chat: { policy: "round_robin" } });
	assert.equal(await served(router, 4), ["a", "b", "a", "b"]);
	for (const { stats } of [first, second]) stats.health("chat_completions").eject(clock.now(), 60_000);
	assert.equal(await served(router, 2), ["later", "later"]);
});

test.run();
