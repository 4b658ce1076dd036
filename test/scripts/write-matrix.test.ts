import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { matrix } from "../../scripts/matrix/matrix.ts";
import { currentMatrix, MATRIX_FILE } from "../../scripts/write-matrix.ts";
import { drop, emulate, type FieldRule, map, pass, reject, when } from "../../src/backends/rules.ts";
import { ROOT } from "../helpers/guest.ts";

const FIELDS = ["text", "image", "image.detail", "heat"];

/** The rows of the matrix of two kinds, and its reasons. */
function rowsOf(one: Readonly<Record<string, FieldRule>>, other: Readonly<Record<string, FieldRule>>): string[] {
	const kinds = Object.entries({ one, other }).map(([kind, table]) => ({ kind, tables: new Map([["chat", table]]) }));
	const text = matrix([{ name: "chat", fields: FIELDS }], kinds);
	return text
		.slice(text.indexOf("## chat"))
		.split("\n")
		.filter((line) => line !== "");
}

test("the matrix in the documentation is current", async () => {
	assert.is(readFileSync(MATRIX_FILE, "utf8"), await currentMatrix(), "run `npm run matrix -- --write` and review the difference");
});

test("every field has a cell for each kind, with the number of its reason", () => {
	const all = { text: pass, image: reject("text only", { lenient: drop("text only") }), "image.detail": drop("one detail"), heat: pass };
	const hot: FieldRule<never> = when("above 1", (value: number) => value > 1, emulate("sent as 1"), map("as a text"));
	assert.equal(rowsOf(all, { ...all, heat: hot, image: pass }), [
		"## chat",
		"| field | `one` | `other` |",
		"| --- | --- | --- |",
		"| `text` | pass | pass |",
		"| `image` | **reject** [1] (drop) | pass |",
		"| `image.detail` | **drop** [2] | **drop** [2] |",
		"| `heat` | pass | *above 1:* **emulate** [3]; map [4] |",
		"1. text only",
		"2. one detail",
		"3. sent as 1",
		"4. as a text",
	]);
});

test("the document links to the table of each operation", () => {
	const kinds = [{ kind: "one", tables: new Map([["chat", { text: pass }]]) }];
	const text = matrix(
		[
			{ name: "chat", fields: ["text"] },
			{ name: "absent", fields: [] },
		],
		kinds,
	);
	assert.equal(text.match(/^- .*$/gm), ["- [`chat`](#chat)"]);
});

test("a part that every kind treats like its field has no row", () => {
	const table = { text: pass, image: drop("text only"), "image.detail": drop("text only"), heat: pass };
	const rows = rowsOf(table, { ...table, image: pass, "image.detail": pass });
	assert.not.ok(rows.some((row) => row.includes("image.detail")));
});

test("the command refuses arguments that it does not know", () => {
	const { status, stderr } = spawnSync(process.execPath, ["scripts/write-matrix.ts", "--wirte"], { cwd: ROOT, encoding: "utf8" });
	assert.is(status, 2);
	assert.match(stderr, /usage: npm run matrix -- \[--write \| --check\]/);
});

test.run();
