import { test } from "uvu";
import * as assert from "uvu/assert";
import { guestIdentity } from "../../../src/identity/guest-identity.ts";
import type { LimitStore } from "../../../src/router/limits/limit-store.ts";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { served, watched } from "../calls.ts";

const CHAT = "chat_completions";
const keys = { sources: ["k1", "k2"].map((value) => ({ read: () => value })) };

test("the limits of an instance are told by key, with what its requests have drawn", async () => {
	const clock = new FakeClock();
	const rate = { amount: 10, ofOperation: false };
	const instance = fakeInstance("a", { keys, concurrency: 5, rates: { requestsPerMinute: rate, concurrency: 3 } });
	const router = routerOf([instance], { clock });
	await served(router, 3);
	assert.equal(router.instanceLimits(instance), [
		{ kind: "concurrency", limit: 5, left: 5 },
		{ kind: "requests_per_minute", limit: 10, left: 9, key: 1 },
		{ kind: "requests_per_minute", limit: 10, left: 8, key: 2 },
	]);
	assert.equal(router.instanceLimits(instance, CHAT), [{ kind: "concurrency", limit: 3, left: 3 }]);
});

test("a rate of one operation is told there, and refills", async () => {
	const clock = new FakeClock();
	const instance = fakeInstance("a", { rates: { requestsPerMinute: { amount: 60, ofOperation: true } } });
	const router = routerOf([instance], { clock });
	await served(router, 10);
	const left = () => router.instanceLimits(instance, CHAT).map((limit) => limit.left);
	assert.equal([router.instanceLimits(instance), left()], [[], [50]]);
	clock.pass(4_000);
	assert.equal(left(), [54]);
});

test("the budget of a guest is told with its end, in UTC", async () => {
	const clock = new FakeClock();
	const wallClock = () => Date.UTC(2026, 10, 30, 23, 30);
	for (const [per, end] of [
		["hour", Date.UTC(2026, 11, 1)],
		["day", Date.UTC(2026, 11, 1)],
		["month", Date.UTC(2026, 11, 1)],
	] as const) {
		const instance = fakeInstance("a", { price: { request: 0.25 } });
		const settings = { budget: { amount: 2, per }, concurrency: 4, routes: new Map() };
		const router = routerOf([instance], { clock, wallClock, guests: { "*": settings } });
		const guest = guestIdentity("shop");
		await router.unary(chatEnvelope(), watched({ guest }));
		assert.equal(router.guestLimits(guest), {
			entry: "*",
			inFlight: 0,
			limits: [
				{ kind: "concurrency", limit: 4, left: 4 },
				{ kind: `budget_per_${per}`, limit: 2, left: 1.75, resetsAtMs: end },
			],
		});
	}
});

test("a store that does not tell its levels leaves out what is left", () => {
	const memory = new MemoryLimitStore(new FakeClock());
	const store: LimitStore = { reserve: (charges) => memory.reserve(charges) };
	const instance = fakeInstance("a", { rates: { requestsPerMinute: { amount: 10, ofOperation: false } } });
	assert.equal(routerOf([instance], { store }).instanceLimits(instance), [{ kind: "requests_per_minute", limit: 10 }]);
});

test("a guest without settings has no limits", () => {
	const router = routerOf([fakeInstance("a")]);
	assert.equal(router.guestLimits(guestIdentity("shop")), { entry: "", inFlight: undefined, limits: [] });
});

test.run();
