import { suite } from "uvu";
import * as assert from "uvu/assert";
import { storyOf } from "../../../../src/serve/page/app/logic/story.ts";
import { decisionOf, downgradedDecision, failedDecision, hedgedDecision } from "../samples.ts";

const test = suite("story of a decision");
const textsOf = (decision: Parameters<typeof storyOf>[0]) => storyOf(decision).map(({ atMs, text }) => `${atMs}: ${text}`);

test("a plain answer takes three sentences between choice and end", () => {
	assert.equal(textsOf(decisionOf()), [
		"0: Of 3 backends, 2 could serve chat completions with large. The policy ewma_latency chose among them.",
		"0: The first attempt went to north.",
		"320: north answered in 320 ms.",
		"320: The request succeeded after 320 ms.",
	]);
});

test("a hedge tells whom it helped, and after what time", () => {
	assert.equal(textsOf(hedgedDecision()).slice(1), [
		"0: The first attempt went to north.",
		"700: north had no output after 700 ms, so a hedge was sent to south.",
		"951: south answered in 251 ms.",
		"951: The attempt at north was cancelled after 951 ms: another attempt had its first output earlier.",
		"951: The request succeeded after 951 ms.",
	]);
});

test("failures, events and fallbacks are in the order of time", () => {
	assert.equal(textsOf(failedDecision()).slice(1), [
		"0: The first attempt went to north.",
		"2: north failed after 2 ms with backend error: the backend refuses connections.",
		"2: north: the breaker opened (5 s).",
		"3: Paused before a retry (137 ms).",
		"140: The request fell back to south.",
		"260: south failed after 120 ms with backend error: status 503.",
		"260: The request failed after 260 ms with backend error.",
	]);
});

test("downgrades are told before the end", () => {
	assert.is(
		textsOf(downgradedDecision()).at(-2),
		"320: north treated the request otherwise than asked: response_format.json_schema was emulated, params.seed was dropped.",
	);
});

test("a request that no backend could serve says so", () => {
	const decision = failedDecision({ eligible: [], timeline: [], events: [], candidates_checked: 1 });
	assert.is(textsOf(decision)[0], "0: Of 1 backend, none could serve chat completions with large.");
});

test.run();
