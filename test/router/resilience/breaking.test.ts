/** The circuit breaker at work: what counts against an instance, how it goes out, and how it comes back. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { failing, inFlight, rejects, routing, served, takes, watched } from "../calls.ts";

/** Longer than a breaker stays open the first time. */
const OPEN_MS = 5_501;

const serverError = (): SpearError => new SpearError("backend_error", "HTTP 500", { retryable: true });

/** An instance that answers with 500 until it is mended, and how often it was asked. */
class Fragile {
	asked = 0;
	broken = true;
	readonly instance: Instance;

	constructor(name: string) {
		this.instance = fakeInstance(name, {
			unary: async () => {
				this.asked += 1;
				if (this.broken) throw serverError();
				return chatResponse(name);
			},
		});
	}
}

const PREFER_A = chatEnvelope({ routing: routing({ preferred: ["a"] }) });

test("25 requests in a row that would meet a 500 ask the instance five times, and are all answered by another", async () => {
	const fragile = new Fragile("a");
	const router = routerOf([fragile.instance, fakeInstance("b")], { clock: new FakeClock() });
	assert.equal(
		await served(router, 25, PREFER_A),
		Array.from({ length: 25 }, () => "b"),
	);
	assert.is(fragile.asked, 5);
});

test("an instance that is out is told as such, with when it is tried again", async () => {
	const fragile = new Fragile("a");
	const router = routerOf([fragile.instance, fakeInstance("b")], { clock: new FakeClock() });
	await served(router, 5, PREFER_A);
	const { eligible, rejected } = router.explain(PREFER_A);
	assert.equal([eligible, rejected.map(({ backend, reason }) => [backend, reason])], [["b"], [["a", "unhealthy"]]]);
	assert.match(rejected[0]?.detail ?? "", /^5 failures in a row; next trial in \d+ ms$/);
});

test("one good probe brings it back", async () => {
	const clock = new FakeClock();
	const fragile = new Fragile("a");
	const router = routerOf([fragile.instance, fakeInstance("b")], { clock });
	await served(router, 25, PREFER_A);
	clock.pass(OPEN_MS);
	fragile.broken = false;
	const context = watched();
	await router.unary(PREFER_A, context);
	assert.equal([context.decisions[0]?.chosen, context.decisions[0]?.explanation.events.map(({ type }) => type)], ["a", ["recovered"]]);
	assert.equal(fragile.instance.stats.breaker.state(clock.now()), "closed");
	clock.pass(10_000);
	const names = await served(router, 10);
	assert.is(names.filter((name) => name === "a").length, 5);
});

test("without anybody asking for it, one that was out is tried in time, and the request suffers no failure of that", async () => {
	const clock = new FakeClock();
	const fragile = new Fragile("a");
	const router = routerOf([fragile.instance, fakeInstance("b")], { clock });
	await served(router, 25, PREFER_A);
	clock.pass(OPEN_MS);
	assert.equal(
		await served(router, 30),
		Array.from({ length: 30 }, () => "b"),
	);
	assert.is(fragile.asked, 6);
	fragile.broken = false;
	clock.pass(2 * OPEN_MS);
	assert.ok((await served(router, 30)).includes("a"));
});

test("while one request tries it, others go elsewhere", async () => {
	const clock = new FakeClock();
	const back = fakeInstance("a", { unary: takes(clock, 50, () => chatResponse("a")) });
	for (let i = 0; i < 5; i++) back.stats.breaker.fail(false, 0);
	clock.pass(OPEN_MS);
	const router = routerOf([back, fakeInstance("b")], { clock });
	const trial = served(router, 1, PREFER_A);
	await settled();
	assert.equal(inFlight(back), [1]);
	assert.equal(await served(router, 5, PREFER_A), ["b", "b", "b", "b", "b"]);
	await clock.advance(50);
	assert.equal(await trial, ["a"]);
});

test("an answer to a request that began before it went out does not bring it back", async () => {
	const clock = new FakeClock();
	const slow = fakeInstance("a", { unary: takes(clock, 100, () => chatResponse("a")) });
	const router = routerOf([slow, fakeInstance("b")], { clock });
	const early = served(router, 1);
	await settled();
	for (let i = 0; i < 5; i++) slow.stats.breaker.fail(false, clock.now());
	await clock.advance(100);
	assert.equal(await early, ["a"]);
	assert.is(slow.stats.breaker.state(clock.now()), "open");
});

for (const [what, error] of [
	["invalid_request", () => new SpearError("invalid_request", "HTTP 400")],
	["a backend_error that the request is to blame for", () => new SpearError("backend_error", "HTTP 400", { attribution: "request" })],
	["not_permitted", () => new SpearError("not_permitted", "no")],
	["a fault of the host", () => new TypeError("oops")],
	["a deadline of the caller", () => new SpearError("timeout", "too late", { attribution: "caller" })],
] as const) {
	test(`25 times ${what} does not count against the instance`, async () => {
		let asked = 0;
		const instance = failing("a", () => {
			asked += 1;
			return error();
		});
		const router = routerOf([instance], { clock: new FakeClock() });
		for (let i = 0; i < 25; i++) await rejects(router.unary(chatEnvelope(), watched()));
		assert.equal([asked, instance.stats.breaker.failures, instance.stats.breaker.state(0)], [25, 0, "closed"]);
	});
}

test("a failure in the middle of a stream counts", async () => {
	const instance = fakeInstance("a", {
		async *stream() {
			yield { type: "text", text: "x" };
			throw serverError();
		},
	});
	const stream = routerOf([instance]).stream(chatEnvelope(), watched());
	await stream.next();
	await rejects(stream.next());
	assert.is(instance.stats.breaker.failures, 1);
});

test("when an instance comes back, everybody who waits for it is served at once", async () => {
	const clock = new FakeClock();
	const back = fakeInstance("a", { random: () => 0.5, unary: takes(clock, 300, () => chatResponse("a")) });
	for (let i = 0; i < 5; i++) back.stats.breaker.fail(false, 0);
	const router = routerOf([back], { clock });
	clock.pass(4_000);
	const calls = Promise.all([1, 2, 3, 4].map(() => served(router, 1)));
	await clock.advance(1_000);
	assert.equal(inFlight(back), [1]);
	await clock.advance(300);
	assert.equal(inFlight(back), [3]);
	await clock.advance(900);
	assert.equal((await calls).flat(), ["a", "a", "a", "a"]);
});

for (const [whose, timeout_ms, asked] of [
	["the host's own deadline", 1_000, 5],
	["a shorter one that the guest set", 999, 8],
] as const) {
	test(`an instance that never answers ${asked === 5 ? "goes out" : "stays in"} when requests end by ${whose}`, async () => {
		const clock = new FakeClock();
		let times = 0;
		const hanging = fakeInstance("a", {
			unary: () => {
				times += 1;
				return new Promise(() => {});
			},
		});
		const router = routerOf([hanging], { clock, chat: { timeoutMs: 1_000 }, settings: { queueTimeoutMs: 0 } });
		for (let i = 0; i < 8; i++) {
			const call = rejects(router.unary(chatEnvelope({ timeout_ms }), watched()));
			await clock.advance(1_000);
			await call;
			// Not long enough for a breaker to try it again.
			await settled();
		}
		assert.is(times, asked);
	});
}

test.run();
