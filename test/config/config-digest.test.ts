import { suite } from "uvu";
import * as assert from "uvu/assert";
import { configDigest } from "../../src/config/config-digest.ts";
import { textDocument } from "../../src/config/document.ts";

const test = suite("the digest of a configuration");

const digest = (text: string): string => configDigest(textDocument(text, "spear.toml").value);

const SHARED = '[cluster]\nurl = "redis://a:6379"\n[backends.a]\nkind = "stub"\nmodels = ["x", "y"]\n';

test("comments, the order of keys, the name of the host and its address do not count", () => {
	const other = `# a comment
[server]
host = "10.0.0.1"
port = 9000
[backends.a]
models = ["x", "y"]   # two
kind = "stub"
[cluster]
host = "north"
url = "redis://a:6379"
`;
	assert.is(digest(other), digest(`${SHARED}[server]\nport = 1\n`));
	assert.match(digest(SHARED), /^[0-9a-f]{64}$/);
});

for (const [name, text] of [
	["the order of a list", SHARED.replace('"x", "y"', '"y", "x"')],
	["another value", SHARED.replace("stub", "openai")],
	["another key of the server", `${SHARED}[server]\npage = false\n`],
	["another prefix", SHARED.replace("[backends", 'prefix = "p"\n[backends')],
	["a further table", `${SHARED}[guests.shop]\n`],
] as const) {
	test(`${name} counts`, () => {
		assert.is.not(digest(text), digest(SHARED));
	});
}

test.run();
