import { test } from "uvu";
import * as assert from "uvu/assert";
import { createUpstreamRedactor } from "../../src/redaction/upstream-redactor.ts";

const SECRET = 'k3y-with "quotes"/and+more';
const redact = createUpstreamRedactor([SECRET, undefined, "none"]);

test("a secret is replaced, plain, inside JSON and percent-encoded", () => {
	assert.is(redact(`you sent ${SECRET}!`), "you sent [redacted]!");
	assert.is(redact(JSON.stringify({ key: SECRET })), '{"key":"[redacted]"}');
	assert.is(redact(`?key=${encodeURIComponent(SECRET)}&x=1`), "?key=[redacted]&x=1");
});

test("a secret that contains another is replaced whole", () => {
	assert.is(createUpstreamRedactor(["secret", "secret-and-more"])("it was secret-and-more"), "it was [redacted]");
});

test("a guest that guesses the beginning of a secret learns nothing from an upstream that repeats its text", () => {
	for (let length = 1; length < SECRET.length; length++) {
		const right = SECRET.slice(0, length);
		const wrong = `${SECRET.slice(0, length - 1)}~`;
		assert.is(redact(`you wrote ${right}`), `you wrote ${right}`);
		assert.is(redact(`you wrote ${wrong}`), `you wrote ${wrong}`);
	}
});

test("the end of a text that the host cut is removed, whatever the end is", () => {
	const padding = "p".repeat(2000);
	const right = redact(`${padding}k3y-with "quo`, { cut: true });
	const wrong = redact(`${padding}k3y-with "qux`, { cut: true });
	assert.is(right, wrong);
	assert.ok(padding.startsWith(right) && right.length > 1000);
});

test("every encoding of a secret is replaced", () => {
	const html = "k3y-with &quot;quotes&#34;&#x2F;and&#43;more";
	const percent = encodeURIComponent(SECRET);
	const texts = [
		SECRET.toUpperCase(),
		percent.toLowerCase(),
		percent.replaceAll("%", "%25"),
		[...SECRET].map((character) => `%${character.charCodeAt(0).toString(16)}`).join(""),
		new URLSearchParams({ a: SECRET }).toString().slice(2),
		html,
		JSON.stringify(JSON.stringify(SECRET)).slice(3, -3),
		[...SECRET].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
		Buffer.from(SECRET).toString("base64url"),
		Buffer.from(SECRET).toString("base64").replace(/=+$/, ""),
		Buffer.from(`:${SECRET}`).toString("base64").replace(/=+$/, ""),
	];
	for (const text of texts) assert.is(redact(`<${text}>`), "<[redacted]>");
});

test("a secret that is broken into lines is replaced, also in base64 and as a text of JSON", () => {
	const lines = (text: string, end: string) => text.replace(/.{7}/gs, `$&${end}`);
	const base64 = Buffer.from(`:${SECRET}`).toString("base64").replace(/=+$/, "");
	for (const end of ["\n", "\r\n", "\r\n ", "\n\t", "\\n", "\\r\\n", "\\\\n"])
		for (const text of [SECRET, base64])
			assert.is(redact(`<${lines(text, end)}>`).replace(/(?:\\*[rn]|\s)*>$/, ">"), "<[redacted]>", JSON.stringify(end));
	assert.is(redact(`${SECRET.slice(0, -1)}\n`), `${SECRET.slice(0, -1)}\n`);
});

test("a text of line breaks is redacted in linear time", () => {
	const text = `${SECRET[0]}${"\n".repeat(4)}`.repeat(50_000);
	// Quadratic time would exceed the time limit of the test file.
	assert.is(redact(text), text);
	assert.is(redact(`${SECRET[0]}${"\r\n".repeat(100_000)}`), `${SECRET[0]}${"\r\n".repeat(100_000)}`);
});

test("a secret in base64 behind the name of a user leaves at most its edges", () => {
	for (const user of ["a", "ab", "abc", "abcd"]) {
		const whole = Buffer.from(`${user}:${SECRET}`).toString("base64");
		const clean = redact(whole);
		assert.match(clean, "[redacted]");
		assert.not.match(Buffer.from(clean.split("[redacted]")[0] ?? "", "base64").toString(), SECRET.slice(0, 2));
	}
});

test("two secrets of which one begins the other are replaced by the longer one first, in every encoding", () => {
	const both = createUpstreamRedactor(["key=12", "key=12/34"]);
	assert.is(both("key=12/34 key=12"), "[redacted] [redacted]");
	assert.is(both("key%3D12%2F34 key%3d12"), "[redacted] [redacted]");
	assert.is(both("key&#61;12&#47;34"), "[redacted]");
});

test("a secret of backslashes does not make matching slow", () => {
	assert.match(createUpstreamRedactor(["\\".repeat(60)])("\\".repeat(2000)), "[redacted]");
});

test("many secrets cost no more time than one for each character", () => {
	const many = createUpstreamRedactor(Array.from({ length: 2000 }, (_, index) => `sk-${index}-aaaaaaaaaaaaaaaaaaaaaaaa`));
	// A comparison of each secret with each character would exceed the time limit of the test file.
	assert.is(many("sk-9".repeat(50_000)), "sk-9".repeat(50_000));
});

test("a token that the upstream masked in part is replaced", () => {
	assert.is(redact("Incorrect key: sk-ab12********wxyz."), "Incorrect key: [redacted]");
});

test("a value too short for a secret is kept", () => {
	assert.is(redact("none of it"), "none of it");
});

test("text made to slow down the patterns is redacted in linear time", () => {
	// Quadratic time would take minutes and exceed the time limit of the test file.
	assert.is(redact("a".repeat(200_000)), "a".repeat(200_000));
	assert.is(redact("a.".repeat(100_000)), "a.".repeat(100_000));
	assert.is(redact("*a".repeat(100_000)), "*a".repeat(100_000));
});

test.run();
