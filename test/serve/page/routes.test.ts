import { gunzipSync, gzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { buildPage } from "../../../src/serve/page/build-page.ts";
import { served } from "../../helpers/served.ts";

const test = suite("operator's page over HTTP");

const KEY = "an-admin-key-of-a-test";
const ADMIN = { server: { admin_key_env: "ADMIN_KEY" } };

test("the page names its files, and allows nothing but them", async () => {
	const at = await served(ADMIN, { ADMIN_KEY: KEY });
	const response = await fetch(`${at.url}/`);
	const html = await response.text();
	assert.is(response.status, 200);
	assert.is(response.headers.get("content-type"), "text/html; charset=utf-8");
	assert.is(
		response.headers.get("content-security-policy"),
		"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	);
	assert.is(response.headers.get("x-content-type-options"), "nosniff");
	assert.match(html, /<html lang="en" data-admin="on">/);
	assert.not.match(html, /<script(?![^>]* src="assets\/page-[0-9a-f]{12}\.js"><\/script>)|<style|\son\w+=|https?:\/\/(?!www\.w3\.org)/);
	assert.not.match(html, new RegExp(KEY));
	await at.close();
});

test("files are served compressed or not, for ever, and no others are there", async () => {
	const at = await served({});
	const html = await (await fetch(`${at.url}/`)).text();
	for (const [, name = ""] of html.matchAll(/assets\/(page-[0-9a-f]{12}\.(?:js|css))/g)) {
		const plain = await fetch(`${at.url}/assets/${name}`, { headers: { "accept-encoding": "gzip;q=0, br" } });
		const compressed = await fetch(`${at.url}/assets/${name}`, { headers: { "accept-encoding": "br, gzip" } });
		assert.equal([plain.headers.get("content-encoding"), compressed.headers.get("content-encoding")], [null, "gzip"]);
		assert.is(await plain.text(), await compressed.text());
		assert.is(plain.headers.get("cache-control"), "public, max-age=31536000, immutable");
		assert.match(String(plain.headers.get("content-type")), name.endsWith("js") ? /^text\/javascript/ : /^text\/css/);
	}
	for (const path of ["/assets/", "/assets/page.js", "/assets/..%2f..%2fpackage.json", "/assets/%2e%2e/page-files.ts"])
		assert.is((await fetch(`${at.url}${path}`)).status, 404, path);
	await at.close();
});

test("the page says that there is no admin key, and that a demonstration is one", async () => {
	const plain = await served({});
	assert.match(await (await fetch(`${plain.url}/`)).text(), /data-admin="off">/);
	await plain.close();
	const demo = await served(ADMIN, { ADMIN_KEY: KEY }, { isDemo: true });
	assert.match(await (await fetch(`${demo.url}/`)).text(), /data-admin="on" data-demo>/);
	await demo.close();
});

test("[server] page = false removes page and files", async () => {
	const at = await served({ server: { page: false } });
	const { script } = await buildPage();
	assert.equal([(await fetch(`${at.url}/`)).status, (await fetch(`${at.url}/assets/${script.name}`)).status], [404, 404]);
	await at.close();
});

test("a build is small, the same each time, and holds no address of another server", async () => {
	const [one, other] = await Promise.all([buildPage(), buildPage()]);
	assert.equal([one.script.name, one.style.name], [other.script.name, other.style.name]);
	assert.ok(one.script.gzip.length + one.style.gzip.length < 60 * 1024);
	const text = gunzipSync(one.script.gzip).toString() + gunzipSync(one.style.gzip).toString();
	const addresses = text.match(/https?:\/\/[\w.-]+/g) ?? [];
	assert.equal(
		[...new Set(addresses)].filter((address) => address !== "http://www.w3.org"),
		[],
	);
	assert.not.match(text, /\beval\(|new Function|dangerouslySetInnerHTML=/);
	assert.is(gzipSync(gunzipSync(one.script.gzip), { level: 9 }).length, one.script.gzip.length);
});

test.run();
