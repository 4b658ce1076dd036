import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareCoreSurfaces } from "../../../codegen/breaking/core/compare-core.ts";
import { parseCoreLock, printCoreLock } from "../../../codegen/breaking/core/core-lock.ts";
import { CORE_RULES } from "../../../codegen/breaking/core/core-rules.ts";
import type { Row } from "./matrix/row.ts";
import { CORE_ROWS } from "./matrix/rows-core.ts";
import { type CoreRowRun, runCoreRow } from "./matrix/run-core-row.ts";

const nameOf = ({ item, edit }: Row): string => `${item}, ${edit}`;
const runs: readonly (readonly [Row, CoreRowRun])[] = CORE_ROWS.map((row) => [row, runCoreRow(row)]);

test("each edit of the hostcalls of core modules is told by its rules, and by no other", () => {
	for (const [row, { findings }] of runs) assert.equal(findings.map(({ rule }) => rule).sort(), [...row.rules].sort(), nameOf(row));
});

test("messages and help are complete sentences without gaps", () => {
	for (const [row, { findings }] of runs)
		for (const { message, help = "" } of findings) assert.not.match(`${message} ${help}`, /undefined|\{[a-z]+\}|: $|\.$/, nameOf(row));
});

test("a lock of core hostcalls holds all that the comparison needs", () => {
	for (const [row, { before, after, findings }] of runs) {
		const lock = parseCoreLock(printCoreLock(before));
		assert.ok(lock, nameOf(row));
		if (lock === undefined) continue;
		const withoutPlace = (list: CoreRowRun["findings"]) => list.map(({ before: _, ...finding }) => finding);
		assert.equal(withoutPlace(compareCoreSurfaces(lock, after)), withoutPlace(findings), nameOf(row));
		assert.is(printCoreLock(lock), printCoreLock(before), nameOf(row));
	}
});

test("a surface compared with itself has no findings", () => {
	for (const [row, { before, after }] of runs)
		for (const surface of [before, after]) assert.equal(compareCoreSurfaces(surface, surface), [], nameOf(row));
});

test("each rule of core hostcalls is shown by a row", () => {
	const shown = new Set<string>(runs.flatMap(([, { findings }]) => findings.map(({ rule }) => rule)));
	assert.equal(
		Object.keys(CORE_RULES).filter((rule) => !shown.has(rule)),
		[],
	);
});

test("the findings name the item, what it was and what it is", () => {
	const messageOf = (edit: string): string | undefined => runs.find(([row]) => row.edit === edit)?.[1].findings[0]?.message;
	assert.is(
		messageOf("renumbered"),
		"command `get-status` of import `house.lamp_ctl` was 2 and is now 9: guests built before pass the old number, and get `einval` or another command",
	);
	assert.is(
		messageOf("parameter added"),
		"import `house.lamp_dim` had the type `i>` and now has `ii>`: guests built before are refused at the load",
	);
	assert.is(messageOf("error changed"), "`types.errno.enospc` was 28 and is now 51: guests built before pass and expect the old number");
	assert.is(
		messageOf("limit lowered"),
		"import `house.lamp_name` took at most 100 bytes and now takes at most 99 bytes: guests that pass more get `einval`",
	);
});

test("what is no lock is refused", () => {
	const [, run] = runs[0] ?? [];
	const text = run === undefined ? "" : printCoreLock(run.before);
	assert.ok(parseCoreLock(text));
	for (const broken of [
		"",
		"{",
		"null",
		"[]",
		text.replace('"formatVersion": 1', '"formatVersion": 2'),
		text.replace('"number lamps', '"thing lamps'),
		text.replace('"yes"', "1"),
	])
		assert.is(parseCoreLock(broken), undefined, broken.slice(0, 40));
});

test.run();
