/**
 * Faults of every kind: each file or directory under `negative/` has exactly one, at the place that a comment marks.
 *
 *     f: func(a u8);
 *     //        ^^ syntax: expected `:`, found `u8`
 *
 * Carets stand under the fault in the line above. `// At 1:1 code: message` names a place that no comment can point at; for a directory it
 * stands in a file `expected` and names the file too. Where the official parser accepts a fixture, a comment says why it is refused here.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { WIT_CODES } from "../../../codegen/diagnostics/codes/wit-codes.ts";
import { readWit } from "../../../codegen/wit/read.ts";
import { askOracle } from "../../helpers/wit-oracle.ts";

interface Fixture {
	readonly name: string;
	/** Absolute; a file or a directory. */
	readonly path: string;
	readonly isDirectory: boolean;
	/** `file:line:column code: message` of the one fault. */
	readonly fault: string;
	/** Number of carets, if carets mark the fault. */
	readonly width?: number;
	readonly isOfficiallyAccepted: boolean;
}

const directory = fileURLToPath(new URL("negative", import.meta.url));
const CARETS = /^\s*\/\/ *(\^+) (.*)$/;
const PLACE = /^\/\/ At (.*)$/;

function fixtures(): Fixture[] {
	return readdirSync(directory)
		.sort()
		.map((name) => {
			const path = join(directory, name);
			const isDirectory = statSync(path).isDirectory();
			const files = isDirectory ? readdirSync(path, { recursive: true, encoding: "utf8" }) : [name];
			const texts = files
				.filter((file) => /(?:\.wit|expected)$/.test(file))
				.map((file) => [file, read(isDirectory ? join(path, file) : path)] as const);
			const [mark, ...others] = texts.flatMap(([file, text]) => marksIn(file.replaceAll("\\", "/"), text));
			assert.ok(mark !== undefined && others.length === 0, `${name} marks one fault`);
			return {
				name,
				path,
				isDirectory,
				...mark,
				isOfficiallyAccepted: texts.some(([, text]) => text.includes("// The official parser accepts it: ")),
			};
		});
}

function read(file: string): string {
	return statSync(file).isFile() ? readFileSync(file, "utf8") : "";
}

function marksIn(file: string, text: string): { fault: string; width?: number }[] {
	return text.split("\n").flatMap((line, index) => {
		const [, carets = "", fault = ""] = CARETS.exec(line) ?? [];
		if (carets !== "") {
			return [{ fault: `${file}:${index}:${line.indexOf("^") + 1} ${fault}`, width: carets.length }];
		}
		const place = PLACE.exec(line)?.[1];
		return place === undefined ? [] : [{ fault: file.endsWith("expected") ? place : `${file}:${place}` }];
	});
}

const test = suite("negative fixtures");
const all = fixtures();

for (const fixture of all) {
	test(`${fixture.name} has one fault, at its exact place`, async () => {
		const { diagnostics } = await readWit(fixture.path);
		assert.equal(
			diagnostics.map(
				({ span, code, message }) => `${span.file}:${span.line}:${span.column} ${code}: ${message.replace(fixture.path, "<directory>")}`,
			),
			[fixture.fault],
		);
		const [found] = diagnostics;
		if (fixture.width !== undefined && found !== undefined) {
			assert.is(Math.max(1, found.span.endOffset - found.span.offset), fixture.width);
		}
	});
}

test("every code of an error in WIT has a fixture", () => {
	// A file of the size that this one takes is made by the test of mistakes of users.
	const elsewhere = ["file-too-large"];
	const warnings = ["dangling-docs", "empty-use", "weaker-gate", "ignored-external-id"];
	const covered = new Set(all.map((each) => / ([a-z0-9-]+): /.exec(each.fault)?.[1]));
	assert.equal(
		Object.keys(WIT_CODES).filter((code) => !covered.has(code) && !elsewhere.includes(code) && !warnings.includes(code)),
		[],
	);
	assert.ok(all.length >= 60);
});

test("the official parser refuses each too, unless the fixture says why it does not", async () => {
	const answers = await askOracle(
		all.map(({ path, isDirectory }) => ({ ...(isDirectory ? { path } : { text: readFileSync(path, "utf8") }), world: "w", features: [] })),
	);
	const accepted = all.filter((_, index) => answers[index]?.kind === "accepted").map((each) => each.name);
	assert.equal(
		accepted,
		all.filter((each) => each.isOfficiallyAccepted).map((each) => each.name),
	);
});

test.run();
