/** Doc comments in Markdown pages: no HTML, no links that run code, no fence that stays open. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { commentLine, commentText } from "../../../../codegen/emit/docs/markdown/comment-text.ts";
import { assertLinear } from "../../../helpers/growth.ts";

const CASES: readonly (readonly [text: string, printed: string])[] = [
	["Plain **text** with `list<u8>` and <https://a.example>.", "Plain **text** with `list<u8>` and <https://a.example>."],
	["--> <script>alert(1)</script>", "--> &lt;script>alert(1)&lt;/script>"],
	["an `` ` <b> `` and `a<b` and ` <i>", "an `` ` <b> `` and `a<b` and ` &lt;i>"],
	["a \\` <b> `", "a \\` &lt;b> `"],
	["`a\nb` <script> `c`", "`a\nb` &lt;script> `c`"],
	["<javascript:alert(1)>", "&lt;javascript:alert(1)>"],
	["[x](javascript:alert(1)) ![y]( JaVaScript:a)", "[x\\](javascript:alert(1)) ![y\\]( JaVaScript:a)"],
	["[x](&#106;avascript:a) [y](java\\script:a)", "[x\\](&#106;avascript:a) [y\\](java\\script:a)"],
	["[x]: javascript:a\n[x]", "[x\\]: javascript:a\n[x]"],
	["[a](b.md#c) [d](https://e.example/f:g) [h](#i:j) `[k](l:m)`", "[a](b.md#c) [d](https://e.example/f:g) [h](#i:j) `[k](l:m)`"],
	["```wit\nlist<u8>\n```\n<b>", "```wit\nlist<u8>\n```\n&lt;b>"],
	["~~~\n<b>\n```", "~~~\n<b>\n```\n~~~"],
	["``` a`b\n<b>", "``` a`b\n&lt;b>"],
];

for (const [text, printed] of CASES) test(`${JSON.stringify(text)} in a page`, () => assert.is(commentText(text), printed));

test("a comment in a cell is one line, whose fences are none", () => {
	assert.is(commentLine("one\n  two `a<b>`\n\n~~~\n<b>\n~~~"), "one two `a<b>` ~~~ &lt;b> ~~~");
});

test("a comment of many backticks takes linear time", () =>
	assertLinear({ name: "backticks", make: (size) => "` `` ".repeat(size), run: (text: string) => commentText(text), from: 256, to: 4096 }));

test.run();
