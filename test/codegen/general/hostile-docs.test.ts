/** Doc comments are text of a stranger: in no generated file do they become code. */
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
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
