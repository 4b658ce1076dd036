/** The table of codes: complete, nothing in it that is not used, and examples that have the fault. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RULES } from "../../../codegen/breaking/rules.ts";
import { CODES, type CodeEntry, explain } from "../../../codegen/diagnostics/codes.ts";
import { readWitText } from "../../../codegen/wit/read.ts";

const test = suite("diagnostic codes");
const root = fileURLToPath(new URL("../../..", import.meta.url));
const entries = Object.entries<CodeEntry>(CODES);

/** A string literal in the place of a code, in a call that reports: the compiler refuses one that is not in the table. */
const USE = /(?:\b(?:error|warning|report|unknown|#error|InputFault)\(\s*|"(?:error|warning)",\s*|\bcode: )"([^"]+)"/g;

function usedCodes(): Set<string> {
	const own = join("codegen", "diagnostics");
	const files = globSync("codegen/**/*.ts", { cwd: root }).filter((file) => !file.startsWith(own) || file === join(own, "collector.ts"));
	return new Set(files.flatMap((file) => [...readFileSync(join(root, file), "utf8").matchAll(USE)].map((match) => match[1] ?? "")));
}

test("every code of the table is used, and every code used is in the table", () => {
	const used = usedCodes();
	// A test of their own holds every rule of compatibility to a break.
	assert.equal(
		entries.map(([code]) => code).filter((code) => !used.has(code) && !Object.hasOwn(RULES, code)),
		[],
		"in the table and not used",
	);
	assert.equal(
		[...used].filter((code) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(code) && explain(code) === undefined),
		[],
		"used and not in the table",
	);
});

test("codes are kebab-case, titles have no full stop, and cause and help are sentences", () => {
	for (const [code, { title, cause, help }] of entries) {
		assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
		assert.match(title, /^\S.*[^.]$/, code);
		assert.match(cause, /^\S.*\.$/, code);
		assert.match(help, /^\S.*(\.|`)$/, code);
	}
});

for (const [code, { example }] of entries) {
	if (example !== undefined) {
		test(`the example of ${code} has that fault and no other`, () => {
			const { diagnostics } = readWitText(example);
			assert.equal(
				diagnostics.map((each) => each.code),
				[code],
			);
		});
	}
}

test("a code is explained, and what is no code is not", () => {
	assert.is(explain("unknown-type")?.title, "Unknown type");
	assert.is(explain("toString"), undefined);
});

test.run();
