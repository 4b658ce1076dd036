import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareSurfaces } from "../../../codegen/breaking/compare.ts";
import { CORE_RULES } from "../../../codegen/breaking/core/core-rules.ts";
import { parseLock, printLock } from "../../../codegen/breaking/lock-format.ts";
import { RULES } from "../../../codegen/breaking/rules.ts";
import { surfaceOf } from "../../../codegen/breaking/surface-of-model.ts";
import { breakingMatrix, MATRIX_FILE } from "../../../scripts/write-breaking-matrix.ts";
import { isFullRun } from "../../helpers/full-run.ts";
import { judgeByKeys } from "./matrix/judge-keys.ts";
import { judgeOfficially } from "./matrix/judge-official.ts";
import type { Row } from "./matrix/row.ts";
import { ROWS } from "./matrix/rows.ts";
import { type RowRun, runRow } from "./matrix/run-row.ts";

const nameOf = ({ item, edit }: Row): string => `${item}, ${edit}`;
const runs: readonly (readonly [Row, RowRun])[] = ROWS.map((row) => [row, runRow(row)]);
/** The official tools take their time. */
const officialRuns = isFullRun ? runs : runs.filter((_, index) => index % 4 === 0);
const breaks = ({ findings }: RowRun, party: "built-guest" | "composed-guest"): boolean =>
	findings.some((finding) => finding.breaks.includes(party));

test("each row is told by its rules, and by no other", () => {
	for (const [row, { findings }] of runs) assert.equal(findings.map(({ rule }) => rule).sort(), [...row.rules].sort(), nameOf(row));
});

test("messages and help are complete sentences without gaps", () => {
	for (const [row, { findings }] of runs)
		for (const { message, help = "" } of findings) assert.not.match(`${message} ${help}`, /undefined|\{[a-z]+\}|: $|\.$/, nameOf(row));
});

test("a finding that breaks built guests does not say that they still run", () => {
	for (const [row, { findings }] of runs)
		for (const { message, breaks } of findings)
			if (breaks.includes("built-guest")) assert.not.match(message, /guests built before still run|nothing breaks/, nameOf(row));
});

test("rows have different edits", () => {
	const edits = ROWS.map(({ base, from, to }) => `${base}: ${from} → ${to}`);
	assert.equal(edits.length, new Set(edits).size);
	assert.ok(ROWS.length >= 250);
});

test("a lock holds all that the comparison needs", () => {
	for (const [row, { before, after, findings }] of runs) {
		const lock = parseLock(printLock(surfaceOf(before)));
		assert.ok(lock, nameOf(row));
		if (lock === undefined) continue;
		const withoutPlace = (list: RowRun["findings"]) => list.map(({ before: _, ...finding }) => finding);
		assert.equal(withoutPlace(compareSurfaces(lock, surfaceOf(after))), withoutPlace(findings), nameOf(row));
		assert.is(printLock(lock), printLock(surfaceOf(before)), nameOf(row));
	}
});

test("a package compared with itself has no findings", () => {
	for (const [row, { before, after }] of runs)
		for (const model of [before, after]) assert.equal(compareSurfaces(surfaceOf(model), surfaceOf(model)), [], nameOf(row));
});

test("a guest built before is refused exactly where its type keys differ", () => {
	let judged = 0;
	for (const [row, run] of runs) {
		const verdict = judgeByKeys(run.before, run.after);
		if (verdict === "not judged") continue;
		judged++;
		assert.is(verdict, breaks(run, "built-guest") ? "refused" : "links", nameOf(row));
	}
	assert.ok(judged >= ROWS.length - 6, "only asynchronous and unsupported types are left out");
});

test("a composed guest is refused exactly where the official validator refuses the composition", async () => {
	let judged = 0;
	for (const [row, run] of officialRuns) {
		const verdict = await judgeOfficially(run);
		if (verdict === "not judged") continue;
		judged++;
		assert.is(verdict, breaks(run, "composed-guest") ? "refused" : "links", nameOf(row));
	}
	assert.ok(judged >= officialRuns.length - 1, "only an `include` is left out");
});

test("each rule is shown by a row, but for those that take more than one line", () => {
	const shown = new Set<string>(runs.flatMap(([, { findings }]) => findings.map(({ rule }) => rule)));
	assert.equal(
		Object.keys(RULES).filter((rule) => !shown.has(rule) && !Object.hasOwn(CORE_RULES, rule)),
		["dependency-version-incompatible", "feature-not-demanded", "operation-type-changed"],
	);
});

test("the matrix in the repository is current", () => {
	assert.is(readFileSync(MATRIX_FILE, "utf8"), breakingMatrix(), "run `npm run matrix:breaking -- --write`");
});

test.run();
