/** Doc comments are text of a stranger: in no generated file do they become code. */
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { generalIr } from "../../../codegen/emit/ir/general.ts";
import { generalSchema } from "../../../codegen/emit/schema/general.ts";
import { GENERAL_TARGETS } from "../../../codegen/emit/targets.ts";
import { readWitText } from "../../../codegen/wit/read.ts";
import { emitTarget } from "../../helpers/general-targets.ts";

const EVIL =
	"*/ globalThis.hacked = 1; /* ` \u0024{globalThis.hacked = 2} </script><script>globalThis.hacked = 3</script> \u2028 globalThis.hacked = 4 \\ */";

function docs(indent: string): string {
	return [EVIL, "", `@deprecated ${EVIL}`, `@replaced-by ${EVIL}`].map((line) => `${indent}/// ${line}\n`).join("");
}

const HOSTILE = `package a:b@1.0.0;
${docs("")}interface i {
${docs("\t")}	record r {
${docs("\t\t")}		x: u32,
	}
${docs("\t")}	enum e {
${docs("\t\t")}		one,
	}
${docs("\t")}	resource s {
${docs("\t\t")}		constructor(a: r);
${docs("\t\t")}		m: func() -> result<r, string>;
	}
${docs("\t")}	f: func(a: r, b: option<e>) -> result<list<r>, e>;
}
${docs("")}world w {
	import i;
${docs("\t")}	export run: func(a: string) -> string;
	export i;
}
`;

test("doc comments stay comments in every target", async () => {
	const { model, diagnostics } = readWitText(HOSTILE);
	if (model === undefined) throw new Error(JSON.stringify(diagnostics));
	let seen = 0;
	for (const [name, { load }] of Object.entries(GENERAL_TARGETS)) {
		const { files } = await emitTarget(await load(), model);
		assert.ok(files.size > 0, name);
		for (const [path, text] of files) {
			if (text.includes("hacked")) seen += 1;
			if (path.endsWith(".json")) JSON.parse(text);
			if (path.endsWith(".html")) assert.not.match(text, "<script>globalThis");
			if (path.endsWith(".ts")) assert.not.ok(namesIn(path, text).includes("hacked"), path);
		}
	}
	assert.ok(seen > 5, "the comments are in the files");
});

test("a pattern that is none, or that a text could make slow, is left out of the JSON Schema and told", async () => {
	const field = (name: string, pattern: string): string => `/// @pattern ${pattern}\n${name}: string,\n`;
	const wit = `package a:b;\ninterface i { record r {\n${field("x", "^(a+)+$")}${field("y", "(")}${field("z", "^[a-z]+$")}} f: func(r: r); }\n`;
	const { model } = readWitText(wit);
	if (model === undefined) throw new Error("the WIT has faults");
	const { files, findings } = await emitTarget(generalSchema, model);
	const ir = await emitTarget(generalIr, model);
	assert.equal(ir.findings, findings);
	assert.not.match([...ir.files].filter(([path]) => path.endsWith(".js")).join(), "(a+)+");
	assert.equal(
		findings.map(({ code, severity, message, span }) => [code, severity, message, span.line]),
		[
			["slow-pattern", "warning", "`@pattern ^(a+)+$` of field `r.x` is left out: a is in nested loops", 3],
			["slow-pattern", "warning", "`@pattern (` of field `r.y` is left out: /(/u: Unterminated group", 5],
		],
	);
	assert.equal([...files.values()].join().match(/"pattern": .*/g), ['"pattern": "^[a-z]+$"']);
});

test("doc comments in Markdown bring no HTML and no links that run code", async () => {
	const { model } = readWitText(HOSTILE.replaceAll(EVIL, "</b> <script>alert(1)</script> [x](javascript:alert(2)) ~~~ `"));
	const docs = await GENERAL_TARGETS.docs?.load();
	if (model === undefined || docs === undefined) throw new Error("there is no target for documents");
	const { files } = await emitTarget(docs, model);
	const pages = [...files].filter(([path]) => path.endsWith(".md"));
	assert.ok(pages.some(([, text]) => text.includes("&lt;script>")));
	for (const [path, text] of pages) assert.not.match(text, /<script|<\/b|[^\\]\]\(javascript/, path);
});

/** Names in the code of a module, which has no fault of syntax. */
function namesIn(path: string, text: string): string[] {
	const { diagnostics = [] } = ts.transpileModule(text, { fileName: "module.ts", reportDiagnostics: true });
	assert.equal(
		diagnostics.map(({ messageText }) => messageText),
		[],
		path,
	);
	const names: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isIdentifier(node)) names.push(node.text);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
	return names;
}

test.run();
