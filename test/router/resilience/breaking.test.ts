/** Circuit breakers through the router: failures that count, openings, trials and recovery. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { failing, inFlight, rejects, routing, served, takes, untilAborted, watched } from "../calls.ts";

/** Longer than the first open period with jitter, in milliseconds. */
const OPEN_MS = 5_501;

const serverError = (): SpearError => new SpearError("backend_error", "HTTP 500", { retryable: true });

/** An instance that answers with 500 while `fails` is set, and the number of its requests. */
class Fragile {
	requests = 0;
	fails = true;
	readonly instance: Instance;

	constructor(name: string) {
		this.instance = fakeInstance(name, {
			unary: async () => {
				this.requests += 1;
				if (this.fails) throw serverError();
				return chatResponse(name);
			},
		});
	}
}

const PREFER_A = chatEnvelope({ routing: routing({ preferred: ["a"] }) });

test("a failing instance gets five of 25 requests, and another answers all of them", async () => {
	const fragile = new Fragile("a");
	const router = routerOf([fragile.instance, fakeInstance("b")], { clock: new FakeClock() });
	assert.equal(
		await served(router, 25, PREFER_A),
		Array.from({ length: 25 }, () => "b"),
	);
	assert.is(fragile.requests, 5);
});

test("an explanation lists an instance with an open breaker and the time of its next trial", async () => {
	const fragile = new Fragile("a");
	const router = routerOf([fragile.instance, fakeInstance("b")], { clock: new FakeClock() });
	await served(router, 5, PREFER_A);
	const { eligible, rejected } = router.explain(PREFER_A);
	assert.equal(
		{ eligible, rejected: rejected.map(({ backend, reason }) => ({ backend, reason })) },
		{ eligible: ["b"], rejected: [{ backend: "a", reason: "unhealthy" }] },
	);
	assert.match(rejected[0]?.detail ?? "", /^5 failures in a row; next trial in \d+ ms$/);
});

test("a successful trial returns an instance to its share", async () => {
	const clock = new FakeClock();
	const fragile = new Fragile("a");
	const router = routerOf([fragile.instance, fakeInstance("b")], { clock });
	await served(router, 25, PREFER_A);
	clock.pass(OPEN_MS);
	fragile.fails = false;
	const context = watched();
	await router.unary(PREFER_A, context);
	assert.equal(
		{ chosen: context.decisions[0]?.chosen, events: context.decisions[0]?.explanation.events.map(({ type }) => type) },
		{ chosen: "a", events: ["recovered"] },
	);
	assert.equal(fragile.instance.stats.health("chat_completions").breaker.state(clock.now()), "closed");
	clock.pass(10_000);
	const names = await served(router, 10);
	assert.is(names.filter((name) => name === "a").length, 5);
});

test("an unhealthy instance gets trials, and their requests are answered by others when the trials fail", async () => {
	const clock = new FakeClock();
	const fragile = new Fragile("a");
	const router = routerOf([fragile.instance, fakeInstance("b")], { clock });
	await served(router, 25, PREFER_A);
	clock.pass(OPEN_MS);
	assert.equal(
		await served(router, 30),
		Array.from({ length: 30 }, () => "b"),
	);
	assert.is(fragile.requests, 6);
	fragile.fails = false;
	clock.pass(2 * OPEN_MS);
	assert.ok((await served(router, 30)).includes("a"));
});

test("requests go to other instances while a trial is in flight", async () => {
	const clock = new FakeClock();
	const recovering = fakeInstance("a", { unary: takes(clock, 50, () => chatResponse("a")) });
	for (let i = 0; i < 5; i++) recovering.stats.health("chat_completions").breaker.fail(false, 0);
	clock.pass(OPEN_MS);
	const router = routerOf([recovering, fakeInstance("b")], { clock });
	const trial = served(router, 1, PREFER_A);
	await settled();
	assert.equal(inFlight(recovering), [1]);
	assert.equal(await served(router, 5, PREFER_A), ["b", "b", "b", "b", "b"]);
	await clock.advance(50);
	assert.equal(await trial, ["a"]);
});

test("a success does not close the breaker when its request started before the opening", async () => {
	const clock = new FakeClock();
	const slow = fakeInstance("a", { unary: takes(clock, 100, () => chatResponse("a")) });
	const router = routerOf([slow, fakeInstance("b")], { clock });
	const early = served(router, 1);
	await settled();
	for (let i = 0; i < 5; i++) slow.stats.health("chat_completions").breaker.fail(false, clock.now());
	await clock.advance(100);
	assert.equal(await early, ["a"]);
	assert.is(slow.stats.health("chat_completions").breaker.state(clock.now()), "open");
});

