import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Evidence } from "../../../../src/router/resilience/guests/evidence.ts";

/** Evidence of failures by these guests; `undefined` for one that no request can cause. */
function evidenceOf(...guests: readonly (string | undefined)[]): Evidence {
	const evidence = new Evidence();
	for (const guest of guests) evidence.add(guest);
	return evidence;
}

test("failures of one guest never suffice, however many they are", () =>
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 20 }), fc.nat({ max: 200 }), (threshold, failures) => {
			assert.is(evidenceOf(...Array(failures).fill("a")).suffices(threshold), false);
		}),
	));

test("of one guest at most half of the threshold counts", () => {
	assert.equal(
		[
			["a", "a", "a", "a", "b"],
			["a", "a", "a", "b", "b"],
			["a", "b", "c", "d", "e"],
		].map((guests) => evidenceOf(...guests).suffices(5)),
		[false, true, true],
	);
});

test("two guests are needed even for a threshold of one failure", () => {
	assert.equal([evidenceOf("a", "a").suffices(1), evidenceOf("a", "b").suffices(1)], [false, true]);
});

test("failures that no request can cause suffice without further guests", () => {
	assert.equal([evidenceOf(...Array(4).fill(undefined)).suffices(5), evidenceOf(...Array(5).fill(undefined)).suffices(5)], [false, true]);
});

test("evidence names the guest with the most failures, and none without any", () => {
	assert.equal([evidenceOf("a", "b", "b").mainGuest, evidenceOf(undefined).mainGuest], ["b", undefined]);
});

test.run();
