/** Diagnostics as people and programs see them. */
import { createRequire } from "node:module";
import { stripVTControlCharacters } from "node:util";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CODES, type DiagnosticCode } from "../../../codegen/diagnostics/codes.ts";
import { DiagnosticCollector } from "../../../codegen/diagnostics/collector.ts";
import { type Diagnostic, diagnostic, hasErrors } from "../../../codegen/diagnostics/diagnostic.ts";
import { DIAGNOSTIC_FORMATS } from "../../../codegen/diagnostics/formats.ts";
import { renderDiagnostics } from "../../../codegen/diagnostics/render.ts";
import { renderGithub } from "../../../codegen/diagnostics/render-github.ts";
import { renderJson } from "../../../codegen/diagnostics/render-json.ts";
import { renderJunit } from "../../../codegen/diagnostics/render-junit.ts";
import { renderSarif } from "../../../codegen/diagnostics/render-sarif.ts";
import { renderText, summary } from "../../../codegen/diagnostics/render-text.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { SourceFile } from "../../../codegen/wit/source-file.ts";
import { wholeFile } from "../../../codegen/write/findings.ts";

const test = suite("diagnostics");

function isCode(text: string): text is DiagnosticCode {
	return Object.hasOwn(CODES, text);
}

function render(text: string, options?: Parameters<typeof renderText>[2]): string {
	const { diagnostics, sources } = readWitText(text, { path: "types.wit" });
	return renderText(diagnostics, sources, options);
}

test("place, fault, frame with carets, related place and help", () => {
	const text = "package a:b;\ninterface i {\n\trecord point { x: u32, X: u32 }\n\tf: func(at: pont);\n}\n";
	assert.is(
		render(text),
		`types.wit:3:25: error[duplicate-name]: \`X\` is declared twice in record \`point\`: \`x\` is the same name, as case does not count
  |
3 | 	record point { x: u32, X: u32 }
  | 	                       ^
types.wit:3:17: note: first declared here
  |
3 | 	record point { x: u32, X: u32 }
  | 	               -

types.wit:4:14: error[unknown-type]: no type \`pont\` in interface \`i\`
  |
4 | 	f: func(at: pont);
  | 	            ^^^^
  help: did you mean \`point\`?
`,
	);
});

test("paths can be given the directory they are in", () => {
	assert.match(render("interface i {}", { pathPrefix: "wit/" }), /^wit\/types\.wit:1:1: error\[missing-package\]/);
});

test("colours only when asked for", () => {
	assert.is(render("x").includes("\u001b["), false);
	const text = "package a:b;\ninterface i { type t = u8; type t = u8; }";
	const colored = render(text, { color: true });
	assert.is(colored.includes("\u001b[31merror[duplicate-name]\u001b[39m"), true);
	assert.is(colored.includes("\u001b[31m^\u001b[39m"), true);
	assert.is(colored.includes("\u001b[36m-\u001b[39m"), true);
	assert.is(stripVTControlCharacters(colored), render(text));
});

test("a span over several lines is marked on each, up to three", () => {
	const source = new SourceFile("a.wit", "one {\n\ttwo\n\tthree\n\tfour\n}\n");
	const found = diagnostic("warning", "syntax", source.span({ start: 0, end: source.text.length }), "long");
	assert.is(
		renderText([found], new Map([["a.wit", source.text]])),
		"a.wit:1:1: warning[syntax]: long\n  |\n1 | one {\n  | ^^^^^\n2 | \ttwo\n  | \t^^^\n3 | \tthree\n  | \t^^^^^\n",
	);
});

test("the end of the file can be pointed at; a file that is not at hand has no frame", () => {
	const source = new SourceFile("a.wit", "abc");
	const found = diagnostic("error", "syntax", source.span({ start: 3, end: 3 }), "here");
	assert.is(renderText([found], new Map([["a.wit", "abc"]])), "a.wit:1:4: error[syntax]: here\n  |\n1 | abc\n  |    ^\n");
	assert.is(renderText([found], new Map()), "a.wit:1:4: error[syntax]: here\n");
});

test("carets stand under wide characters, and behind them", () => {
	const frame = (line: string, marked: string): string => {
		const source = new SourceFile("a.wit", line);
		const start = line.indexOf(marked);
		const span = source.span({ start, end: start + marked.length });
		return renderText([diagnostic("error", "syntax", span, "here")], new Map([["a.wit", line]])).split("\n")[3] ?? "";
	};
	// Two columns each: Han, Kana, Hangul, full-width forms, and emoji, also those of several code points.
	assert.is(frame("// 日本語 x", "x"), "  |           ^");
	assert.is(frame("// 日本語 x", "本語"), "  |      ^^^^");
	assert.is(frame("// カナ한글ＡＢ x", "x"), "  |                 ^");
	assert.is(frame("// 👩‍👩‍👧🇩🇪❤️ x", "x"), "  |           ^");
	// One column each: letters with combining marks, half-width Kana.
	assert.is(frame("// e\u0301u\u0308 ｶﾅ x", "x"), "  |          ^");
	assert.is(frame("\t日\tx", "x"), "  | \t  \t^");
});

