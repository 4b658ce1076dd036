import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, SpearError } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { spearHere } from "../helpers/spear.ts";

/** Mistakes of operators. Each gets the place, the reason and what to do, without a stack and without a secret, and exits with 2. */

const SECRET = "sk-secret-0123456789";
const backend = (...lines: string[]): string => `[backends.a]\nkind = "openai-compatible"\n${lines.join("\n")}\n`;
const URL_LINE = 'base_url = "https://api.example.com/v1"';

/** The name of the file, its text, and the beginning of the report behind the path. */
const MISTAKES: readonly (readonly [mistake: string, file: string, text: string, report: string])[] = [
	["JSON", "a.json", '{"backends":{}}', ":1:1: illegal character in key; this looks like JSON, and a configuration is TOML"],
	["YAML", "a.yaml", "backends:\n  a: 1\n", ":1:9: illegal character in key; this looks like YAML, and a configuration is TOML"],
	["a component", "a.wasm", "\0asm\r\0\0\0", ":1:1: illegal character in key; this looks like a WebAssembly component"],
	["UTF-16", "a.toml", "[\0h\0o\0s\0t\0]\0", "; this is no text, and a configuration is TOML"],
	[
		"a table written twice",
		"a.toml",
		"[host]\n[host]\n",
		":2:2: trying to redefine an already defined table or value; a table or key may be written only once",
	],
	["a key written twice", "a.toml", "[host]\ntimeout_ms = 1\ntimeout_ms = 2\n", ":3:1: trying to redefine"],
	["a duration without quotes", "a.toml", "[host]\ntimeout_ms = 5m\n", "; text needs quotes, and a duration is a whole number"],
	[
		"a duration in quotes",
		"a.toml",
		'[host]\ntimeout_ms = "5m"\n',
		":2:14: host.timeout_ms: must be a whole number of milliseconds, without quotes",
	],
	["a negative number", "a.toml", "[limits]\nmax_handles = -1\n", ":2:15: limits.max_handles: must be >= 1"],
	[
		"a list of backends",
		"a.toml",
		'[[backends]]\nname = "a"\n',
		": backends: must be a table; write a table for each, such as [backends.main]",
	],
	[
		"a backend without a name",
		"a.toml",
		'[backends]\nkind = "stub"\n',
		":2:8: backends.kind: must be a table; write a table for each, such as [backends.main]",
	],
	[
		"a URL without a scheme",
		"a.toml",
		backend('base_url = "api.example.com/v1"'),
		':3:12: backends.a.base_url: must begin with https:// or http://, e.g. "https://api.example.com/v1"',
	],
	[
		"a URL of a WebSocket",
		"a.toml",
		backend('base_url = "wss://api.example.com/v1"'),
		":3:12: backends.a.base_url: must begin with https:// or http://, for WebSockets too",
	],
	["a URL with a blank", "a.toml", backend('base_url = "https://api.example.com/v1 "'), ":3:12: backends.a.base_url: must not"],
	[
		"a URL with a wrong port",
		"a.toml",
		backend('base_url = "https://api.example.com:99999/v1"'),
		":3:12: backends.a.base_url: is no URL: check the name of the host and the port",
	],
	[
		"a URL with a key",
		"a.toml",
		backend(`base_url = "https://api.example.com/v1?key=${SECRET}"`),
		":3:12: backends.a.base_url: must end with its path",
	],
	[
		"a URL with a password",
		"a.toml",
		backend(`base_url = "https://me:${SECRET}@api.example.com/v1"`),
		":3:12: backends.a.base_url: must hold no user and no password",
	],
	[
		"a key for its variable",
		"a.toml",
		backend(URL_LINE, `api_key_env = "${SECRET}"`),
		":4:15: backends.a.api_key_env: must be the name of an environment variable, not the key itself",
	],
	[
		"a key that could be a name",
		"a.toml",
		backend(URL_LINE, 'api_key_env = "AIzaSyD0123456789abcdef"'),
		":4:15: backends.a.api_key_env: this looks like a key; put the key into an environment variable",
	],
	[
		"a key under a name of its own",
		"a.toml",
		backend(URL_LINE, `api_key = "${SECRET}"`),
		":4:1: backends.a.api_key: no such key; did you mean 'api_key_env'? Put the key into an environment variable",
	],
	[
		"a variable with a dollar sign",
		"a.toml",
		backend(URL_LINE, 'api_key_env = "$MAIN_KEY"'),
		":4:15: backends.a.api_key_env: must be the name of the environment variable without '$'",
	],
	[
		"a variable named twice",
		"a.toml",
		backend(URL_LINE, 'api_key_env = ["A_KEY", "A_KEY"]'),
		":4:15: backends.a.api_key_env: names the same twice: items 0 and 1",
	],
	[
		"a key in a header",
		"a.toml",
		backend(URL_LINE, `headers = { Authorization = "Bearer ${SECRET}" }`),
		"backends.a.headers.Authorization: is set by the host; leave it out",
	],
	[
		"an allowed host with a scheme",
		"a.toml",
		'[media]\nallowed_hosts = ["https://cdn.example.com/x"]\n',
		":2:18: media.allowed_hosts[0]: 'https://cdn.example.com/x' is not a host; did you mean 'cdn.example.com'?",
	],
	[
		"another key for allowed hosts",
		"a.toml",
		'[media]\nallow_hosts = ["cdn.example.com"]\n',
		":2:1: media.allow_hosts: no such key; did you mean 'allowed_hosts'?",
	],
	[
		"a directory with a tilde",
		"a.toml",
		'[media]\ndir = "~/media"\n',
		":2:7: media.dir: '~' and variables are not expanded; write the whole path",
	],
	[
		"an unknown kind",
		"a.toml",
		'[backends.a]\nkind = "lmstudio"\n',
		':2:8: backends.a.kind: no backend kind is named \'lmstudio\'; write kind = "openai-compatible" and options = { preset = "lm-studio" }',
	],
	[
		"a seal key that is not set",
		"a.toml",
		'[host]\nseal_key_env = "NO_SUCH_SEAL_KEY"\n',
		":2:16: host.seal_key_env: the environment variable NO_SUCH_SEAL_KEY is not set",
	],
];

