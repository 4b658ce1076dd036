import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isLoopback } from "../../src/config/serve-settings.ts";
import { configErrorOf, faultsOf, settingsFrom } from "../helpers/config.ts";

const CLIENT = '[clients.app]\nkey_env = "APP_KEY"\n';

test("a server has bounds by default, and listens on loopback", () => {
	const { server, agents, clients } = settingsFrom("").serve;
	assert.equal(
		[server.host, server.port, server.tls, server.allowedHosts, server.corsOrigins],
		["127.0.0.1", 8787, undefined, undefined, []],
	);
	assert.equal([server.maxBodyBytes, server.maxHeaderBytes, server.maxConnections, server.maxRequests], [33_554_432, 16_384, 4_096, 2_048]);
	assert.equal(
		[server.headerTimeoutMs, server.bodyTimeoutMs, server.writeTimeoutMs, server.keepAliveMs, server.drainMs],
		[10_000, 30_000, 60_000, 75_000, 30_000],
	);
	assert.equal([server.accessLog, server.page, server.metricsPublic, server.adminKeyName], [true, true, false, undefined]);
	assert.equal([agents.size, clients.size], [0, 0]);
});

test("agents and clients are guests by their own names, unless they name another", () => {
	const { agents, clients } = settingsFrom(`
[agents.clerk]
component = "guests/clerk.spear"
[agents.other]
component = "/srv/other.wasm"
guest = "shared"
max_running = 3
max_input_bytes = 10
[clients.app]
key_env = "APP_KEY"
models = ["a-*"]
[clients.batch]
key_sha256 = "${"AB".repeat(32)}"
guest = "shared"
agents = ["clerk"]
`).serve;
	assert.equal(
		[...agents.values()],
		[
			{ name: "clerk", component: resolve("guests/clerk.spear"), guest: "clerk", maxRunning: 100, maxInputBytes: 4_194_304 },
			{ name: "other", component: "/srv/other.wasm", guest: "shared", maxRunning: 3, maxInputBytes: 10 },
		],
	);
	assert.equal(
		[...clients.values()].map(({ guest, key, models, agents: only }) => ({ guest, key, models, only })),
		[
			{ guest: "app", key: { name: "APP_KEY" }, models: ["a-*"], only: [] },
			{ guest: "shared", key: { sha256: "ab".repeat(32) }, models: undefined, only: ["clerk"] },
		],
	);
});

test("each fault has its position", () => {
	const { faults } = configErrorOf(`[server]
host = "0.0.0.0"
tls_cert_file = "cert.pem"
`);
	assert.equal(
		faults.map(({ path, line, column }) => [path, line, column]),
		[
			["server.host", 2, 8],
			["server.tls_cert_file", 3, 17],
		],
	);
});

const FAULTS: Readonly<Record<string, readonly [text: string, faults: RegExp[]]>> = {
	"an address that others reach without clients": ['[server]\nhost = "0.0.0.0"\n', [/^server\.host: .*needs clients with keys/]],
	"a certificate without its key": [`[server]\ntls_cert_file = "c"\n`, [/^server\.tls_cert_file: TLS needs tls_key_file too/]],
	"a key without its certificate": [`[server]\ntls_key_file = "k"\n`, [/^server\.tls_key_file: TLS needs tls_cert_file too/]],
	"a path that a shell would expand": [
		`[agents.a]\ncomponent = "~/a.wasm"\n`,
		[/^agents\.a\.component: '~' and variables are not expanded/],
	],
	"an agent without a component": ["[agents.a]\nmax_running = 1\n", [/^agents\.a\.component: is required/]],
	"a client without a key": ["[clients.a]\n", [/^clients\.a: name the key by exactly one of key_env, key_file and key_sha256/]],
	"a client with two keys": [`[clients.a]\nkey_env = "A"\nkey_file = "/a"\n`, [/^clients\.a: name the key by exactly one of/]],
	"a key in place of its name": [`[clients.a]\nkey_env = "sk-proj-0123456789abcdef0123456789abcdef"\n`, [/^clients\.a\.key_env: /]],
	"a digest that is none": [`[clients.a]\nkey_sha256 = "abc"\n`, [/^clients\.a\.key_sha256: /]],
	"an unknown operation": [`${CLIENT}operations = ["chat"]\n`, [/^clients\.app\.operations\[0\]: 'chat' is not known/]],
	"an unknown agent": [
		`${CLIENT}agents = ["clrk"]\n[agents.clerk]\ncomponent = "c"\n`,
		[/^clients\.app\.agents\[0\]: 'clrk' is not known; did you mean 'clerk'/],
	],
	"an agent where there are none": [`${CLIENT}agents = ["clerk"]\n`, [/^clients\.app\.agents: there are no agents; add \[agents\.clerk\]/]],
	"two keys of the admin API": [
		`[server]\nadmin_key_env = "A"\nadmin_key_file = "/a"\n`,
		[/^server\.admin_key_file: cannot stand beside admin_key_env/],
	],
	"an origin with a path": [`[server]\ncors_origins = ["https://a.example/x"]\n`, [/^server\.cors_origins\[0\]: /]],
	"a bound of zero": ["[server]\nmax_connections = 0\n", [/^server\.max_connections: /]],
	"an unknown member": ["[server]\nmax_conections = 1\n", [/^server\.max_conections: .*max_connections/]],
};

for (const [name, [text, expected]] of Object.entries(FAULTS)) {
	test(`${name} is a fault`, () => {
		const found = faultsOf(text);
		assert.is(found.length, expected.length, found.join("\n"));
		for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? "", pattern);
	});
}

test("no message shows a key that stands in the place of a name", () => {
	const key = "sk-proj-0123456789abcdef0123456789abcdef";
	for (const text of [`[clients.a]\nkey_env = "${key}"\n`, `[server]\nadmin_key_env = "${key}"\n`])
		assert.not.match(configErrorOf(text).message, key);
});

test("only names and addresses of this machine are loopback", () => {
	for (const host of ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]) assert.ok(isLoopback(host), host);
	for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com", "localhost.example.com", "127.1", "1270.0.0.1", ""])
		assert.not.ok(isLoopback(host), host);
});

test.run();
