import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scanImports } from "../../scripts/scan-imports.ts";
import { isFullRun } from "../helpers/full-run.ts";
import { ROOT } from "../helpers/guest.ts";

/** Each import as `line specifier`, with ` type` behind a type-only one. */
function scan(source: string): string[] {
	return scanImports(source).map(({ specifier, typeOnly, line }) => `${line} ${specifier}${typeOnly ? " type" : ""}`);
}

test("every form of import and re-export is found, with its line", () => {
	const source = `import "./effect.ts";
import a from './a.ts';
import * as b from "./b.ts";
import c, { type C, default as d, "odd name" as e } from "./c.ts";
import type { T } from "./t.ts";
export * from "./f.ts";
export * as g from "./g.ts";
export {
	h,
} from "./h.ts";
export type { I } from "./i.ts";
const j = await import("./j.ts");
type K = import("./k.ts").K;
`;
	assert.equal(scan(source), [
		"1 ./effect.ts",
		"2 ./a.ts",
		"3 ./b.ts",
		"4 ./c.ts",
		"5 ./t.ts type",
		"6 ./f.ts",
		"7 ./g.ts",
		"8 ./h.ts",
		"11 ./i.ts type",
		"12 ./j.ts",
		"13 ./k.ts",
	]);
});

test("a name that happens to be `type` or `from` is a name", () => {
	assert.equal(scan('import type from "a";\nimport type, { b } from "b";\nimport { from } from "c";\nimport type from from "d";\n'), [
		"1 a",
		"2 b",
		"3 c",
		"4 d type",
	]);
});

test("exports of the file's own names import nothing", () => {
	assert.equal(scan('export { a };\nconst from = "x";\nexport const b = from;\nexport default "y";\nexport type D = "z";\n'), []);
});

test("text in comments, strings, templates and regular expressions is no import", () => {
	const texts = [
		'// import "a";',
		'/* import "a";\n import "b"; */',
		"const a = 'import \"a\";';",
		`const a = \`import "a"; \${b} import "b";\`;`,
		`const a = \`\${\`import "a"\` + { b: \`}\` }} import "b"\`;`,
		'const a = /import "a"[/`]/g;',
		'return /`/.test(b) || /import "c"/;',
	];
	for (const text of texts) assert.equal(scan(`${text}\nimport "./real.ts";\n`).length, 1, text);
});

test("an import inside a substitution of a template counts", () => {
	assert.equal(scan(`const a = \`\${(await import("./a.ts")).b}\`;\n`), ["1 ./a.ts"]);
});

test("a division begins no regular expression", () => {
	assert.equal(scan('const a = (b / 2) / c[0] / "`".length;\nimport "./a.ts"; // `\n'), ["2 ./a.ts"]);
});

test("members called import, import.meta and an import of no literal are none", () => {
	assert.equal(scan('loader.import("a");\nconst b = import.meta.url;\nconst c = await import(name);\nconst d = { import: "from" };\n'), []);
});

test("the scanner finds in every source what the compiler's parser finds", () => {
	for (const folder of isFullRun ? ["codegen", "generated", "src", "scripts"] : ["scripts"]) {
		for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
			if (!/\.(?:ts|js)$/.test(name) || name.endsWith(".d.ts")) continue;
			const text = readFileSync(join(ROOT, folder, name), "utf8");
			assert.equal(scan(text).sort(), parse(text).sort(), `${folder}/${name}`);
		}
	}
});

/** The same list by a full parse. */
function parse(source: string): string[] {
	const file = ts.createSourceFile("a.ts", source, ts.ScriptTarget.ESNext);
	const found: string[] = [];
	const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean): void => {
		if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
		const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
		found.push(`${line + 1} ${specifier.text}${typeOnly ? " type" : ""}`);
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
		else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly);
		else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, false);
		else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0], false);
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found;
}

test.run();
