/** The suite accepts an honest kind, and each of its cases finds a deliberate fault. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ConformanceCase, conformanceCases, registerCases } from "../../../src/backend-conformance.ts";
import { leftTimers, MUTANTS, type Mutant } from "./mutants.ts";
import { toyFixture } from "./toy-fixture.ts";

/** Time after which a mutant hangs, in milliseconds. A case that it must fail waits no longer. */
const HANG_MS = 150;

const honest = conformanceCases(toyFixture());
registerCases(test, honest);

/** Returns the cases that must find a mutant: of the operation that the mutant changes, or of all. */
function casesFor(mutant: Mutant): readonly ConformanceCase[] {
	const operation = mutant.chat !== undefined ? ", chat_completions: " : mutant.transcripts !== undefined ? ", speech_to_text: " : "";
	const cases = conformanceCases(toyFixture(mutant), { hangMs: HANG_MS });
	return cases.filter(({ name }) => name.includes(operation) && mutant.found.some((end) => end.test(name)));
}

/** Returns the check of a case: its name without the kind, the operation and the names of the fixture. */
function checkOf({ name }: ConformanceCase): string {
	return name.replace(/^.*?: /, "").replaceAll(/"[^"]*"/g, "…");
}

for (const [name, mutant] of Object.entries(MUTANTS)) {
	const cases = casesFor(mutant);
	test(`a kind that ${name} fails ${cases.length} cases`, async () => {
		assert.ok(cases.length > 0);
		for (const { name: own, run } of cases) {
			const outcome = await run().then(
				() => "passes",
				() => "fails",
			);
			assert.is(outcome, "fails", own);
		}
	});
}

test.after(() => {
	for (const timer of leftTimers) clearInterval(timer);
});

test("each check of the suite finds a mutant", () => {
	const found = new Set(Object.values(MUTANTS).flatMap((mutant) => casesFor(mutant).map(checkOf)));
	assert.equal(
		honest.map(checkOf).filter((check) => !found.has(check)),
		[],
	);
});

test.run();
