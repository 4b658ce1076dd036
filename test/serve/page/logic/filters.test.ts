import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decisionsPath, filtersOf, matches, mergeDecisions } from "../../../../src/serve/page/app/logic/filters.ts";
import { decisionOf, failedDecision, hedgedDecision } from "../samples.ts";

const test = suite("filters of decisions");

test("a decision matches if every filter does", () => {
	const decision = hedgedDecision();
	assert.ok(matches(decision, {}));
	assert.ok(
		matches(decision, { operation: "chat_completions", guest: "shop", backend: "south", model: "large", status: "ok", hedged: "true" }),
	);
	for (const filters of [
		{ operation: "embeddings" },
		{ guest: "other" },
		{ backend: "x" },
		{ model: "m" },
		{ status: "failed" },
		{ downgraded: "true" },
	])
		assert.not(matches(decision, filters), JSON.stringify(filters));
});

test("members of an address that are no filters are left out", () => {
	assert.equal(filtersOf({ status: "ok", guest: "", other: "x", __proto__: "y" }), { status: "ok" });
});

test("a path has the filters and the cursor", () => {
	assert.is(decisionsPath({ model: "a&b", hedged: "true" }, 100, "c1"), "decisions?model=a%26b&hedged=true&limit=100&cursor=c1");
});

test("new decisions come first, once, and the list stays bounded", () => {
	const [a, b, c] = [decisionOf(), failedDecision(), decisionOf()];
	const ids = (limit: number) => mergeDecisions([b, a], [c, b], limit).map(({ sequence }) => sequence);
	assert.equal(ids(10), [c.sequence, b.sequence, a.sequence]);
	assert.equal(ids(2), [c.sequence, b.sequence]);
});

test.run();
