import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { prose, summary } from "../../../../codegen/emit/docs/html/prose.ts";
import { assertBalanced, tagsOf } from "../../../helpers/html-page.ts";

const NOTHING = (): undefined => undefined;

function printed(text: string, find: (name: string) => string | undefined = NOTHING): string {
	return prose(text, find)?.text ?? "";
}

test("a comment is Markdown", () => {
	assert.is(
		printed("One *two* **three**\nlines.\n\n- a\n- b\n\n1. c\n\n> d\n\n# e\n\n    f < g"),
		"<p>One <em>two</em> <strong>three</strong>\nlines.</p><ul><li>a</li><li>b</li></ul><ol><li>c</li></ol><blockquote><p>d</p></blockquote>" +
			'<p class="heading">e</p>\n<pre><code>f &lt; g\n</code></pre>\n',
	);
});

test("HTML in a comment is text", () => {
	assert.is(printed("a <b onclick=x>c</b>"), "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>");
	assert.is(
		printed("<script>alert(1)</script>\n\n</main>"),
		'<p class="plain">&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p class="plain">&lt;/main&gt;</p>\n',
	);
	assert.is(printed("```\n</code></pre><script>\n```"), "<pre><code>&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;\n</code></pre>\n");
	assert.is(printed('`"><script>`'), "<p><code>&quot;&gt;&lt;script&gt;</code></p>");
});

test("a link leads to a web page or to a mail address, and any other is only its text", () => {
	assert.is(printed("[a](https://b.example/?c=1&d=2)"), '<p><a href="https://b.example/?c=1&amp;d=2" rel="noreferrer">a</a></p>');
	assert.is(printed("<mailto:a@b.example>"), '<p><a href="mailto:a@b.example" rel="noreferrer">mailto:a@b.example</a></p>');
	for (const target of [
		"javascript:alert(1)",
		"JavaScript:alert(1)",
		"java&#115;cript:alert(1)",
		"data:text/html,x",
		"//b.example",
		"#c",
		"d.md",
	])
		assert.is(printed(`[a](${target})`), "<p>a</p>", target);
	assert.is(printed('[a](<https://b.example/"onclick=x>)'), '<p><a href="https://b.example/%22onclick=x" rel="noreferrer">a</a></p>');
});

test("an image is a link, so that nothing is fetched", () => {
	assert.is(printed("![a](https://b.example/c.png)"), '<p><a href="https://b.example/c.png" rel="noreferrer">a</a></p>');
	assert.is(
		printed("![a [b](https://c.example/) `d`](https://e.example/)", () => "d"),
		'<p><a href="https://e.example/" rel="noreferrer">a b <code>d</code></a></p>',
	);
});

test("a name in code links to the item of that name", () => {
	const find = (name: string): string | undefined => (name === "session.send" ? "cchat.session.send" : undefined);
	assert.is(
		printed("Call `session.send`, not `send`.", find),
		'<p>Call <a href="#cchat.session.send"><code>session.send</code></a>, not <code>send</code>.</p>',
	);
});

test("a comment that is too long for the parser is shown as it is", () => {
	const text = `${"[](".repeat(4000)}<b>`;
	assert.is(printed(text), `<p class="plain">${"[](".repeat(4000)}&lt;b&gt;</p>`);
	assert.is(summary(text), "");
});

test("the summary of a comment is its first sentence, without marks", () => {
	assert.is(summary("Sends `a` to\n*all* <b>. Then more.\n\nMore."), "Sends a to all .");
	assert.is(summary("- a list"), "");
	assert.is(summary(""), "");
});

test("no comment leaves its place or brings another element in", () => {
	const pieces = [
		"<",
		">",
		"</p>",
		"<script>",
		"<!--",
		"-->",
		"&lt;",
		"&#60;",
		'"',
		"'",
		"`",
		"```\n",
		"[",
		"](",
		")",
		"![",
		"<https:",
		"javascript:",
	];
	const more = ["\n", "\n\n", "- ", "> ", "    ", "*", "_", "# ", "a", "\\", "&", "\0", "\u2028", "]: ", "https://b.example/"];
	const allowed = new Set(["p", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "br", "hr", "a"]);
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 40 }), (parts) => {
			const page = printed(parts.join(""), (name) => (name.length === 1 ? "x" : undefined));
			assertBalanced(page);
			for (const { name, attributes } of tagsOf(page)) {
				assert.ok(allowed.has(name), page);
				for (const [key, value] of attributes) {
					assert.ok(key === "class" || key === "rel" || (key === "href" && /^(?:#x$|https?:\/\/|mailto:)/.test(value)), page);
				}
			}
		}),
		{ numRuns: 2000 },
	);
});

test.run();
