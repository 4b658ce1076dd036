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

/** Requests of one instance in one interval. */
interface Counted {
	readonly ok?: number;
	readonly failed?: number;
	/** Latency of each success, in milliseconds. The default is 50. */
	readonly ms?: number;
}

/** Peers with these requests after one comparison, and the names of the ejected ones. */
function compared(requests: readonly Counted[], settings: Partial<EjectionSettings> = {}): { ejected: string[]; peers: Instance[] } {
	const peers = requests.map(({ ok = 0, failed = 0, ms = 50 }, index) => {
		const instance = fakeInstance(String.fromCharCode(97 + index));
		const { counts } = instance.stats.latency(KEY);
		for (let i = 0; i < ok; i++) counts.recordSuccess(ms, 500);
		for (let i = 0; i < failed; i++) counts.recordFailure(500);
		return instance;
	});
	const ejection = new OutlierEjection(peers, "chat_completions", KEY, { ...SETTINGS, ...settings });
	assert.equal(ejection.sweep(0), []);
	return { ejected: ejection.sweep(1_000).map(({ name }) => name), peers };
}

test("an instance is ejected when its error ratio reaches the bound and most peers fail less", () => {
	const { ejected, peers } = compared([{ ok: 10, failed: 10 }, { ok: 20 }, { ok: 19, failed: 1 }]);
	assert.equal(ejected, ["a"]);
	assert.equal(
		{
			ejectedUntilAt3999: peers[0]?.stats.health("chat_completions").ejectedUntil(3_999),
			ejectedUntilAt4000: peers[0]?.stats.health("chat_completions").ejectedUntil(4_000),
		},
		{ ejectedUntilAt3999: 4_000, ejectedUntilAt4000: 0 },
	);
});

test("an instance is not ejected when its error ratio is below the bound", () => {
	assert.equal(compared([{ ok: 11, failed: 9 }, { ok: 20 }, { ok: 20 }]).ejected, []);
});

test("an instance is ejected when its latency exceeds the multiple of the median", () => {
	assert.equal(compared([{ ok: 10, ms: 251 }, { ok: 10 }, { ok: 10 }]).ejected, ["a"]);
	assert.equal(compared([{ ok: 10, ms: 250 }, { ok: 10 }, { ok: 10 }]).ejected, []);
});

test("the slower of two instances is ejected when its latency exceeds the multiple of the other's", () => {
	assert.equal(compared([{ ok: 10 }, { ok: 10, ms: 251 }]).ejected, ["b"]);
});

test("an instance is not ejected when its latency is at most 20 ms", () => {
	assert.equal(
		compared([
			{ ok: 10, ms: 20 },
			{ ok: 10, ms: 1 },
			{ ok: 10, ms: 1 },
		]).ejected,
		[],
	);
});

test("an instance is not ejected when it had too few requests", () => {
	assert.equal(compared([{ failed: 9 }, { ok: 20 }, { ok: 20 }]).ejected, []);
});

test("no instance is ejected when most peers fail", () => {
	assert.equal(compared([{ failed: 20 }, { failed: 20 }, { failed: 20 }, { ok: 20 }]).ejected, []);
});

test("the worst instances are ejected when the limit allows only a part", () => {
	const requests = [{ ok: 4, failed: 16 }, { failed: 20 }, { ok: 20 }, { ok: 20 }, { ok: 20 }];
	assert.equal(compared(requests).ejected, ["b", "a"]);
	assert.equal(compared(requests, { maxEjectionRatio: 0.2 }).ejected, ["b"]);
	assert.equal(compared(requests, { maxEjectionRatio: 0.1 }).ejected, []);
});

test("an instance is not ejected when open breakers already use the limit", () => {
	const peers = [0, 1, 2].map((index) => fakeInstance(`i${index}`));
	for (const { stats } of peers.slice(1)) for (let i = 0; i < 20; i++) stats.latency(KEY).counts.recordSuccess(50, 500);
	for (let i = 0; i < 20; i++) peers[0]?.stats.latency(KEY).counts.recordFailure(500);
	for (let i = 0; i < 5; i++) peers[2]?.stats.health("chat_completions").breaker.fail(false, 500);
	const ejection = new OutlierEjection(peers, "chat_completions", KEY, SETTINGS);
	ejection.sweep(0);
	assert.equal(ejection.sweep(1_000), []);
});

test("instances are compared once per interval", () => {
	const { peers } = compared([{ ok: 20 }, { ok: 20 }, { ok: 20 }]);
	const ejection = new OutlierEjection(peers, "chat_completions", KEY, SETTINGS);
	ejection.sweep(0);
	for (let i = 0; i < 60; i++) peers[0]?.stats.latency(KEY).counts.recordFailure(900);
	assert.equal(ejection.sweep(999), []);
	assert.equal(ejection.sweep(1_000), [peers[0]]);
});

