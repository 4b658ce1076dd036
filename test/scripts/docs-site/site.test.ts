import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { HtmlValidate } from "html-validate";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildSite } from "../../../scripts/docs-site/build-site.ts";
import { brokenLinks } from "../../../scripts/docs-site/check-links.ts";
import { Search, type SearchIndex } from "../../../scripts/docs-site/client/search.ts";
import { ABI_ON_ONE_PAGE, PAGES } from "../../../scripts/docs-site/pages.ts";
import { sitePath } from "../../../scripts/docs-site/paths.ts";
import { ROOT, scratch } from "../../helpers/guest.ts";

const site = await buildSite(ROOT);
const pages = [...site]
	.filter(([path]) => path.endsWith(".html") && path !== ABI_ON_ONE_PAGE)
	.map(([path, text]) => [path, text.toString()] as const);

test("the site has each Markdown document outside of the tests as a page", () => {
	const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: ROOT, encoding: "utf8" })
		.trim()
		.split("\n")
		.filter((path) => !path.startsWith("test/"));
	assert.equal(PAGES.map(({ file }) => file).toSorted(), documents.toSorted());
	for (const { file } of PAGES) assert.ok(site.has(sitePath(file)), file);
});

test("every link of the site leads to a page and to an anchor of it", () => {
	assert.equal(brokenLinks(site), []);
});

test("a link to a missing page or anchor, a repeated anchor and a link by http are found", () => {
	const page = '<h1 id="a">A</h1><p id="a"></p><a href="b.html"></a><a href="#c"></a><a href="#a"></a><a href="http://example.com"></a>';
	assert.equal(brokenLinks(new Map([["a.html", page]])), [
		"a.html: the anchor a occurs twice",
		"a.html: b.html",
		"a.html: #c",
		"a.html: http://example.com",
	]);
});

test("every page is valid HTML", async () => {
	const validator = new HtmlValidate({
		extends: ["html-validate:recommended", "html-validate:document"],
		rules: {
			// For pages of other origins: the site's scripts are its own.
			"require-sri": "off",
			"long-title": "off",
			// The list of results is a combobox of links.
			"prefer-native-element": "off",
			// An anchor of GitHub may begin with a digit.
			"valid-id": ["error", { relaxed: true }],
		},
	});
	for (const [path, text] of pages) {
		const { results } = await validator.validateString(text, path);
		const faults = results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${path}:${line} ${ruleId} ${message}`));
		assert.equal(faults, []);
	}
});

test("pages load nothing from elsewhere, and have neither scripts nor styles inside", () => {
	for (const [path, text] of pages) {
		assert.match(text, "default-src 'none'; style-src 'self'; script-src 'self'");
		assert.not.match(text, /<style|\sstyle=|\son[a-z]+=/, path);
		assert.not.match(text, /<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?\/\//, path);
		assert.not.match(text, /<script(?![^>]*\ssrc=)[^>]*>/, path);
	}
});

test("the site is small", () => {
	const sizes = [...site].map(([path, content]) => [path, Buffer.byteLength(content)] as const);
	const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
	assert.ok(total < 3_000_000, `${total} bytes`);
	for (const [path, bytes] of sizes) if (/^(?:page|theme)\.js$|\.css$/.test(path)) assert.ok(bytes < 10_000, `${path}: ${bytes} bytes`);
	assert.ok(Buffer.byteLength(site.get("search-index.js") ?? "") < 500_000);
});

const search = new Search(
	JSON.parse((site.get("search-index.js") ?? "").toString().replace(/^globalThis\.searchIndex = (.*);\n$/s, "$1")) as SearchIndex,
);

for (const [question, url] of [
	["hedge quantile", "src/config/index.html#routesoperationhedge"],
	["queue_timeout_ms", "src/config/index.html#router"],
	["budget user", "docs/embed.html#a-budget-for-each-user"],
	["debug guest", "docs/guests.html#debug-a-guest"],
	["deno", "docs/platforms.html"],
	["exit cod", "docs/commands.html#exit-codes"],
	["NO_PROXY", "docs/network.html"],
] as const) {
	test(`the search finds ${url} for '${question}'`, () => {
		const found = search.find(question);
		assert.ok(
			found.slice(0, 5).some((result) => result.url === url),
			JSON.stringify(found.map((result) => result.url)),
		);
	});
}

test("the search finds nothing for no words and for words that no page has, and never throws", () => {
	for (const question of ["", "   ", "<>", "zzzzqq", "...", "a".repeat(100_000), "chat zzzzqq"]) assert.equal(search.find(question), []);
});

test("npm run docs writes the site again in the same folder, and leaves a folder of other files alone", () => {
	const command = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
		spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/write-docs.ts", ...args], {
			cwd: ROOT,
			encoding: "utf8",
		});
	const out = join(scratch(), "site");
	for (let count = 0; count < 2; count += 1) {
		const { status, stdout, stderr } = command("--out", out);
		assert.is(status, 0, stderr);
		assert.match(stdout, /index\.html: \d+ files, \d\.\d MB\n$/);
	}
	assert.ok(existsSync(join(out, "docs/embed.html")));
	const other = join(scratch(), "other");
	mkdirSync(other);
	writeFileSync(join(other, "letter.txt"), "Dear");
	const refused = command("--out", other);
	assert.equal([refused.status, refused.stderr], [2, `${other} holds files that this command has not written; name an empty folder\n`]);
	assert.equal(readdirSync(other), ["letter.txt"]);
	assert.is(command("--into").status, 2);
});

test.run();
