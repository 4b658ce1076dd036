/** Limits of one guest, through the router: requests, tokens, concurrency, money. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { Guests } from "../../../src/router/limits/guests.ts";
import type { LimitStore } from "../../../src/router/limits/limit-store.ts";
import type { GuestSettings } from "../../../src/router/settings.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { inFlight, rejects, routing, takes, watched } from "../calls.ts";

/** A router with these settings for every guest, and a function that sends a request as a guest. */
function guestsWith(rules: Partial<GuestSettings>, instance: FakeInstanceOptions = {}, named: Record<string, Partial<GuestSettings>> = {}) {
	const clock = new FakeClock();
	const wall = { now: Date.UTC(2026, 10, 26, 18, 30) };
	const all = Object.entries({ "*": rules, ...named }).map(([name, each]) => [name, { routes: new Map(), ...each }]);
	const backend = fakeInstance("a", instance);
	const router = routerOf([backend], { clock, guests: Object.fromEntries(all), wallClock: () => wall.now });
	const ask = (id: string, size: RequestSize = {}, name = id) => router.unary(chatEnvelope({ size }), watched({ guest: { id, name } }));
	return { clock, wall, backend, router, ask };
}

const reporting = (usage: types.Usage): FakeInstanceOptions => ({ unary: async () => chatResponse("a", { usage }) });

test("a guest is refused when its own requests per minute are used up", async () => {
	const { clock, ask } = guestsWith({ requestsPerMinute: 2 });
	await ask("one");
	await ask("one");
	const error = await rejects(ask("one"));
	assert.equal(
		{ code: error.code, reason: error.reason, retryAfterMs: error.retryAfterMs, retryable: error.retryable },
		{ code: "rate_limited", reason: "guest_rate_limit", retryAfterMs: 30_000, retryable: true },
	);
	assert.equal(error.explanation?.attempts, []);
	await ask("two");
	clock.pass(30_000);
	await ask("one");
});

test("a guest gets the settings of its name, and those of `*` when its name has none", async () => {
	const { ask } = guestsWith({ requestsPerMinute: 1 }, {}, { vip: { requestsPerMinute: 3 } });
	for (let i = 0; i < 3; i++) await ask("1", {}, "vip");
	await rejects(ask("1", {}, "vip"));
	await ask("2", {}, "other");
	await rejects(ask("2", {}, "other"));
});

test("a guest's tokens are reserved by estimate and corrected when usage is reported", async () => {
	const { ask } = guestsWith({ tokensPerMinute: 1_000 }, reporting({ input_tokens: 50, output_tokens: 50 }));
	// Each request reserves 800 and uses 100: 900 are left, then 800, then 700.
	await ask("one", { input_tokens: 300, output_tokens: 500 });
	await ask("one", { input_tokens: 300, output_tokens: 500 });
	await ask("one", { input_tokens: 300, output_tokens: 500 });
	const error = await rejects(ask("one", { input_tokens: 300, output_tokens: 500 }));
	assert.equal(
		{ code: error.code, reason: error.reason, message: error.message, retryAfterMs: error.retryAfterMs },
		{ code: "rate_limited", reason: "guest_rate_limit", message: "the tokens per minute of this guest are used up", retryAfterMs: 6_000 },
	);
});

test("a guest's tokens beyond the estimate become a debt", async () => {
	const { clock, ask } = guestsWith({ tokensPerMinute: 1_000 }, reporting({ input_tokens: 10, output_tokens: 1_490 }));
	await ask("one", { input_tokens: 10, output_tokens: 10 });
	assert.is((await rejects(ask("one", { input_tokens: 10, output_tokens: 10 }))).retryAfterMs, 31_200);
	clock.pass(31_200);
	await ask("one", { input_tokens: 10, output_tokens: 10 });
});

test("a guest's tokens are returned when the backend refuses the request", async () => {
	const refusing: FakeInstanceOptions = { unary: () => Promise.reject(new SpearError("invalid_request", "no")) };
	const { ask } = guestsWith({ tokensPerMinute: 1_000 }, refusing);
	for (let i = 0; i < 5; i++) assert.is((await rejects(ask("one", { input_tokens: 900, output_tokens: 100 }))).code, "invalid_request");
});

test("a guest is refused when it has its maximum of requests and streams in flight", async () => {
	const clock = new FakeClock();
	const instance = fakeInstance("a", {
		unary: takes(clock, 100, () => chatResponse("a")),
		async *stream() {
			yield { type: "text", text: "x" };
			yield { type: "completed", completed: chatResponse("a") };
		},
	});
	const router = routerOf([instance], { clock, guests: { "*": { concurrency: 2, routes: new Map() } } });
	const as = (id: string) => watched({ guest: { id } });
	const unary = router.unary(chatEnvelope(), as("one"));
	const stream = router.stream(chatEnvelope(), as("one"));
	await stream.next();
	const error = await rejects(router.unary(chatEnvelope(), as("one")));
	assert.equal(
		{ code: error.code, message: error.message },
		{ code: "rate_limited", message: "2 requests of this guest are in flight; the host's limit is 2" },
	);
	const other = router.unary(chatEnvelope(), as("two"));
	await stream.return(undefined);
	const next = router.unary(chatEnvelope(), as("one"));
	await clock.advance(100);
	await Promise.all([unary, other, next]);
	assert.equal(inFlight(instance), [0]);
});