for (const { what, error } of [
	{ what: "invalid_request", error: () => new SpearError("invalid_request", "HTTP 400") },
	{ what: "a backend_error of the request", error: () => new SpearError("backend_error", "HTTP 400", { attribution: "request" }) },
	{ what: "not_permitted", error: () => new SpearError("not_permitted", "no") },
	{ what: "a fault of the host", error: () => new TypeError("oops") },
	{ what: "a deadline of the caller", error: () => new SpearError("timeout", "too late", { attribution: "caller" }) },
]) {
	test(`an instance's breaker stays closed after 25 times ${what}`, async () => {
		let asked = 0;
		const instance = failing("a", () => {
			asked += 1;
			return error();
		});
		const router = routerOf([instance], { clock: new FakeClock() });
		for (let i = 0; i < 25; i++) await rejects(router.unary(chatEnvelope(), watched()));
		assert.equal(
			{
				asked,
				failures: instance.stats.health("chat_completions").breaker.failures,
				stateAt0: instance.stats.health("chat_completions").breaker.state(0),
			},
			{ asked: 25, failures: 0, stateAt0: "closed" },
		);
	});
}

test("a failure in the middle of a stream counts against the instance", async () => {
	const instance = fakeInstance("a", {
		async *stream() {
			yield { type: "text", text: "x" };
			throw serverError();
		},
	});
	const stream = routerOf([instance]).stream(chatEnvelope(), watched());
	await stream.next();
	await rejects(stream.next());
	assert.is(instance.stats.health("chat_completions").breaker.failures, 1);
});

test("all pending requests are served when their instance recovers", async () => {
	const clock = new FakeClock();
	const recovering = fakeInstance("a", { random: () => 0.5, unary: takes(clock, 300, () => chatResponse("a")) });
	for (let i = 0; i < 5; i++) recovering.stats.health("chat_completions").breaker.fail(false, 0);
	const router = routerOf([recovering], { clock });
	clock.pass(4_000);
	const calls = Promise.all([1, 2, 3, 4].map(() => served(router, 1)));
	await clock.advance(1_000);
	assert.equal(inFlight(recovering), [1]);
	await clock.advance(300);
	assert.equal(inFlight(recovering), [3]);
	await clock.advance(900);
	assert.equal((await calls).flat(), ["a", "a", "a", "a"]);
});

for (const { deadline, timeout_ms, opens, requests } of [
	{ deadline: "the host's maximum", timeout_ms: 1_000, opens: true, requests: 5 },
	{ deadline: "a shorter deadline of the guest", timeout_ms: 999, opens: false, requests: 8 },
]) {
	test(`a silent instance's breaker ${opens ? "opens" : "stays closed"} when requests end by ${deadline}`, async () => {
		const clock = new FakeClock();
		let times = 0;
		const silent = fakeInstance("a", {
			unary: () => {
				times += 1;
				return new Promise(() => {});
			},
		});
		const router = routerOf([silent], { clock, chat: { timeoutMs: 1_000 }, settings: { queueTimeoutMs: 0 } });
		for (let i = 0; i < 8; i++) {
			const call = rejects(router.unary(chatEnvelope({ timeout_ms }), watched()));
			await clock.advance(1_000);
			await call;
			await settled();
		}
		assert.is(times, requests);
	});
}

for (const { secondStartsAt, failures } of [
	{ secondStartsAt: 499, failures: 1 },
	{ secondStartsAt: 500, failures: 0 },
]) {
	test(`a silent instance has ${failures} failures when its attempt began after ${secondStartsAt} ms of the host's maximum of 1,000`, async () => {
		const clock = new FakeClock();
		const fails = takes(clock, secondStartsAt, () => {
			throw serverError();
		});
		const silent = fakeInstance("b", { unary: untilAborted });
		const router = routerOf([fakeInstance("a", { unary: fails }), silent], { clock, chat: { timeoutMs: 1_000 } });
		const call = rejects(router.unary(chatEnvelope({ timeout_ms: 1_000 }), watched()));
		await clock.advance(1_000);
		assert.is((await call).code, "timeout");
		assert.is(silent.stats.health("chat_completions").breaker.failures, failures);
	});
}

test.run();
