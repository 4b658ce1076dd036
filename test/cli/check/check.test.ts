import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratch } from "../../helpers/guest.ts";
import { answer, OpenAiServer } from "../../helpers/openai-server.ts";
import { spearHere } from "../../helpers/spear.ts";

const FOLDER = join(scratch(), "check");
mkdirSync(FOLDER);

/** Checks a configuration with these lines. Returns the exit code and the JSON object. */
async function checkText(text: string | Uint8Array, ...more: string[]) {
	const path = join(FOLDER, "spear.toml");
	writeFileSync(path, text);
	const { code, stdout } = await spearHere(["check", "-c", path, "--json", ...more]);
	return { code, path, ...JSON.parse(stdout) };
}

/** Returns the checks of an area, in short. */
function checksOf(checks: readonly Readonly<Record<string, string>>[], area: string): unknown[] {
	return checks.filter((check) => check.area === area).map(({ name, status, message }) => [name, status, message]);
}

test("check names every fault of a configuration at its place, and exits with 2", async () => {
	const { code, error } = await checkText(
		'\ufeff#:schema x\r\n[host]\r\ntimeout_ms = "1s"\r\n[backends.a]\r\nkind = "anthropic"\r\noptions = { nope = 1 }\r\n[routes.chat]\r\n',
	);
	assert.is(code, 2);
	assert.equal(
		error.faults.map(({ line, column, path }: Readonly<Record<string, unknown>>) => [line, column, path]),
		[
			[3, 14, "host.timeout_ms"],
			[6, 13, "backends.a.options.nope"],
			[7, 9, "routes.chat"],
		],
	);
});

test("check accepts a valid configuration with the line of the schema, a byte order mark and line breaks of Windows", async () => {
	const { code, ok, checks } = await checkText('\ufeff#:schema ./x.json\r\n[backends.a]\r\nkind = "stub"\r\n');
	assert.is(code, 0);
	assert.is(ok, true);
	assert.equal(checks.length, 1);
});

test("check names variables and files without a key, and files that options name, and exits with 1", async () => {
	const key = join(FOLDER, "key");
	const { code, ok, checks } = await checkText(`
[backends.a]
kind = "anthropic"
api_key_env = "SPEAR_TEST_ABSENT"
[backends.b]
kind = "anthropic"
api_key_file = "${key}"
[backends.c]
kind = "gemini"
options = { token_file = "${FOLDER}/token" }
[backends.d]
kind = "gemini"
options = { token_file = "${FOLDER}/spear.toml" }
`);
	assert.is(code, 1);
	assert.is(ok, false);
	assert.equal(checksOf(checks, "key"), [
		["a", "problem", "SPEAR_TEST_ABSENT is not set"],
		["b", "problem", `${key}: no such file`],
	]);
	assert.equal(checksOf(checks, "file"), [["c", "problem", `token_file: ${FOLDER}/token: no such file`]]);
	assert.equal(checksOf(checks, "backend"), []);
});

test("check names keys, certificates and components that the server could not use, without a key", async () => {
	const variables = { SPEAR_TEST_A: "k".repeat(16), SPEAR_TEST_B: "k".repeat(16), SPEAR_TEST_SHORT: "hunter2" };
	Object.assign(process.env, variables);
	try {
		const { code, checks } = await checkText(`
[server]
admin_key_env = "SPEAR_TEST_ABSENT"
tls_cert_file = "${FOLDER}/cert.pem"
tls_key_file = "${FOLDER}/key.pem"
[clients.a]
key_env = "SPEAR_TEST_A"
[clients.b]
key_env = "SPEAR_TEST_B"
[clients.c]
key_env = "SPEAR_TEST_SHORT"
[agents.stock]
component = "${FOLDER}/stock.wasm"
[agents.other]
component = "${FOLDER}/spear.toml"
`);
		assert.is(code, 1);
		assert.equal(checksOf(checks, "server"), [
			["[clients.b]", "problem", "it has the key of [clients.a]"],
			["[clients.c]", "problem", "SPEAR_TEST_SHORT must hold at least 16 random characters"],
			["[server] admin key", "problem", "the environment variable SPEAR_TEST_ABSENT is not set"],
			["[server] TLS", "problem", `${FOLDER}/cert.pem: no such file`],
		]);
		assert.equal(checksOf(checks, "agent"), [["stock", "problem", `${FOLDER}/stock.wasm: no such file`]]);
		assert.not.match(JSON.stringify(checks), /hunter2|kkkk/);
	} finally {
		for (const name of Object.keys(variables)) delete process.env[name];
	}
});

test("check finds the program of a server of tools that is not installed", async () => {
	const { code, checks } = await checkText('[mcp.servers.fs]\ncommand = "no-such-program-of-spear"\nallowed_tools = ["*"]\n');
	assert.is(code, 1);
	assert.equal(checksOf(checks, "mcp"), [["fs", "problem", "the command no-such-program-of-spear is not found"]]);
});

test("check creates nothing and contacts nothing without --live, and asks each backend with it", async () => {
	const server = await OpenAiServer.start();
	const media = join(FOLDER, "media");
	const text = `[media]\ndir = "${media}"\n[backends.up]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\nmodels = ["m"]\n`;
	try {
		assert.is((await checkText(text)).code, 0);
		assert.is(server.requests.length, 0);
		assert.not.ok(existsSync(media));
		server.script(answer.json({ data: [{ id: "m" }] }), answer.status(401, { error: { message: "no" } }));
		const good = await checkText(text, "--live");
		assert.is(good.code, 0);
		assert.equal(checksOf(good.checks, "backend"), [["up", "ok", "openai-compatible, 1 model"]]);
		const bad = await checkText(text, "--live");
		assert.is(bad.code, 1);
		assert.match(String(checksOf(bad.checks, "backend")), "up,problem,");
	} finally {
		await server.close();
	}
});

test("check shows no key, whatever a variable or file holds", async () => {
	const secret = "'sk-quoted-in-a-file-0123456789'";
	writeFileSync(join(FOLDER, "quoted"), secret);
	const { code, stdout } = await (async () => {
		writeFileSync(join(FOLDER, "quoted.toml"), `[backends.a]\nkind = "anthropic"\napi_key_file = "${FOLDER}/quoted"\n`);
		return await spearHere(["check", "-c", join(FOLDER, "quoted.toml")]);
	})();
	assert.is(code, 0);
	assert.match(stdout, "the value is in quotes");
	assert.not.match(stdout, "sk-quoted");
});

for (const [what, path, reason] of [
	["an absent file", "absent.toml", "no such file"],
	["a folder", ".", "it is a directory"],
	["an empty path", "", "the path is empty"],
	["a device without an end", "/dev/zero", "it has more than"],
] as const) {
	test(`check refuses ${what} with its reason`, async () => {
		const { code, stderr } = await spearHere(["check", "-c", path === "" || path.startsWith("/") ? path : join(FOLDER, path)]);
		assert.is(code, 2);
		assert.match(stderr, reason);
	});
}

test("a sound file without backends names the embedded default", async () => {
	const { checks } = await checkText("\n");
	assert.match(String(checksOf(checks, "configuration")), "valid, without backends: ");
});

test.run();
