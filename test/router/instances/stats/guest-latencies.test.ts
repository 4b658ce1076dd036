import { test } from "uvu";
import * as assert from "uvu/assert";
import { GuestLatencies } from "../../../../src/router/instances/stats/guest-latencies.ts";

test("a guest with enough samples has quantiles of its own", () => {
	const latencies = new GuestLatencies();
	for (let i = 0; i < 20; i++) latencies.add(100, "victim");
	for (let i = 0; i < 1_000; i++) latencies.add(60_000, "hostile");
	assert.ok((latencies.of("victim").quantile(0.95) ?? 0) < 110);
	assert.ok((latencies.of("hostile").quantile(0.5) ?? 0) > 50_000);
});

test("a guest with few samples has the quantiles of all", () => {
	const latencies = new GuestLatencies();
	for (let i = 0; i < 19; i++) latencies.add(100, "new");
	latencies.add(100, "other");
	assert.is(latencies.of("new"), latencies.of("unknown"));
	assert.is(latencies.of("new").count, 20);
});

test.run();
