import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compare } from "../../../codegen/breaking/compare.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { isFullRun } from "../../helpers/full-run.ts";
import { judgeByKeys } from "./matrix/judge-keys.ts";
import { judgeOfficially } from "./matrix/judge-official.ts";
import { programEdits } from "./matrix/program-edits.ts";
import type { RowRun } from "./matrix/run-row.ts";

/** One edit in so many is read at all, and one of these in so many is also judged by the official tools. */
const [STRIDE, OFFICIAL_STRIDE] = isFullRun ? [1, 15] : [5, 15];

for (const base of ["shop", "ranking"]) {
	const textBefore = readFileSync(new URL(`matrix/${base}.wit`, import.meta.url), "utf8");
	const before = readWitText(textBefore).model;
	if (before === undefined) throw new Error(`${base}.wit is no valid WIT`);
	const runs = programEdits(textBefore)
		.filter((_, index) => index % STRIDE === 0)
		.flatMap(({ name, text: textAfter }): (RowRun & { readonly name: string })[] => {
			const after = readWitText(textAfter).model;
			return after === undefined ? [] : [{ name, textBefore, textAfter, before, after, findings: compare(before, after) }];
		});

	test(`no edit of a line of ${base}.wit breaks built guests unseen, and none is reported that does not`, () => {
		assert.ok(runs.length > 200 / STRIDE);
		for (const { name, after, findings } of runs) {
			const verdict = judgeByKeys(before, after);
			if (verdict === "not judged") continue;
			const told = findings.some(({ breaks }) => breaks.includes("built-guest"));
			assert.is(verdict, told ? "refused" : "links", `${name}: ${findings.map(({ rule }) => rule).join(", ")}`);
		}
	});

	test(`the official validator agrees on composed guests of ${base}.wit`, async () => {
		for (const run of runs.filter((_, index) => index % OFFICIAL_STRIDE === 0)) {
			const verdict = await judgeOfficially(run);
			if (verdict === "not judged") continue;
			const told = run.findings.some(({ breaks }) => breaks.includes("composed-guest"));
			assert.is(verdict, told ? "refused" : "links", `${run.name}: ${run.findings.map(({ rule }) => rule).join(", ")}`);
		}
	});
}

test.run();