test("carets keep to the line number of large files and to characters outside the basic plane", () => {
	const text = `${"\n".repeat(99)}// 😀😀 x`;
	const start = text.indexOf("😀");
	const source = new SourceFile("a.wit", text);
	const found = diagnostic("error", "syntax", source.span({ start, end: start + 4 }), "faces");
	assert.is(renderText([found], new Map([["a.wit", text]])), "a.wit:100:4: error[syntax]: faces\n    |\n100 | // 😀😀 x\n    |    ^^^^\n");
});

test("JSON holds everything, counted", () => {
	const source = new SourceFile("a.wit", "abc\ndef");
	const span = source.span({ start: 4, end: 7 });
	const found = diagnostic("error", "syntax", span, "wrong", { help: "mend it", related: [{ message: "there", span }] });
	const place = { file: "a.wit", line: 2, column: 1, offset: 4, endLine: 2, endColumn: 4, endOffset: 7 };
	const expected = { code: "syntax", severity: "error", message: "wrong", span: place, help: "mend it" };
	assert.equal(JSON.parse(renderJson([found])), {
		errors: 1,
		warnings: 0,
		diagnostics: [{ ...expected, related: [{ message: "there", span: place }] }],
	});
});

/** An error with a related place and help, and a warning, with all that the formats must escape. */
function sample(): Diagnostic[] {
	const source = new SourceFile("wit/a b,c.wit", 'one "<&>\ntwo');
	const span = source.span({ start: 9, end: 12 });
	const related = [{ message: "first", span: source.span({ start: 0, end: 3 }) }];
	return [
		diagnostic("error", "duplicate-name", span, "100 % <wrong> & \u0000", { help: "mend\nit", related }),
		diagnostic("warning", "empty-use", span, "odd"),
	];
}

test("GitHub annotations are one line each", () => {
	const properties = "file=wit/a b%2Cc.wit,line=2,col=1,endLine=2,endColumn=4";
	assert.is(
		renderGithub(sample()),
		`::error ${properties},title=duplicate-name::100 %25 <wrong> & \u0000%0Awit/a b,c.wit:1:1: first%0Ahelp: mend%0Ait\n::warning ${properties},title=empty-use::odd\n`,
	);
	assert.is(renderGithub([]), "");
});

test("a JUnit report has a case for each finding, and one that passes without any", () => {
	assert.is(
		renderJunit(sample()),
		`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="spear-codegen" tests="2" failures="1">
	<testsuite name="spear-codegen" tests="2" failures="1">
		<testcase classname="wit/a b,c.wit" name="duplicate-name wit/a b,c.wit:2:1"><failure type="duplicate-name" message="100 % &lt;wrong&gt; &amp; \ufffd">wit/a b,c.wit:2:1: 100 % &lt;wrong&gt; &amp; \ufffd&#10;wit/a b,c.wit:1:1: first&#10;help: mend&#10;it</failure></testcase>
		<testcase classname="wit/a b,c.wit" name="empty-use wit/a b,c.wit:2:1"><system-out>warning[empty-use] wit/a b,c.wit:2:1: odd</system-out></testcase>
	</testsuite>
</testsuites>
`,
	);
	assert.match(renderJunit([]), 'tests="1" failures="0"');
});

test("SARIF is valid by the schema of the standard, with rules of the codes that occur", () => {
	const { $schema, id, ...schema } = createRequire(import.meta.url)("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
	assert.ok(typeof $schema === "string" && typeof id === "string");
	const validate = addFormats.default(new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })).compile(schema);
	const every = Object.keys(CODES).flatMap((code) => (isCode(code) ? [diagnostic("error", code, wholeFile("a.wit"), "x")] : []));
	for (const diagnostics of [sample(), [], every]) {
		const log: unknown = JSON.parse(renderSarif(diagnostics));
		assert.ok(validate(log), JSON.stringify(validate.errors));
	}
	assert.not(validate({ ...JSON.parse(renderSarif([])), version: "2.0.0" }));
	const [run] = JSON.parse(renderSarif(sample())).runs;
	assert.equal(
		run.tool.driver.rules.map((rule: { id: string }) => rule.id),
		["duplicate-name", "empty-use"],
	);
	assert.equal(run.results[0].locations[0].physicalLocation, {
		artifactLocation: { uri: "wit/a%20b%2Cc.wit" },
		region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 4, charOffset: 9, charLength: 3 },
	});
	assert.equal(
		[run.results[0].ruleIndex, run.results[0].level, run.results[0].relatedLocations[0].message.text, run.results[1].ruleIndex],
		[0, "error", "first", 1],
	);
});

test("every format is reached by its name", () => {
	assert.equal(
		DIAGNOSTIC_FORMATS.map((format) => renderDiagnostics(format, sample(), new Map())),
		[renderText(sample(), new Map()), renderJson(sample()), renderGithub(sample()), renderJunit(sample()), renderSarif(sample())],
	);
});

