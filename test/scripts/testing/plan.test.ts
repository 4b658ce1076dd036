import { test } from "uvu";
import * as assert from "uvu/assert";
import { findTests, planBatches } from "../../../scripts/testing/plan.ts";

test("the longest files come first, each by itself; the others share processes by folder", () => {
	assert.equal(
		planBatches(["test/a/x.test.ts", "test/a/deep/y.test.ts", "test/b/z.test.ts", "test/readme.test.ts", "test/e2e/new-family.test.ts"]),
		[["test/e2e/new-family.test.ts"], ["test/readme.test.ts"], ["test/a/x.test.ts", "test/a/deep/y.test.ts"], ["test/b/z.test.ts"]],
	);
});

test("a folder of many files is split evenly", () => {
	const files = Array.from({ length: 25 }, (_, index) => `test/a/${index}.test.ts`);
	const batches = planBatches(files);
	assert.equal(
		batches.map((batch) => batch.length),
		[13, 12],
	);
	assert.equal(batches.flat(), files);
});

test("every file of the project is in one batch", () => {
	const files = findTests([]);
	assert.equal(planBatches(files).flat().sort(), files);
});

test("words choose the files whose path contains one of them", () => {
	assert.equal(findTests(["testing/plan", "check-layers"]), ["test/scripts/check-layers.test.ts", "test/scripts/testing/plan.test.ts"]);
});

test.run();