test("an ejection lasts longer when it follows another soon", () => {
	const { stats } = fakeInstance("a");
	const until = [1_000, 5_000, 60_000].map((now) => {
		stats.health("chat_completions").eject(now, 3_000);
		return stats.health("chat_completions").ejectedUntil(now) - now;
	});
	assert.equal(until, [3_000, 6_000, 3_000]);
});

test("an instance gets a growing part of its share after an ejection", () => {
	const { stats } = fakeInstance("a");
	stats.health("chat_completions").eject(0, 3_000);
	assert.equal(
		[3_000, 4_000, 8_000, 13_000, 99_000].map((now) => stats.slowStartFactor("chat_completions", now)),
		[0.1, 0.1, 0.5, 1, 1],
	);
});

test("the router ejects a failing instance, uses it again after its time, and starts slowly", async () => {
	const clock = new FakeClock();
	let [turn, repaired] = [0, false];
	const flaky = fakeInstance("a", {
		unary: async () => {
			turn += 1;
			if (!repaired && turn % 3 !== 0) throw new SpearError("backend_error", "HTTP 500");
			return chatResponse("a");
		},
	});
	const router = routerOf([flaky, fakeInstance("b"), fakeInstance("c")], { clock });
	/** Sends requests 100 ms apart. Returns the number of first attempts at the flaky instance. */
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
	assert.ok(flaky.stats.health("chat_completions").ejectedUntil(clock.now()) > 0);
	assert.equal(
		tally(await served(router, 10)),
		new Map([
			["b", 5],
			["c", 5],
		]),
	);
	assert.equal(
		router.explain(chatEnvelope()).rejected.map(({ backend, reason }) => ({ backend, reason })),
		[{ backend: "a", reason: "unhealthy" }],
	);
	clock.pass(flaky.stats.health("chat_completions").ejectedUntil(clock.now()) - clock.now());
	repaired = true;
	const [soon, later] = [await drive(50), await drive(100)];
	assert.ok(soon > 0 && soon < 12, `${soon} of 50 in the first half of its slow start`);
	assert.ok(later > 22 && later < 35, `${later} of 100 in the second half and after it`);
});

/** Peers `a` and `b` with these requests of each guest at `a`. `b` serves 20 requests of each. Returns the state of `a` after a comparison. */
function comparedFor(atA: Readonly<Record<string, Counted>>) {
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	for (const [guest, { ok = 0, failed = 0, ms = 50 }] of Object.entries(atA)) {
		const { counts } = a.stats.latency(KEY);
		for (let i = 0; i < ok; i++) counts.recordSuccess(ms, 500, guest);
		for (let i = 0; i < failed; i++) counts.recordFailure(500, guest);
		for (let i = 0; i < 20; i++) b.stats.latency(KEY).counts.recordSuccess(50, 500, guest);
	}
	const ejection = new OutlierEjection([a, b], "chat_completions", KEY, SETTINGS);
	ejection.sweep(0, false);
	ejection.sweep(1_000, false);
	const health = a.stats.health("chat_completions");
	const forGuests = Object.keys(atA).filter((guest) => health.ownUnavailableUntil(guest, 1_000) > 0);
	return { forAll: health.ejectedUntil(1_000) > 0, forGuests };
}

test("an instance at which one guest alone fails is not ejected when others succeed there", () => {
	assert.equal(comparedFor({ hostile: { failed: 500 }, victim: { ok: 5 } }), { forAll: false, forGuests: [] });
});

test("an instance that one guest alone has used is ejected for that guest", () => {
	assert.equal(comparedFor({ hostile: { failed: 500 }, victim: { ok: 1 } }), { forAll: false, forGuests: ["hostile"] });
	assert.equal(comparedFor({ hostile: { ok: 500, ms: 5_000 } }), { forAll: false, forGuests: ["hostile"] });
});

test("an instance at which several guests fail is ejected for all", () => {
	assert.equal(comparedFor({ one: { failed: 10 }, other: { failed: 10 } }), { forAll: true, forGuests: [] });
	const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`guest-${index}`, { failed: 1 }]));
	assert.equal(comparedFor(many), { forAll: true, forGuests: [] });
});

test("an instance is not ejected because one guest's requests are quick at its peers", () => {
	const [a, b] = [fakeInstance("a"), fakeInstance("b")];
	for (const guest of ["one", "other"]) {
		for (let i = 0; i < 10; i++) a.stats.latency(KEY).counts.recordSuccess(400, 500, guest);
		for (let i = 0; i < 10; i++) b.stats.latency(KEY).counts.recordSuccess(400, 500, guest);
	}
	for (let i = 0; i < 1_000; i++) b.stats.latency(KEY).counts.recordSuccess(1, 500, "hostile");
	const ejection = new OutlierEjection([a, b], "chat_completions", KEY, SETTINGS);
	ejection.sweep(0, false);
	assert.equal(ejection.sweep(1_000, false), []);
});

test.run();
