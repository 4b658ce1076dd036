import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BackendConfigError } from "../../src/backends/backend.ts";
import { defineBackend } from "../../src/backends/define-backend.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { createHost, type HostOptions } from "../../src/index.ts";
import { withoutPosition } from "../helpers/config.ts";
import { scratch } from "../helpers/guest.ts";
import { spearHere } from "../helpers/spear.ts";

/** One report names the faults of the schema, of names and routes, of options, and of the environment. */

const MIXED = `log_level = "info"
[host]
timeout_ms = "30s"
seal_key_env = "SEAL_KEY_THAT_IS_NOT_SET"
[backends.one]
kind = "openai-compatible"
base_url = "localhost:8080/v1"
options = { timeouts = { idle_timeout_ms = -1 }, developer_role = "yes" }
[backends.two]
kind = "stub"
models = [5, "a*b*", { name = "x", upstrem = "y" }]
[backends.three]
kind = "openai-compatible"
headers = { Authorization = "x" }
[routes.chat]
allow = ["one", "two", "fuor"]
[routes.realtime_voice]
mirror = { percent = 5 }
`;

/** The faults of MIXED: line, column and path. */
const FAULTS = [
	"1:1 log_level",
	"3:14 host.timeout_ms",
	"4:16 host.seal_key_env",
	"7:12 backends.one.base_url",
	"8:44 backends.one.options.timeouts.idle_timeout_ms",
	"8:67 backends.one.options.developer_role",
	"11:11 backends.two.models[0]",
	"11:14 backends.two.models[1]",
	"11:36 backends.two.models[2].upstrem",
	"12:11 backends.three.base_url",
	"14:29 backends.three.headers.Authorization",
	"15:9 routes.chat",
	"16:24 routes.chat.allow[2]",
	"18:1 routes.realtime_voice.mirror.backend",
];

let files = 0;

async function fileOf(text: string): Promise<string> {
	files += 1;
	const path = join(scratch(), `faults-${files}.toml`);
	await writeFile(path, text);
	return path;
}

/** Returns the error with which a host is refused. */
async function refusalOf(options: HostOptions): Promise<ConfigError> {
	const thrown: unknown = await createHost({ env: {}, ...options }).catch((error: unknown) => error);
	if (!(thrown instanceof ConfigError)) throw new Error("was not refused", { cause: thrown });
	return thrown;
}

test("one report names every fault of a file with its line and column, in the order of the file", async () => {
	const path = await fileOf(MIXED);
	const { faults, message } = await refusalOf({ config: path });
	assert.equal(
		faults.map((fault) => `${fault.line}:${fault.column} ${fault.path}`),
		FAULTS,
	);
	assert.match(message, `${path}:15:9: routes.chat: no such operation; did you mean 'chat_completions'?`);
});

test("a file with a byte order mark and CRLF has the same positions", async () => {
	const { faults } = await refusalOf({ config: await fileOf(`\ufeff${MIXED.replaceAll("\n", "\r\n")}`) });
	assert.equal(
		faults.map((fault) => `${fault.line}:${fault.column} ${fault.path}`),
		FAULTS,
	);
});

test("a byte order mark before the first key moves neither the key nor its value", async () => {
	const { faults } = await refusalOf({ config: await fileOf('\ufeffhost = { timeout_ms = "1s" }\n') });
	assert.equal(
		faults.map(({ line, column, path }) => ({ line, column, path })),
		[{ line: 1, column: 23, path: "host.timeout_ms" }],
	);
});

test("one report names every fault of a configuration that is a value by its path, in its order", async () => {
	const { faults, message } = await refusalOf({ config: JSON.parse(JSON.stringify(parse(MIXED))) });
	assert.equal(
		faults.map(({ path }) => path),
		FAULTS.map((fault) => fault.split(" ")[1]),
	);
	assert.match(message, "\n  host.timeout_ms: must be a whole number of milliseconds, without quotes\n");
	assert.ok(faults.every((fault) => !("line" in fault || "file" in fault)));
});

test("a reload names every fault of the file, and the host keeps its configuration", async () => {
	const path = await fileOf('[backends.good]\nkind = "stub"\n');
	const host = await createHost({ config: path, env: {} });
	await writeFile(path, MIXED);
	const thrown: unknown = await host.reload().catch((error: unknown) => error);
	assert.ok(thrown instanceof ConfigError);
	assert.is(thrown.faults.length, FAULTS.length);
	assert.equal(
		host.backends().map(({ name }) => name),
		["good"],
	);
	await host.close();
});

test("every command that reads a configuration lists the faults with `--json`", async () => {
	const path = await fileOf(MIXED);
	for (const command of [
		["backends", "-c", path, "--json"],
		["explain", "-c", path, "--json"],
		["run", "x.wasm", "-c", path, "--json"],
	]) {
		const { code, stdout } = await spearHere(command);
		assert.is(code, 2);
		const { error } = JSON.parse(stdout);
		assert.is(error.faults.length, FAULTS.length);
		assert.equal(error.faults[1], {
			file: path,
			line: 3,
			column: 14,
			path: "host.timeout_ms",
			message: "must be a whole number of milliseconds, without quotes",
		});
	}
});

test("a route that names a backend with a fault is no fault of its own", async () => {
	const config = `
[backends.Upper]
kind = "stub"
[backends.nameless]
weight = 2
[routes.embeddings]
allow = ["Upper", "nameless"]
mirror = { backend = "nameless", percent = 1 }
`;
	const { faults } = await refusalOf({ config: await fileOf(config) });
	assert.equal(
		faults.map(({ path }) => path),
		["backends.Upper", "backends.nameless.kind"],
	);
});

test("routes are not compared with backends whose table has another form", async () => {
	const { faults } = await refusalOf({ config: await fileOf('backends = 5\n[routes.embeddings]\nallow = ["one"]\n') });
	assert.equal(
		faults.map(({ path }) => path),
		["backends"],
	);
});

test("a backend kind outside the package reports the position of the member that its message names", async () => {
	const picky = defineBackend({
		name: "picky",
		create: ({ name }) => {
			throw new BackendConfigError(name, name === "a" ? "options.size must be small" : "the moon is full");
		},
	});
	const config = '[backends.a]\nkind = "picky"\noptions = { size = 9 }\n[backends.b]\nkind = "picky"\n';
	const { faults } = await refusalOf({ config: await fileOf(config), kinds: [picky] });
	assert.equal(
		faults.map((fault) => `${fault.line}:${fault.column} ${withoutPosition(fault)}`),
		["3:20 backends.a.options.size: must be small", "4:1 backends.b: the moon is full"],
	);
});

test.run();
