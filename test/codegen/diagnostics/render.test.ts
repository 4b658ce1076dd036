/** Diagnostics as people and programs see them. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DiagnosticCollector } from "../../../codegen/diagnostics/collector.ts";
import { diagnostic, hasErrors } from "../../../codegen/diagnostics/diagnostic.ts";
import { renderJson } from "../../../codegen/diagnostics/render-json.ts";
import { renderText, summary } from "../../../codegen/diagnostics/render-text.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { SourceFile } from "../../../codegen/wit/source-file.ts";

const test = suite("diagnostics");

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
	assert.is(render("x", { color: true }).includes("\u001b[31merror[syntax]\u001b[39m"), true);
});

test("a span over several lines is marked on each, up to three", () => {
	const source = new SourceFile("a.wit", "one {\n\ttwo\n\tthree\n\tfour\n}\n");
	const found = diagnostic("warning", "demo", source.span({ start: 0, end: source.text.length }), "long");
	assert.is(
		renderText([found], new Map([["a.wit", source.text]])),
		"a.wit:1:1: warning[demo]: long\n  |\n1 | one {\n  | ^^^^^\n2 | \ttwo\n  | \t^^^\n3 | \tthree\n  | \t^^^^^\n",
	);
});

test("the end of the file can be pointed at; a file that is not at hand has no frame", () => {
	const source = new SourceFile("a.wit", "abc");
	const found = diagnostic("error", "demo", source.span({ start: 3, end: 3 }), "here");
	assert.is(renderText([found], new Map([["a.wit", "abc"]])), "a.wit:1:4: error[demo]: here\n  |\n1 | abc\n  |    ^\n");
	assert.is(renderText([found], new Map()), "a.wit:1:4: error[demo]: here\n");
});

test("carets keep to the line number of large files and to characters outside the basic plane", () => {
	const text = `${"\n".repeat(99)}// 😀😀 x`;
	const start = text.indexOf("😀");
	const source = new SourceFile("a.wit", text);
	const found = diagnostic("error", "demo", source.span({ start, end: start + 4 }), "faces");
	assert.is(renderText([found], new Map([["a.wit", text]])), "a.wit:100:4: error[demo]: faces\n    |\n100 | // 😀😀 x\n    |    ^^\n");
});

test("JSON holds everything, counted", () => {
	const source = new SourceFile("a.wit", "abc\ndef");
	const span = source.span({ start: 4, end: 7 });
	const found = diagnostic("error", "demo", span, "wrong", { help: "mend it", related: [{ message: "there", span }] });
	const place = { file: "a.wit", line: 2, column: 1, offset: 4, endLine: 2, endColumn: 4, endOffset: 7 };
	const expected = { code: "demo", severity: "error", message: "wrong", span: place, help: "mend it" };
	assert.equal(JSON.parse(renderJson([found])), {
		errors: 1,
		warnings: 0,
		diagnostics: [{ ...expected, related: [{ message: "there", span: place }] }],
	});
});

test("the summary counts", () => {
	const span = new SourceFile("a", "").span({ start: 0, end: 0 });
	const error = diagnostic("error", "a", span, "");
	const warning = diagnostic("warning", "a", span, "");
	assert.is(summary([error, warning, error]), "2 errors, 1 warning");
	assert.is(summary([]), "no faults found");
	assert.is(hasErrors([warning]), false);
	assert.is(hasErrors([warning, error]), true);
});

test("the collector keeps each fault once and sorts by file and place", () => {
	const [a, b] = [new SourceFile("B.wit", "xyz"), new SourceFile("a.wit", "xyz")];
	const collector = new DiagnosticCollector();
	collector.error("late", b.span({ start: 2, end: 3 }), "third");
	collector.warning("early", b.span({ start: 0, end: 1 }), "second");
	collector.error("other", a.span({ start: 1, end: 2 }), "first");
	collector.error("late", b.span({ start: 2, end: 3 }), "third");
	assert.equal(
		collector.list().map((each) => each.message),
		["first", "second", "third"],
	);
	assert.is(collector.hasErrors, true);
});

test.run();
