import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Block } from "../../../scripts/words/block.ts";
import { jsonSchemaBlocks } from "../../../scripts/words/json-schema.ts";
import { markdownBlocks } from "../../../scripts/words/markdown.ts";
import { handlebarsBlocks, typescriptBlocks } from "../../../scripts/words/typescript.ts";
import { witBlocks } from "../../../scripts/words/wit.ts";

/** Each block as `first line: role: text`. A code span or URL shows as `◆`. */
function shown(blocks: readonly Block[]): string[] {
	return blocks.map(({ role, text, lines }) => `${lines[0]}: ${role}: ${text.replaceAll("\uFFFC", "◆").replaceAll("\n", "⏎")}`);
}

test("Markdown: paragraphs, headings, list items and table cells are blocks of their own", () => {
	const source = [
		"# Title",
		"First",
		"paragraph.",
		"",
		"- Item one",
		"  goes on",
		"  - Nested item",
		"- Item two",
		"",
		"  with a paragraph",
		"1. Numbered",
		"2. Again",
		"",
		"| head | `a|b` |",
		"| --- | ---: |",
		"| cell | |",
		"> Quoted",
	].join("\n");
	assert.equal(shown(markdownBlocks(source)), [
		"1: label: Title",
		"2: prose: First⏎paragraph.",
		"5: prose: Item one⏎goes on",
		"7: prose: Nested item",
		"8: prose: Item two",
		"10: prose: with a paragraph",
		"11: prose: Numbered",
		"12: prose: Again",
		"14: label: head",
		"14: label: ◆",
		"16: label: cell",
		"17: prose: Quoted",
	]);
});

test("Markdown: code blocks, rules and link definitions are no text", () => {
	const source = [
		"Text.",
		"",
		"    indented code",
		"",
		"```ts",
		"fenced",
		"",
		"~~~",
		"```",
		"- Item",
		"",
		"      code of the item",
		"",
		"---",
		"[a]: https://x.test",
	];
	assert.equal(shown(markdownBlocks(source.join("\n"))), ["1: prose: Text.", "10: prose: Item"]);
});

test("Markdown: an indented line that continues a paragraph is text", () => {
	assert.equal(shown(markdownBlocks("Text\n    goes on.")), ["1: prose: Text⏎goes on."]);
});

test("Markdown: a number at the start of a wrapped line is part of the sentence", () => {
	assert.equal(shown(markdownBlocks("The year was\n2026. Next.")), ["1: prose: The year was⏎2026. Next."]);
});

test("Markdown: HTML comments and generated sections are left out, and lines keep their numbers", () => {
	const source = "A.\n\n<!-- made:\nhere -->\n\n<!-- table: made by `x` -->\n\nB.\n\n<!-- end of table -->\n\nC.";
	assert.equal(shown(markdownBlocks(source)), ["1: prose: A.", "12: prose: C."]);
});

test("Markdown: a generated section without its end is read", () => {
	assert.equal(shown(markdownBlocks("<!-- table: made by `x` -->\n\nB.")), ["3: prose: B."]);
});

test("TypeScript: one-line and block docstrings are read, ordinary comments are not", () => {
	const source = [
		"#!/usr/bin/env node",
		"/** One line. */",
		"// none",
		"/* none */",
		"/**/",
		"/*** none */",
		"/**",
		" * Two",
		" * lines.",
		" *",
		" * More.",
		" */",
	];
	assert.equal(shown(typescriptBlocks(source.join("\n"))), ["2: opening: One line.", "8: opening: Two⏎lines.", "11: prose: More."]);
});

test("TypeScript: strings, templates and regular expressions hold no docstrings", () => {
	const source = [
		'const a = "/** no */";',
		"const b = '/** no */';",
		"const c = `/** no */ $" + "{/** Yes. */ `$" + "{1} /** no */`} /** no */`;",
		"const d = /[/**no*/]\\/** no *\\//;",
		"const e = 4 / 2; /** After a division. */",
		'if (e) /"/.test(a); /** After an expression. */',
	].join("\n");
	assert.equal(shown(typescriptBlocks(source)), ["3: opening: Yes.", "5: opening: After a division.", "6: opening: After an expression."]);
});

test("TypeScript: tags have their prose only, without types and parameter names", () => {
	const source = [
		"/**",
		" * Sends it.",
		" * @param name - The name.",
		" *     Continues.",
		" * @returns {string} A text.",
		" * @throws SpearError `timeout`.",
		" * @see https://x.test/a.html It is there.",
		" * @example",
		" * what is this",
		" * @default 3",
		" */",
	].join("\n");
	assert.equal(shown(typescriptBlocks(source)), [
		"2: opening: Sends it.",
		"3: prose: The name.⏎Continues.",
		"5: prose: A text.",
		"6: prose: SpearError ◆.",
	]);
});

test("TypeScript: a docstring of @internal opens with its text, one of @param has no opening", () => {
	assert.equal(shown(typescriptBlocks("/** @internal The store. */")), ["1: opening: The store."]);
	assert.equal(shown(typescriptBlocks("/** @param a What it is. */")), ["1: prose: What it is."]);
});

test("TypeScript: a package name at the start of a line and an @ in a code block are no tags", () => {
	const source = ["/**", " * Uses", " * @scope/name here.", " * ```ts", " * @see x", " * ```", " * {@link Foo.bar} too.", " */"];
	assert.equal(shown(typescriptBlocks(source.join("\n"))), ["2: opening: Uses⏎@scope/name here.", "7: prose: ◆ too."]);
});

test("Handlebars: an expression is a word, a block helper is none", () => {
	const source = "{{header}}\n{{#each a}}/** The {{name}} of {{{kind}}}.\n{{#if b}} * More.\n{{/if}} */{{/each}}\n/** Last. */";
	assert.equal(shown(handlebarsBlocks(source)), ["2: opening: The x of x.⏎More.", "5: opening: Last."]);
});

test("WIT: adjacent doc lines are one docstring, and tags are no prose", () => {
	const source = [
		"/// A session.",
		"/// It ends.",
		"///",
		"/// @operation chat_completions",
		"@since(version = 0.1.0)",
		"interface a {",
		"    // ordinary",
		"    /// A field.",
		"    b: u32,",
		"}",
	];
	assert.equal(shown(witBlocks(source.join("\n"))), ["1: opening: A session.⏎It ends.", "8: opening: A field."]);
});

test("JSON Schema: every description is a docstring, a property of that name is not", () => {
	const source =
		'{\n\t"description": "The \\"host\\".\\n\\nMore.",\n\t"properties": {\n\t\t"description": { "description": "A text." }\n\t}\n}';
	assert.equal(shown(jsonSchemaBlocks(source)), ['2: opening: The "host".', "2: prose: More.", "4: opening: A text."]);
});

test.run();
