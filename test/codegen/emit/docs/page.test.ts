import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { KNOWN_TAGS } from "../../../../codegen/emit/docs/html/badges.ts";
import { docs, docsEmitter } from "../../../../codegen/emit/docs/index.ts";
import { TAGS } from "../../../../codegen/lint/doc-tags.ts";
import { readWitText } from "../../../../codegen/wit/read.ts";
import { emitOne, projectAbi } from "../../../helpers/codegen.ts";
import { assertBalanced, assertLinked, elementText, tagsOf } from "../../../helpers/html-page.ts";

const project = await emitOne(docsEmitter, await projectAbi(), "docs/reference.html");

/** The page of any package, in WIT text. */
function pageOf(wit: string): string {
	const { model, diagnostics } = readWitText(wit, { path: "test.wit", features: "all" });
	if (model === undefined) throw new Error(`the WIT of this test is wrong: ${diagnostics.map((each) => each.message).join("; ")}`);
	const files = new Map<string, string>();
	docs(model, { write: (path, content) => files.set(path, String(content)), report: () => {} });
	const page = files.get("docs/reference.html") ?? "";
	assertBalanced(page);
	assertLinked(page);
	return page;
}

test("every link of the project's page leads to an anchor that is there once", () => {
	assertBalanced(project);
	assert.ok(assertLinked(project) > 1000);
});

