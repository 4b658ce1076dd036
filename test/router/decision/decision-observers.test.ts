/** Observers of all decisions. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { guestIdentity } from "../../../src/identity/guest-identity.ts";
import type { ObservedDecision } from "../../../src/router/decision/decision-observers.ts";
import { chatEnvelope, chatResponse } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { routerOf } from "../../helpers/router.ts";
import { rejects, served, takes, watched } from "../calls.ts";

const UNSAMPLED = { decisionLog: { ratio: 0, capacity: 10 } };

test("an observer receives each decision with its guest and its times until it is removed", async () => {
	const clock = new FakeClock();
	const slow = fakeInstance("a", { unary: takes(clock, 250, () => chatResponse("yes")) });
	const router = routerOf([slow], { clock, settings: UNSAMPLED, wallClock: () => 1_000_000 + clock.now() });
	const seen: ObservedDecision[] = [];
	const remove = router.observe((observed) => seen.push(observed));
	await clock.advance(40);
	const call = router.unary(chatEnvelope(), watched({ guest: guestIdentity("shop") }));
	await clock.advance(250);
	await call;
	remove();
	const unseen = router.unary(chatEnvelope(), watched());
	await clock.advance(250);
	await unseen;
	assert.equal(
		seen.map(({ guest, startedAtMs, endedAtMs, operation, isEvaluated }) => ({
			guest: guest.name,
			startedAtMs,
			endedAtMs,
			operation,
			isEvaluated,
		})),
		[{ guest: "shop", startedAtMs: 1_000_040, endedAtMs: 1_000_290, operation: "chat_completions", isEvaluated: true }],
	);
	assert.equal(router.decisions, []);
});

test("an observer receives a failed decision with all instances", async () => {
	const router = routerOf([
		fakeInstance("a", { unary: () => Promise.reject(new SpearError("backend_error", "down")) }),
		fakeInstance("b", { hasKey: false }),
	]);
	const seen: ObservedDecision[] = [];
	router.observe((observed) => seen.push(observed));
	await rejects(router.unary(chatEnvelope(), watched()));
	const [observed] = seen;
	assert.equal(
		{ code: observed?.decision.error?.code, rejected: observed?.explanation.rejected.map(({ backend }) => backend) },
		{ code: "backend_error", rejected: ["b"] },
	);
});

test("with more than 64 instances only decisions of the log list all of them", async () => {
	const instances = Array.from({ length: 65 }, (_, index) => fakeInstance(`b${index}`));
	for (const [ratio, evaluated, eligible] of [
		[0, false, 1],
		[1, true, 65],
	] as const) {
		const router = routerOf(instances, { settings: { decisionLog: { ratio, capacity: 10 } } });
		const seen: ObservedDecision[] = [];
		router.observe((observed) => seen.push(observed));
		await served(router, 1);
		assert.equal([seen[0]?.isEvaluated, seen[0]?.explanation.eligible.length], [evaluated, eligible]);
	}
});

test.run();
