import { test } from "uvu";
import * as assert from "uvu/assert";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { rejects, watched } from "../calls.ts";

function served(name = "a", perSecond?: number) {
	const rates = perSecond === undefined ? {} : { rates: { requestsPerSecond: { amount: perSecond, ofOperation: false } } };
	return fakeInstance(name, { unary: async () => chatResponse(name), ...rates });
}

test("a guest starts at most its requests per second and a tenth of them within any second", async () => {
	const clock = new FakeClock();
	const router = routerOf([served()], { clock, guests: { "*": { requestsPerSecond: 100, routes: new Map() } } });
	const startedAt: number[] = [];
	for (let ms = 0; ms < 3_000; ms += 5) {
		await router.unary(chatEnvelope(), watched()).then(
			() => startedAt.push(ms),
			() => {},
		);
		await clock.advance(5);
	}
	const largest = Math.max(...startedAt.map((from) => startedAt.filter((at) => at >= from && at < from + 1_000).length));
	assert.ok(largest <= 110 && largest >= 100, `${largest} in one second`);
	assert.ok(startedAt.length >= 300 && startedAt.length <= 310, `${startedAt.length}`);
});

test("the refusal names the limit per second and the time until the next request", async () => {
	const router = routerOf([served()], { clock: new FakeClock(), guests: { "*": { requestsPerSecond: 4, routes: new Map() } } });
	await router.unary(chatEnvelope(), watched());
	const refusal = await rejects(router.unary(chatEnvelope(), watched()));
	assert.equal(
		[refusal.code, refusal.message, refusal.reason, refusal.retryAfterMs],
		["rate_limited", "the requests per second of this guest are used up", "guest_rate_limit", 250],
	);
});

test("a backend whose requests per second are used up leaves them to others, with the reason in the decision", async () => {
	const clock = new FakeClock();
	const router = routerOf([served("a", 1), served("b")], { clock, settings: { decisionLog: { ratio: 1, capacity: 10 } } });
	const names: string[] = [];
	for (let i = 0; i < 4; i++) names.push((await router.unary(chatEnvelope(), watched())).backend.instance);
	assert.is(names.filter((name) => name === "a").length, 1);
	const details = router.decisions.flatMap(({ explanation }) => explanation.events?.map(({ detail }) => detail) ?? []);
	assert.ok(details.includes("its requests per second are used up"));
});

test("the status of a limit per second tells what its bucket holds", async () => {
	const instance = served("a", 50);
	const router = routerOf([instance], { clock: new FakeClock(), guests: { "*": { requestsPerSecond: 20, routes: new Map() } } });
	await router.unary(chatEnvelope(), watched());
	assert.equal(router.instanceLimits(instance), [{ kind: "requests_per_second", limit: 50, left: 4 }]);
});

test.run();