test("the page needs no network, and its policy allows its own scripts and style alone", () => {
	for (const { name, attributes } of tagsOf(project)) {
		assert.not.ok(["img", "iframe", "object", "embed", "base", "form", "audio", "video"].includes(name), name);
		assert.not.ok(attributes.has("src") || [...attributes.keys()].some((key) => key.startsWith("on") || key === "style"), name);
		if (name === "link") assert.is(attributes.get("href"), "data:,");
	}
	assert.not.match(project, /@import|url\(/);
	const policy = tagsOf(project).find(({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy");
	const texts = [...project.matchAll(/<(script|style)(?: type="module")?>(.*?)<\/\1>/gs)].map(([, , text = ""]) => text);
	assert.is(texts.length, 3);
	const [style, ...scripts] = texts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
	assert.is(
		policy?.attributes.get("content"),
		`default-src 'none'; style-src ${style}; script-src ${scripts.join(" ")}; img-src data:; base-uri 'none'; form-action 'none'`,
	);
});

test("the page is well below 500 KB, and the same each time", async () => {
	assert.ok(Buffer.byteLength(project) < 420_000, String(Buffer.byteLength(project)));
	assert.is(await emitOne(docsEmitter, await projectAbi(), "docs/reference.html"), project);
});

test("an operation is shown with its transports, features, request and answer", () => {
	const overview = elementText(project, ":overview");
	assert.ok(
		overview.includes(
			'<tr><th scope="row"><code>embeddings</code></th><td data-label="Interface"><a href="#emb"><code>emb</code></a></td><td data-label="Transports"><code>unary</code></td><td data-label="Features"><code>supports_dimensions</code>, <code>supports_input_type</code></td></tr>',
		),
	);
	const emb = elementText(project, "emb");
	assert.ok(emb.includes('<div><dt>Request</dt><dd><a href="#emb.request"><code>request</code></a></dd></div>'), emb);
	assert.ok(emb.includes('<div><dt>Answer</dt><dd><a href="#emb.response"><code>response</code></a></dd></div>'));
});

test("a field is shown with its type as links, its limits, its default and the features that it demands", () => {
	assert.is(
		elementText(project, "cchat.request.tools"),
		'<tr id="cchat.request.tools"><th scope="row"><a class="name" href="#cchat.request.tools">tools</a></th><td><code>option&lt;list&lt;<a href="#cchat.tool">tool</a>&gt;&gt;</code></td><td><p>Tools that the model may call. Empty: none.</p><p class="chips"><span class="chip">default <code>[]</code></span> <span class="chip feature">demands <code>supports_tools</code></span></p></td></tr>\n',
	);
	assert.ok(elementText(project, "rt.server-vad.threshold").includes('<span class="chip">0 to 1</span>'));
});

test("a function is shown with its parameters, result and errors, and whether it waits", () => {
	const connect = elementText(project, "rt.session.connect");
	assert.ok(connect.includes('<span class="kind">static function</span>'), connect);
	assert.ok(connect.includes('<span class="badge blocking">blocking</span> <span class="badge">since 0.1.0</span>'));
	assert.ok(connect.includes('<li><code>request</code>: <code><a href="#rt.request">request</a></code></li>'));
	assert.ok(connect.includes('<dt>Returns</dt><dd><code><a href="#rt.session">session</a></code></dd>'));
	assert.ok(connect.includes('<dt>Errors</dt><dd><code><a href="#types.error">error</a></code></dd>'));
	assert.ok(connect.includes("<dt>Waits</dt>"));
	assert.not.ok(elementText(project, "rt.session.close").includes("<dt>Waits</dt>"));
});

test("comments link to the cases of an error, to types in use and to other interfaces, and not to themselves", () => {
	assert.ok(
		elementText(project, "rt.session.connect").includes(
			'<a href="#types.error-code.not-permitted"><code>not-permitted</code></a> if the guest',
		),
	);
	assert.ok(elementText(project, "agent:export.run").includes('a <a href="#types.run-error"><code>run-error</code></a>'));
	assert.ok(elementText(project, "agent:export.run").includes("The host calls <code>run</code>"));
	assert.ok(elementText(project, ":overview").includes('The world <a href="#agent"><code>agent</code></a> imports'));
});

test("a type says where it is used", () => {
	assert.ok(
		elementText(project, "emb.response").includes(
			'<details class="uses"><summary>Used by 1</summary><p><a href="#emb.embed">emb.embed</a></p></details>',
		),
	);
});

test("deprecated and unstable items are marked in the text and in the contents", () => {
	const page = pageOf(`package a:b@1.0.0;
@since(version = 0.1.0)
interface i {
	/// Old one.
	///
	/// @replaced-by later
	@since(version = 0.1.0) @deprecated(version = 1.0.0) old: func();
	@since(version = 0.1.0) @deprecated(version = 1.0.0) older: func();
	@since(version = 1.0.0) later: func();
	@unstable(feature = fresh) type new-one = u8;
}`);
	const old = elementText(page, "i.old");
	assert.ok(
		old.includes(
			'<a class="name old" href="#i.old">old</a> <span class="badge">since 0.1.0</span> <span class="badge deprecated">deprecated</span>',
		),
	);
	assert.ok(
		old.includes(
			'<p class="note deprecated"><strong>Deprecated</strong> since 1.0.0. Use <a href="#i.later"><code>later</code></a> instead.</p>',
		),
	);
	assert.ok(elementText(page, "i.older").includes("since 1.0.0. New code should not use this.</p>"));
	assert.ok(
		elementText(page, "i.new-one").includes('<p class="note unstable"><strong>Unstable</strong>: behind the feature <code>fresh</code>'),
	);
	assert.ok(page.includes('<li><a class="name old" href="#i.old">old</a> <span class="kind">function</span></li>'));
});

test("each doc tag that means something has a place of its own, and is not shown as the author's text", () => {
	assert.equal([...KNOWN_TAGS].sort(), [...TAGS.keys()].sort());
});

test("a hostile comment stays text in the page and in the index of its search", () => {
	const page = pageOf(`package a:b;
/// Ends by \`</script><script>alert(1)</script>\`. <img src=x onerror=alert(2)>
///
/// @param "><b> of nothing
interface i { f: func(); }`);
	assert.is(tagsOf(page).filter(({ name, isEnd }) => name === "script" && !isEnd).length, 3);
	assert.not.match(page, /<img|<b>/);
	assert.ok(page.includes('["i",0,"Ends by \\u003c/script>\\u003cscript>alert(1)'));
	assert.ok(page.includes('<p class="tag"><code>@param</code> &quot;&gt;&lt;b&gt; of nothing</p>'));
});

test("any package has a page: names of all kinds, worlds with imports and exports of one name, interfaces of their own, renamed types", () => {
	const page = pageOf(`package a:b;
interface readme { f: func(); resource r { constructor(); %constructor: func(); } }
interface overview { record %record { %type: u8 } }
world w {
	import log: func(x: mine);
	export log: func(x: mine);
	record mine { a: u8 }
	import store: interface { record item { a: u8 } get: func() -> item; }
	export store: interface { record item { b: u8 } put: func(x: item); }
}
world v { include w with { mine as yours } }`);
	for (const id of [
		"readme.r:constructor",
		"readme.r.constructor",
		"overview.record.type",
		"w:import.log",
		"w:export.log",
		"w:import.store.item",
		"w:export.store.item",
		"v.yours",
	])
		assert.ok(elementText(page, id).length > 0);
	assert.ok(elementText(page, "v:import.log").includes('<a href="#v.yours">yours</a>'));
	assert.not.ok(page.includes("<h2>Operations</h2>"));
	assert.not.ok(page.includes("<h2>Rules</h2>"));
});

test.run();