test("an operation is refused when it has its maximum of requests in flight, for any guest", async () => {
	const clock = new FakeClock();
	const router = routerOf([fakeInstance("a", { unary: takes(clock, 100, () => chatResponse("a")) })], { clock, chat: { concurrency: 1 } });
	const first = router.unary(chatEnvelope(), watched({ guest: { id: "one" } }));
	await settled();
	const error = await rejects(router.unary(chatEnvelope(), watched({ guest: { id: "two" } })));
	assert.is(error.message, "1 requests of chat_completions are in flight; the host's limit is 1");
	await clock.advance(100);
	await first;
});

const PRICE = { input: 10, output: 20 };
const budget = { amount: 0.01, per: "hour" } as const;

test("a guest is refused until the end of the window when its budget is spent", async () => {
	// 200 input and 100 output tokens: 0.004 a request.
	const usage = { input_tokens: 200, output_tokens: 100 };
	const { wall, ask } = guestsWith({ budget }, { price: PRICE, ...reporting(usage) });
	const size = { input_tokens: 200, output_tokens: 100 };
	await ask("one", size);
	await ask("one", size);
	const error = await rejects(ask("one", size));
	assert.equal(
		{ code: error.code, reason: error.reason, message: error.message, retryable: error.retryable, retryAfterMs: error.retryAfterMs },
		{
			code: "rate_limited",
			reason: "budget_exceeded",
			message:
				"the budget of this guest for one hour does not suffice: spent 0.008 of 0.01, this request may need up to 0.004, and the budget resets at 2026-11-26T19:00:00Z",
			retryable: true,
			retryAfterMs: 1_800_000,
		},
	);
	await ask("two", size);
	wall.now += 30 * 60_000;
	await ask("one", size);
});

test("a decision reports the cost when price and usage are known", async () => {
	const costs: (number | undefined)[] = [];
	for (const { price, usage } of [
		{ price: PRICE, usage: { input_tokens: 1_000_000, output_tokens: 500_000 } },
		{ price: PRICE, usage: { output_tokens: 5 } },
		{ price: undefined, usage: { input_tokens: 1, output_tokens: 1 } },
	]) {
		const context = watched();
		const options = { ...reporting(usage), ...(price === undefined ? {} : { price }) };
		await routerOf([fakeInstance("a", options)]).unary(chatEnvelope(), context);
		costs.push(context.decisions[0]?.cost);
	}
	assert.equal(costs, [20, undefined, undefined]);
});

test("a request makes no attempt and holds no lease when its guest's budget is spent", async () => {
	const { backend, router } = guestsWith({ budget }, { price: PRICE });
	const size = { input_tokens: 1_000_000, output_tokens: 1 };
	const context = watched({ guest: { id: "one" } });
	await router.unary(chatEnvelope({ size }), context);
	const request = chatEnvelope({ size, routing: routing({ preferred: ["a"] }) });
	await rejects(router.unary(request, context));
	assert.equal({ inFlight: inFlight(backend), attempts: context.decisions[1]?.attempts }, { inFlight: [0], attempts: [] });
});

test("a guest's request ends once when its end is reported twice", () => {
	const guest = { id: "one" };
	const guests = new Guests(new Map([["*", { concurrency: 2, routes: new Map() }]]));
	const [first] = [guests.admit(guest), guests.admit(guest)];
	first();
	first();
	guests.admit(guest);
	assert.throws(() => guests.admit(guest), /2 requests of this guest are in flight/);
});

test("a guest is refused when a limit store names a bucket that is not its own", async () => {
	const store: LimitStore = { reserve: () => ({ granted: false, bucket: "of the store", retryAfterMs: 70 }) };
	const router = routerOf([fakeInstance("a")], { store, guests: { "*": { tokensPerMinute: 10, routes: new Map() } } });
	const error = await rejects(router.unary(chatEnvelope(), watched({ guest: { id: "one" } })));
	const { code, message, retryAfterMs } = error;
	assert.equal(
		{ code, message, retryAfterMs },
		{ code: "rate_limited", message: "the requests per minute of this guest are used up", retryAfterMs: 70 },
	);
});

test("a request of unknown size reserves no tokens of its guest", async () => {
	const amounts: number[] = [];
	const store: LimitStore = {
		reserve: (charges) => {
			amounts.push(...charges.map(({ amount }) => amount));
			return { granted: true, settle: () => {} };
		},
	};
	const router = routerOf([fakeInstance("a")], { store, guests: { "*": { tokensPerMinute: 10, routes: new Map() } } });
	await router.unary(chatEnvelope(), watched({ guest: { id: "one" } }));
	assert.equal(amounts, [0]);
});

test.run();
