/** Text that nobody writes by mistake: the time that it takes grows with its size only, and what is said of it stays readable. */

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DiagnosticCollector } from "../../../codegen/diagnostics/collector.ts";
import { renderText } from "../../../codegen/diagnostics/render-text.ts";
import { formatWit } from "../../../codegen/format/format.ts";
import { parseFile } from "../../../codegen/wit/parse.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { scan } from "../../../codegen/wit/scan.ts";
import { SourceFile } from "../../../codegen/wit/source-file.ts";
import { isFullRun } from "../../helpers/full-run.ts";
import { assertLinear } from "../../helpers/growth.ts";
import { randomPackage } from "../../helpers/wit-random.ts";

const HEAD = "package a:b@1.0.0;\n";

/** `count` texts, one for each number, on one line: each frame would show all of it. */
function repeat(count: number, text: (index: number) => string): string {
	return Array.from({ length: count }, (_, index) => text(index)).join(" ");
}

const HOSTILE: Readonly<Record<string, (size: number) => string>> = {
	"quotes that are never closed": (size) => `${HEAD}${'"\\'.repeat(size)}`,
	"escaped quotes": (size) => `${HEAD}"${'a\\"'.repeat(size)}`,
	"characters that are forbidden": (size) => HEAD + "\0".repeat(size),
	"one name many times": (size) => `${HEAD}interface i { ${repeat(size, () => "f: func();")} }`,
	"names that are unknown": (size) =>
		`${HEAD}interface i { ${repeat(size, (index) => `type n${index} = u8; q${index}: func(a: x${index});`)} }`,
	"comments that document nothing": (size) => `${HEAD}interface i { ${repeat(size, (index) => `type a${index} = u8 /** x */;`)} }`,
	"blocks that are never closed": (size) => HEAD + repeat(size, (index) => `interface i${index} {`),
	"aliases in a chain, back to front": (size) =>
		`${HEAD}interface i { ${repeat(size, (index) => `type t${index} = t${index + 1};`)} type t${size} = u8; }`,
	"worlds that include one another in a chain": (size) =>
		`${HEAD}world w0 { import g0: func(); } ${repeat(size, (index) => `world w${index + 1} { include w${index}; import g${index + 1}: func(); }`)}`,
	"worlds that each import the end of a chain": (size) =>
		`${HEAD}interface i0 { type t = u8; } ${repeat(size, (index) => `interface i${index + 1} { use i${index}.{t}; }`)} ${repeat(
			size,
			(index) => `world w${index} { import i${size}; }`,
		)}`,
	"copies of a large record": (size) =>
		`${HEAD}world all { record r { ${repeat(size, (index) => `a${index}: u8,`)} } import f: func(a: r); } ${repeat(
			size,
			(index) => `world w${index} { include all with { r as s } }`,
		)}`,
	"a parameter list": (size) => `${HEAD}interface i { f: func(${repeat(size, (index) => `q${index}: u8,`)}); }`,
};

for (const [name, make] of Object.entries(HOSTILE)) {
	test(`${name}: linear, and told within bounds`, async () => {
		await assertLinear({ name, make, run: (text: string) => render(text), from: 256, to: 1024 });
		assert.ok(render(make(isFullRun ? 5_000 : 2_000)).length < 2_000_000);
	});
}

function render(text: string): string {
	const { diagnostics, sources } = readWitText(text);
	return renderText(diagnostics, sources);
}

test("a frame shows the part of a long line that the fault is in", () => {
	const text = `${HEAD}interface i { ${"/* x */".repeat(1000)} f: func(a: nothing); ${"/* y */".repeat(1000)} }`;
	const lines = render(text).split("\n");
	assert.ok(lines.every((line) => line.length < 500));
	assert.match(lines.find((line) => line.includes("nothing);")) ?? "", /x \*\/ f: func\(a: nothing\); \/\* y/);
});

/** Tokens without the commas that a formatter may add, and comments without blanks at the end. */
function substance(text: string): string[] {
	const { tokens, comments } = scan(text);
	const words = tokens.map((token) => token.text).filter((token, index, all) => token !== "," || !/^[)}]$/.test(all[index + 1] ?? ""));
	return [...words, ...comments.map(({ start, end }) => text.slice(start, end).replaceAll("\r", "").trimEnd())];
}

test("tokens doubled, swapped, replaced: a model or faults in their places; what is sound is formatted once, without loss", () => {
	const signs = [
		"",
		";",
		"}",
		"{",
		"<",
		"(",
		",",
		":",
		"/",
		"@",
		"%",
		"->",
		"/*",
		"*/",
		"//",
		"///",
		"\n",
		"\r",
		"\0",
		"\ufeff",
		"\u2028",
		"\ud800",
	];
	const edit = fc.tuple(fc.nat(), fc.nat(), fc.nat(3), fc.constantFrom(...signs));
	fc.assert(
		fc.property(fc.gen().map(randomPackage), fc.array(edit, { minLength: 1, maxLength: 3 }), (sound, edits) => {
			const text = edits.reduce((current, [at, other, kind, sign]) => {
				const { tokens } = scan(current);
				const [a, b] = [tokens[at % tokens.length], tokens[other % tokens.length]];
				if (a === undefined || b === undefined) return current;
				const middle = [a.text + a.text, `${a.text} ${a.text}`, b.text, a.text + sign][kind] ?? "";
				return current.slice(0, a.start) + middle + current.slice(a.end);
			}, sound);
			const { model, diagnostics, sources } = readWitText(text);
			assert.ok(model !== undefined || diagnostics.some(({ severity }) => severity === "error"), text);
			for (const { span } of diagnostics) assert.ok(span.endOffset <= (sources.get(span.file)?.length ?? -1), text);
			const faults = new DiagnosticCollector();
			parseFile(new SourceFile("input.wit", text), faults);
			if (faults.hasErrors) return;
			const formatted = formatWit(text);
			assert.equal(substance(formatted), substance(text));
			assert.is(formatWit(formatted), formatted);
		}),
		{ seed: 20_261_129, numRuns: isFullRun ? 300 : 60, interruptAfterTimeLimit: 20_000 },
	);
});

test.run();
