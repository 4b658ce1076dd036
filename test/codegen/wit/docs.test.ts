/** Doc comments: where they attach, and how prose and tags come apart. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readWitText } from "../../../codegen/wit/read.ts";
import { faultsOf, inInterface, interfaceOf, modelOf } from "../../helpers/wit-text.ts";

const test = suite("wit docs");

function docsOf(comment: string) {
	const func = interfaceOf(`${comment}\nf: func();`).functions[0];
	assert.ok(func);
	return func.docs;
}

test("line comments are joined; one leading blank is not part of the text", () => {
	assert.is(docsOf("/// First line.\n///   indented\n///\n/// Last.").text, "First line.\n  indented\n\nLast.");
});

test("a block comment loses its stars", () => {
	assert.is(docsOf("/** First.\n  * Second.\n  *\n  * - item\n  */").text, "First.\nSecond.\n\n- item");
});

test("plain comments and rows of slashes are not docs", () => {
	assert.is(docsOf("// plain\n//////////\n/* block */\n/**/").text, "");
});

test("a plain comment or blank lines in between do not part docs from their item", () => {
	assert.is(docsOf("/// Docs.\n// aside\n\n").text, "Docs.");
});

test("docs before and after a gate are one", () => {
	assert.is(docsOf("/// Before.\n@since(version = 1.0.0)\n/// After.").text, "Before.\nAfter.");
});

test("tags are lines of their own, with place and value", () => {
	const docs = docsOf("/// Sends it.\n/// @operation chat_completions\n/// More prose.\n///   @stream  \n");
	assert.is(docs.text, "Sends it.\nMore prose.");
	assert.equal(
		docs.tags.map(({ name, value, span }) => [name, value, span.line, span.column, span.endColumn]),
		[
			["operation", "chat_completions", 4, 5, 32],
			["stream", "", 6, 7, 14],
		],
	);
});

test("tags in a block comment have exact places too", () => {
	const text = inInterface("/**\n * Prose.\n * @default 1\n */\nf: func();");
	const tag = modelOf(text).main.interfaces[0]?.functions[0]?.docs.tags[0];
	assert.is(text.slice(tag?.span.offset, tag?.span.endOffset), "@default 1");
});

test("an at sign inside a line, before punctuation, or in fenced code is prose", () => {
	const text = "Mail a@b or @here.\n```\n@not-a-tag value\n```";
	assert.equal(docsOf(text.replace(/^/gm, "/// ")), { text, tags: [] });
});

test("a tag in the wrong case is still a tag, so that it can be diagnosed", () => {
	assert.equal(
		docsOf("/// @Feature x").tags.map((tag) => tag.name),
		["Feature"],
	);
});

test("everything that has a name can have docs", () => {
	const { main } = modelOf(`
		/// the package
		package a:b;
		/// the interface
		interface i {
			/// the record
			record r {
				/// the field
				a: u8,
				/// the second
				b: u8,
			}
			/// the variant
			variant v { /// the case
				x, /** next */ y(u8) }
			enum e { /// the member
				m }
			/// the resource
			resource s {
				/// the constructor
				constructor();
				/// the method
				m: func();
			}
		}
		/// the world
		world w {
			/// the import
			import i;
			/// the function
			export run: func();
		}
	`);
	const [face] = main.interfaces;
	const [world] = main.worlds;
	const [record, variant, enumeration, resource] = face?.types ?? [];
	assert.ok(record?.kind === "record" && variant?.kind === "variant");
	assert.ok(enumeration?.kind === "enum" && resource?.kind === "resource");
	const [imported] = world?.imports ?? [];
	const [exported] = world?.exports ?? [];
	assert.ok(imported?.kind === "interface" && exported?.kind === "function");
	const docs = [main, face, record, ...record.fields, variant, ...variant.cases, ...enumeration.cases, resource];
	const more = [resource.constructorFunc, ...resource.functions, world, imported, exported.func];
	assert.equal(
		[...docs, ...more].map((each) => each?.docs.text),
		[
			"the package",
			"the interface",
			"the record",
			"the field",
			"the second",
			"the variant",
			"the case",
			"next",
			"the member",
			"the resource",
			"the constructor",
			"the method",
			"the world",
			"the import",
			"the function",
		],
	);
});

test("a doc comment that documents nothing is a warning, once for a run of lines", () => {
	const text = inInterface("f: func(/// lost\n/// too\na: u8);\n/// at the end");
	assert.equal(faultsOf(text), [
		"3:9 dangling-docs this doc comment documents nothing",
		"6:1 dangling-docs this doc comment documents nothing",
	]);
	assert.ok(readWitText(text).model);
});

test.run();
