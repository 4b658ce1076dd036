import { test } from "uvu";
import * as assert from "uvu/assert";
import { Decision } from "../../../src/router/decision/decision.ts";
import { DecisionLog } from "../../../src/router/decision/decision-log.ts";
import type { EligibilityReport } from "../../../src/router/decision/explanation.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

/** A decision over instances `a` and `b`, both eligible unless the report says otherwise. */
function decisionOf(report: EligibilityReport = { eligible: ["a", "b"], rejected: [] }) {
	const clock = new FakeClock();
	clock.pass(100);
	return {
		clock,
		decision: new Decision({ request: chatEnvelope(), policy: "round_robin", clock, startedAt: 90, evaluate: () => report }),
	};
}

const REFUSAL = { backend: "a", reason: "rate_limited", detail: "its tokens per minute are used up" } as const;

test("a decision lists an instance as rejected when its rate limit refused the request", () => {
	const { decision } = decisionOf();
	decision.choose("a");
	decision.refuse(REFUSAL);
	const { chosen, eligible, rejected } = decision.snapshot();
	assert.equal({ chosen, eligible, rejected }, { chosen: undefined, eligible: ["b"], rejected: [REFUSAL] });
});

test("a decision lists a refused instance as eligible when it is chosen later", () => {
	const { decision } = decisionOf();
	decision.choose("a");
	decision.refuse(REFUSAL);
	decision.choose("a");
	const { chosen, eligible, rejected } = decision.snapshot();
	assert.equal({ chosen, eligible, rejected }, { chosen: "a", eligible: ["a", "b"], rejected: [] });
});

test("a decision lists a refused instance as eligible when it had an attempt before", () => {
	const { decision } = decisionOf();
	decision.choose("a");
	decision.addAttempt({ backend: "a", latency_ms: 1, role: "first", start_ms: 0 }, { backend: "a" });
	decision.choose("a");
	decision.refuse(REFUSAL);
	const { chosen, eligible, rejected } = decision.snapshot();
	assert.equal({ chosen, eligible, rejected }, { chosen: "a", eligible: ["a", "b"], rejected: [] });
});

test("a decision lists an instance as eligible when it is chosen after the evaluation rejected it", () => {
	const { decision } = decisionOf({ eligible: ["a"], rejected: [{ backend: "b", reason: "saturated" }] });
	decision.capture();
	decision.choose("b");
	const { eligible, rejected } = decision.snapshot();
	assert.equal({ eligible, rejected }, { eligible: ["a", "b"], rejected: [] });
});

test("a decision records events relative to the start of the request", () => {
	const { clock, decision } = decisionOf();
	decision.addEvent("queued", { detail: "5 ms" }, 95);
	clock.pass(20);
	decision.addEvent("ejected", { backend: "b" });
	assert.equal(decision.snapshot().events, [
		{ at_ms: 5, type: "queued", detail: "5 ms" },
		{ at_ms: 30, type: "ejected", backend: "b" },
	]);
});

test("a decision log keeps an explanation as it was when the decision was added", () => {
	const { decision } = decisionOf();
	const log = new DecisionLog(2);
	log.add(decision.conclude(undefined));
	decision.addEvent("recovered", { backend: "a" });
	assert.equal(log.list()[0]?.explanation.events, []);
});

test("a decision as JSON has its explanation when nothing has read it before", () => {
	const { decision } = decisionOf();
	decision.choose("a");
	const { type, chosen, explanation } = JSON.parse(JSON.stringify(decision.conclude(undefined)));
	assert.equal({ type, chosen, eligible: explanation.eligible }, { type: "decision", chosen: "a", eligible: ["a", "b"] });
});

test("a decision log deletes the oldest decisions when it is resized", () => {
	const log = new DecisionLog(3);
	for (const request_id of ["1", "2", "3"]) {
		const clock = new FakeClock();
		const evaluate = (): EligibilityReport => ({ eligible: [], rejected: [] });
		const request = chatEnvelope({ request_id });
		log.add(new Decision({ request, policy: "round_robin", clock, startedAt: 0, evaluate }).conclude(undefined));
	}
	log.resize(1);
	assert.equal(
		log.list().map(({ requestId }) => requestId),
		["3"],
	);
});

test.run();
