/** Every regular expression of the host needs linear time. Each may read bytes from outside. */
import { readdirSync, readFileSync } from "node:fs";
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { growthFault } from "../../codegen/lint/regexp-growth.ts";

interface Found {
	readonly where: string;
	/** `undefined` if the pattern is not known before the code runs. */
	readonly pattern: RegExp | undefined;
}

/** Matches a file that may hold a regular expression. The others are not parsed, which takes seconds for all files. */
const CANDIDATE = /new RegExp\(|(?:[=(,:;!&|?{}[>]|\breturn)\s*\/[^/*\s]/;

function filesOf(directory: string, ending: string): string[] {
	return readdirSync(directory, { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(ending))
		.map((name) => `${directory}/${name}`);
}

/** Returns the regular expressions in the source of a module: the literals, and those of constant texts. */
function patternsIn(path: string): Found[] {
	const text = readFileSync(path, "utf8");
	if (!CANDIDATE.test(text)) return [];
	const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
	const constants = new Map<string, string>();
	const found: Found[] = [];
	const add = (node: ts.Node, source: string | undefined, flags: string | undefined): void => {
		const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
		const pattern = source === undefined || flags === undefined ? undefined : new RegExp(source, flags);
		found.push({ where: `${path}:${line} ${source ?? node.getText(file)}`, pattern });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
			const value = node.initializer === undefined ? undefined : textOf(node.initializer, constants);
			if (value !== undefined) constants.set(node.name.text, value);
		}
		if (ts.isRegularExpressionLiteral(node)) {
			const end = node.text.lastIndexOf("/");
			add(node, node.text.slice(1, end), node.text.slice(end + 1));
		} else if (ts.isNewExpression(node) && node.expression.getText(file) === "RegExp") {
			const [source, flags] = node.arguments ?? [];
			add(node, source && textOf(source, constants), flags === undefined ? "" : textOf(flags, constants));
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found;
}

/** Returns the text of a literal, or of a template of constants. */
function textOf(node: ts.Expression, constants: ReadonlyMap<string, string>): string | undefined {
	if (ts.isStringLiteralLike(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return node.templateSpans.reduce<string | undefined>((text, { expression, literal }) => {
		const value = ts.isIdentifier(expression) ? constants.get(expression.text) : undefined;
		return text === undefined || value === undefined ? undefined : text + value + literal.text;
	}, node.head.text);
}

function faults(found: readonly Found[]): string[] {
	return found.flatMap(({ where, pattern }) => {
		const fault = pattern === undefined ? "is not a constant" : growthFault(pattern);
		return fault === undefined ? [] : [`${where}: ${fault}`];
	});
}

test("every regular expression of the sources needs linear time", () => {
	const found = filesOf("src", ".ts").flatMap(patternsIn);
	assert.ok(found.length > 100, `${found.length} regular expressions`);
	assert.equal(faults(found), []);
});

test("every pattern of a generated validator needs linear time", () => {
	const found = filesOf("generated/schema", ".js").flatMap((path): Found[] =>
		[...readFileSync(path, "utf8").matchAll(/^const \w+Pattern\d* = \/(.*)\/(\w*);$/gm)].map(([whole, source = "", flags]) => ({
			where: `${path} ${whole}`,
			pattern: new RegExp(source, flags),
		})),
	);
	assert.ok(found.length > 10, `${found.length} patterns`);
	assert.equal(faults(found), []);
});

test("the generated sources have no other regular expressions", () => {
	assert.equal(filesOf("generated", ".ts").flatMap(patternsIn), []);
});

test.run();