for (const [mistake, name, text, report] of MISTAKES) {
	test(`${mistake} is reported with its place and what to do`, async () => {
		const directory = join(scratch(), mistake.replaceAll(" ", "-"));
		await mkdir(directory);
		const path = join(directory, name);
		await writeFile(path, text);
		const { code, stdout, stderr } = await spearHere(["backends", "-c", path]);
		assert.match(stderr, report);
		assert.ok(stderr.startsWith(`spear: ${path}: a fault in the configuration\n`), stderr);
		assert.not.match(stderr, /\n\s+at |AIza/);
		assert.not.match(stderr, SECRET);
		assert.is(code, 2);
		assert.is(stdout, "");
	});
}

test("a file of another encoding is reported with the place of the first other byte", async () => {
	const path = join(scratch(), "latin-1.toml");
	await writeFile(path, '[backends.a]\nkind = "stub"\nregion = "m\u00fcnchen"\n', "latin1");
	const { code, stderr } = await spearHere(["backends", "-c", path]);
	assert.is(stderr, `spear: ${path}: a fault in the configuration\n  ${path}:3:12: this is no UTF-8 text; save the file as UTF-8\n`);
	assert.is(code, 2);
});

test("a URL that names no file is refused", async () => {
	const refused: unknown = await createHost({ config: new URL("https://a.example/spear.toml") }).catch((thrown: unknown) => thrown);
	assert.ok(refused instanceof SpearError);
	assert.is(refused.message, "config: the URL must begin with file:, because a configuration is a file");
});

for (const [what, path, report] of [
	["a directory", ".", "spear: .: it is a directory\n"],
	["a missing file", "no-such.toml", "spear: no-such.toml: no such file\n"],
	["a path through a file", "package.json/spear.toml", "spear: package.json/spear.toml: a part of the path is not a directory\n"],
	["an empty path", "", "spear: --config: the path is empty; name a file, or omit the option\n"],
] as const) {
	test(`${what} as the configuration is reported in one line`, async () => {
		const { code, stderr } = await spearHere(["backends", "-c", path]);
		assert.is(stderr, report);
		assert.is(code, 2);
	});
}

test("a configuration with CRLF and a byte order mark is read", async () => {
	const path = join(scratch(), "windows.toml");
	await writeFile(path, '\ufeff[backends.a]\r\nkind = "stub"\r\n');
	const { code, stdout } = await spearHere(["backends", "-c", path]);
	assert.is(code, 0);
	assert.match(stdout, "a  (stub)");
});

test.run();
