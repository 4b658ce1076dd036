import { test } from "uvu";
import * as assert from "uvu/assert";
import { renderMarkdown } from "../../../scripts/docs-site/render.ts";

const rendered = (markdown: string): string => renderMarkdown(markdown, (target) => `to/${target}`).html.trim();

test("headings have the anchors of GitHub, and a repeated one a number", () => {
	const { headings, title } = renderMarkdown("# The `[host]` & more\n## Limits\n## Limits\n", (target) => target);
	assert.is(title, "The [host] & more");
	assert.equal(
		headings.map(({ level, anchor }) => [level, anchor]),
		[
			[1, "the-host--more"],
			[2, "limits"],
			[2, "limits-1"],
		],
	);
});

test("text, code and attributes are escaped", () => {
	assert.is(rendered("a < b & `<c>`"), "<p>a &lt; b &amp; <code>&lt;c&gt;</code></p>");
	assert.is(rendered("    <script>\n"), '<pre tabindex="0"><code>&lt;script&gt;\n</code></pre>');
	assert.is(rendered('[a](b"c)'), '<p><a href="to/b&quot;c">a</a></p>');
	assert.is(rendered('![a "quoted" <name>](x.svg)'), '<p><img src="to/x.svg" alt="a &quot;quoted&quot; &lt;name&gt;"></p>');
});

test("comments are left out, and other HTML is an error", () => {
	assert.is(rendered("<!-- a note -->\n\ntext <!-- more --> end"), "<p>text  end</p>");
	assert.throws(() => rendered("<script>alert(1)</script>"), "HTML in Markdown is not rendered");
	assert.throws(() => rendered("text <b onclick=x>bold</b>"), "HTML in Markdown is not rendered");
	assert.throws(() => rendered("<!-- a --><script>alert(1)</script><!-- b -->"), "HTML in Markdown is not rendered");
});

test("tables have heads with a scope, in an element that scrolls", () => {
	assert.is(
		rendered("| a | b |\n| --- | --: |\n| 1 | `2` |\n").replaceAll("\n", ""),
		'<div class="table" tabindex="0"><table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><td>1</td><td><code>2</code></td></tr></tbody></table></div>',
	);
});

test("texts for the search are the words below each heading", () => {
	const { texts } = renderMarkdown("intro\n\n# One\n\ntwo `three`\n\n- four\n\n| five |\n| --- |\n| six |\n", (target) => target);
	assert.equal(
		texts.map(({ heading, text }) => [heading?.title, text]),
		[
			[undefined, "intro"],
			["One", "two three four five six"],
		],
	);
});

test.run();
