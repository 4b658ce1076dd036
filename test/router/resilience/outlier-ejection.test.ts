import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { type EjectionSettings, OutlierEjection } from "../../../src/router/resilience/outlier-ejection.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { served, watched } from "../calls.ts";
import { tally } from "../load-balancing/policies/picking.ts";

const KEY = "chat_completions/unary";
const SETTINGS: EjectionSettings = {
	intervalMs: 1_000,
	minRequests: 10,
	errorRatio: 0.5,
	latencyFactor: 5,
	baseEjectionMs: 3_000,
	maxEjectionRatio: 0.5,
};

/** Of one instance in one interval. */
interface Record {
	readonly ok?: number;
	readonly failed?: number;
	/** Of each success. */
	readonly ms?: number;
}

/** Peers with these records, compared once. */
function compared(records: readonly Record[], settings: Partial<EjectionSettings> = {}): { out: string[]; peers: Instance[] } {
	const peers = records.map(({ ok = 0, failed = 0, ms = 50 }, index) => {
		const instance = fakeInstance(String.fromCharCode(97 + index));
		const { counts } = instance.stats.latency(KEY);
		for (let i = 0; i < ok; i++) counts.recordSuccess(ms, 500);
		for (let i = 0; i < failed; i++) counts.recordFailure(500);
		return instance;
	});
	const ejection = new OutlierEjection(peers, KEY, { ...SETTINGS, ...settings });
	assert.equal(ejection.sweep(0), []);
	return { out: ejection.sweep(1_000).map(({ name }) => name), peers };
}

test("one that fails as often as the bound says, where most fail less, is taken out for its time", () => {
	const { out, peers } = compared([{ ok: 10, failed: 10 }, { ok: 20 }, { ok: 19, failed: 1 }]);
	assert.equal(out, ["a"]);
	assert.equal([peers[0]?.stats.ejectedUntil(3_999), peers[0]?.stats.ejectedUntil(4_000)], [4_000, 0]);
});

test("one that fails a little less stays", () => {
	assert.equal(compared([{ ok: 11, failed: 9 }, { ok: 20 }, { ok: 20 }]).out, []);
});

test("one that takes more than so many times the usual latency is taken out", () => {
	assert.equal(compared([{ ok: 10, ms: 251 }, { ok: 10 }, { ok: 10 }]).out, ["a"]);
	assert.equal(compared([{ ok: 10, ms: 250 }, { ok: 10 }, { ok: 10 }]).out, []);
});

test("of two, the slower is measured by the quicker", () => {
	assert.equal(compared([{ ok: 10 }, { ok: 10, ms: 251 }]).out, ["b"]);
});

test("nobody is slow who answers at once, whatever the others manage", () => {
	assert.equal(
		compared([
			{ ok: 10, ms: 20 },
			{ ok: 10, ms: 1 },
			{ ok: 10, ms: 1 },
		]).out,
		[],
	);
});

test("one with few requests is not judged", () => {
	assert.equal(compared([{ failed: 9 }, { ok: 20 }, { ok: 20 }]).out, []);
});

test("when most fail the fault lies elsewhere, and all stay", () => {
	assert.equal(compared([{ failed: 20 }, { failed: 20 }, { failed: 20 }, { ok: 20 }]).out, []);
});

test("no more than a part of them is out at a time, the worst first", () => {
	const records = [{ ok: 4, failed: 16 }, { failed: 20 }, { ok: 20 }, { ok: 20 }, { ok: 20 }];
	assert.equal(compared(records).out, ["b", "a"]);
	assert.equal(compared(records, { maxEjectionRatio: 0.2 }).out, ["b"]);
	assert.equal(compared(records, { maxEjectionRatio: 0.1 }).out, []);
});

test("those whose breaker is open count among those out", () => {
	const peers = [0, 1, 2].map((index) => fakeInstance(`i${index}`));
	for (const { stats } of peers.slice(1)) for (let i = 0; i < 20; i++) stats.latency(KEY).counts.recordSuccess(50, 500);
	for (let i = 0; i < 20; i++) peers[0]?.stats.latency(KEY).counts.recordFailure(500);
	for (let i = 0; i < 5; i++) peers[2]?.stats.breaker.fail(false, 500);
	const ejection = new OutlierEjection(peers, KEY, SETTINGS);
	ejection.sweep(0);
	assert.equal(ejection.sweep(1_000), []);
});

test("they are compared once an interval", () => {
	const { peers } = compared([{ ok: 20 }, { ok: 20 }, { ok: 20 }]);
	const ejection = new OutlierEjection(peers, KEY, SETTINGS);
	ejection.sweep(0);
	for (let i = 0; i < 60; i++) peers[0]?.stats.latency(KEY).counts.recordFailure(900);
	assert.equal(ejection.sweep(999), []);
	assert.equal(ejection.sweep(1_000), [peers[0]]);
});

test("one taken out again soon after stays out longer; after a good while it begins anew", () => {
	const { stats } = fakeInstance("a");
	const until = [1_000, 5_000, 60_000].map((now) => {
		stats.eject(now, 3_000);
		return stats.ejectedUntil(now) - now;
	});
	assert.equal(until, [3_000, 6_000, 3_000]);
});

test("one that comes back gets a tenth of its share, and more with time until all of it", () => {
	const { stats } = fakeInstance("a");
	stats.eject(0, 3_000);
	assert.equal(
		[3_000, 4_000, 8_000, 13_000, 99_000].map((now) => stats.slowStartFactor(now)),
		[0.1, 0.1, 0.5, 1, 1],
	);
});

test("through the router: most of its requests fail, it goes out, comes back at its time and starts slowly", async () => {
	const clock = new FakeClock();
	let [turn, mended] = [0, false];
	const flaky = fakeInstance("a", {
		unary: async () => {
			turn += 1;
			if (!mended && turn % 3 !== 0) throw new SpearError("backend_error", "HTTP 500");
			return chatResponse("a");
		},
	});
	const router = routerOf([flaky, fakeInstance("b"), fakeInstance("c")], { clock });
	/** So many requests, 100 ms apart: how many went to it first. */
	const drive = async (count: number): Promise<number> => {
		let first = 0;
		for (let i = 0; i < count; i++) {
			const context = watched();
			await router.unary(chatEnvelope(), context);
			if (context.decisions[0]?.attempts[0]?.backend === "a") first += 1;
			clock.pass(100);
		}
		return first;
	};
	await drive(110);
	assert.ok(flaky.stats.ejectedUntil(clock.now()) > 0);
	assert.equal(
		tally(await served(router, 10)),
		new Map([
			["b", 5],
			["c", 5],
		]),
	);
	assert.equal(
		router.explain(chatEnvelope()).rejected.map(({ backend, reason }) => [backend, reason]),
		[["a", "unhealthy"]],
	);
	clock.pass(flaky.stats.ejectedUntil(clock.now()) - clock.now());
	mended = true;
	const [soon, later] = [await drive(50), await drive(100)];
	assert.ok(soon > 0 && soon < 12, `${soon} of 50 in the first half of its slow start`);
	assert.ok(later > 22 && later < 35, `${later} of 100 when it is almost over or is`);
});

test.run();