test("the summary counts", () => {
	const span = new SourceFile("a", "").span({ start: 0, end: 0 });
	const error = diagnostic("error", "syntax", span, "");
	const warning = diagnostic("warning", "syntax", span, "");
	assert.is(summary([error, warning, error]), "2 errors, 1 warning");
	assert.is(summary([]), "no faults found");
	assert.is(hasErrors([warning]), false);
	assert.is(hasErrors([warning, error]), true);
});

test("the collector keeps each fault once and sorts by file and place", () => {
	const [a, b] = [new SourceFile("B.wit", "xyz"), new SourceFile("a.wit", "xyz")];
	const collector = new DiagnosticCollector();
	collector.error("unknown-type", b.span({ start: 2, end: 3 }), "third");
	collector.warning("empty-use", b.span({ start: 0, end: 1 }), "second");
	collector.error("unknown-name", a.span({ start: 1, end: 2 }), "first");
	collector.error("unknown-type", b.span({ start: 2, end: 3 }), "third");
	assert.equal(
		collector.list().map((each) => each.message),
		["first", "second", "third"],
	);
	assert.is(collector.hasErrors, true);
});

/** More findings than are kept: two errors and a warning. */
function tooMany(): Diagnostic[] {
	const source = new SourceFile("a.wit", "x".repeat(1_002));
	const collector = new DiagnosticCollector();
	for (let start = 0; start < 1_002; start++) collector.error("syntax", source.span({ start, end: start + 1 }), "here");
	for (let start = 0; start < 1_001; start++) collector.warning("empty-use", source.span({ start, end: start + 1 }), "odd");
	return collector.list();
}

test("findings beyond the bound are counted in every format", () => {
	const found = tooMany();
	assert.is(found.length, 2_002);
	assert.is(summary(found), "1002 errors, 1001 warnings");
	const lines = renderText(found, new Map()).split("\n");
	const errors = "2 more errors from here on are not shown";
	assert.ok(lines.includes(`a.wit:1:1001: error[too-many-findings]: ${errors}`));
	assert.ok(lines.includes("a.wit:1:1001: warning[too-many-findings]: 1 more warning from here on is not shown"));
	const json = JSON.parse(renderJson(found));
	assert.equal([json.errors, json.warnings, json.diagnostics[2_000].leftOut], [1_002, 1_001, 2]);
	assert.match(renderGithub(found), `title=too-many-findings::${errors}\n`);
	const junit = renderJunit(found);
	assert.is(junit.split("<testcase ").length, 2_003);
	assert.match(junit, `<failure type="too-many-findings" message="${errors}">`);
	const [run] = JSON.parse(renderSarif(found)).runs;
	assert.equal([run.results[2_000].ruleId, run.results[2_000].message.text], ["too-many-findings", errors]);
});

test("findings left out by several collectors are added up, and of no finding is said that it is left out", () => {
	const source = new SourceFile("a.wit", "abc");
	const [first, second] = [new DiagnosticCollector(), new DiagnosticCollector()];
	for (const each of [...tooMany(), ...tooMany()]) first.add(each);
	for (const each of first.list()) second.add(each);
	assert.equal(
		second.list().flatMap(({ leftOut }) => leftOut ?? []),
		[4, 2],
	);
	const few = new DiagnosticCollector();
	few.error("syntax", source.span({ start: 0, end: 1 }), "here");
	few.error("syntax", source.span({ start: 0, end: 1 }), "here");
	assert.is(few.list().length, 1);
});

test("unknown types beyond the bound are counted, though not worded", () => {
	const functions = Array.from({ length: 1_500 }, (_, index) => `f${index}x: func(a: none${index});`).join("\n");
	const { diagnostics } = readWitText(`package a:b;\ninterface i {\n${functions}\n}\n`);
	assert.is(summary(diagnostics), "1500 errors");
});

test("many warnings with one advice are a line each after the first; errors, and few warnings, keep their frames", () => {
	const source = new SourceFile("a.wit", "one\ntwo\nthree\nfour\nfive\n");
	const sources = new Map([["a.wit", source.text]]);
	const finding = (severity: Diagnostic["severity"], start: number, help: string): Diagnostic =>
		diagnostic(severity, "empty-use", source.span({ start, end: start + 3 }), `at ${start}`, { help });
	const many = [0, 4, 8, 14].map((start) => finding("warning", start, "same"));
	const other = finding("warning", 19, "other");
	assert.is(
		renderText([...many, other], sources),
		`a.wit:1:1: warning[empty-use]: at 0
  |
1 | one
  | ^^^
  help: same

a.wit:2:1: warning[empty-use]: at 4
a.wit:3:1: warning[empty-use]: at 8
a.wit:4:1: warning[empty-use]: at 14

a.wit:5:1: warning[empty-use]: at 19
  |
5 | five
  | ^^^
  help: other
`,
	);
	const frames = (found: readonly Diagnostic[]): number => renderText(found, sources).split("\n  |\n").length - 1;
	assert.is(frames(many.slice(1)), 3);
	assert.is(frames([0, 4, 8, 14].map((start) => finding("error", start, "same"))), 4);
});

test.run();
