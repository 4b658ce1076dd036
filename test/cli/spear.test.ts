import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cliGuest } from "../helpers/cli-guest.ts";
import { scratch, writeSource } from "../helpers/guest.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";
import { probeComponent } from "../helpers/probe-host.ts";
import { spear, spearHere } from "../helpers/spear.ts";

/** The `spear` command as a user meets it: output, errors, exit codes. Each ending of the process is tested with a process. */
const test = suite("spear");

const COMPLETE = JSON.stringify([{ do: "complete" }]);
let configs = 0;

/** Writes a configuration whose components are cached for this test only. */
async function configFile(text = ""): Promise<string> {
	configs += 1;
	const path = join(scratch(), `spear-${configs}.toml`);
	await writeFile(path, `[host]\ncache_dir = ${JSON.stringify(join(scratch(), "cache"))}\n${text}`);
	return path;
}

test("run prints what the guest answers, on the embedded default", async () => {
	const { code, stdout, stderr } = await spear(["run", await probeComponent(), "--config", await configFile(), "--input", COMPLETE]);
	assert.is(stderr, "");
	assert.is(code, 0);
	assert.is(JSON.parse(stdout)[0].ok.message.content[0].val, "stub: you said hello");
});

test("run takes its input from standard input, and --json gives one object with the decisions", async () => {
	const args = ["run", await probeComponent(), "--config", await configFile(), "--input", "-", "--json", "--explain"];
	const { code, stdout } = await spear(args, { stdin: COMPLETE });
	assert.is(code, 0);
	const { ok, output, decisions } = JSON.parse(stdout);
	assert.is(ok, true);
	assert.is(JSON.parse(output)[0].ok.model, "stub-chat");
	assert.is(decisions[0].explanation.chosen, "stub");
});

test("--explain tells the route on standard error and leaves standard output alone", async () => {
	const args = ["run", await probeComponent(), "--config", await configFile(), "--input", COMPLETE, "--explain"];
	const { stdout, stderr } = await spearHere(args);
	assert.match(
		stderr,
		/^route {6}chat_completions → stub {2}\[ewma_latency, 1 of 1 eligible\]\n {11}needs unary\n {11}tried stub: ok after \d+ ms\n {11}\d+ tokens in, \d+ out\n$/,
	);
	assert.ok(JSON.parse(stdout));
});

test("a guest that fails ends the command with 1 and its message, without a stack", async () => {
	const guest = await cliGuest();
	const config = await configFile('log_level = "silent"\n');
	const { code, stdout, stderr } = await spear(["run", guest.component, "--config", config, "--input", "fail"]);
	assert.is(code, 1);
	assert.is(stdout, "");
	assert.is(stderr, "spear: the guest failed: no luck\n");
});

test("a hostcall's error that the guest passes on is told with its code", async () => {
	const server = await OpenAiServer.start(answer.status(429, { error: { message: "Slow down" } }, { "retry-after": "3" }));
	const config = await configFile(
		`log_level = "silent"\n[router]\nmax_attempts = 1\n[backends.up]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\nmodels = ["m"]\n`,
	);
	const guest = await cliGuest();
	const { code, stdout } = await spearHere(["run", guest.component, "--config", config, "--input", "ask hi", "--json"]);
	await server.close();
	assert.is(code, 1);
	const { ok, error } = JSON.parse(stdout);
	assert.is(ok, false);
	assert.is(error.code, "rate_limited");
	assert.is(error.retry_after_ms, 3_000);
});

test("what cannot be run ends with 2 and says what to do", async () => {
	const missing = await spear(["run", "no-such.wasm"], { cwd: scratch() });
	assert.is(missing.code, 2);
	assert.match(missing.stderr, /^spear: .*no-such\.wasm cannot be read; give the path of a component/);
	const config = await spear(["run", "x.wasm", "--config", "no-such.toml"], { cwd: scratch() });
	assert.is(config.code, 2);
	assert.is(config.stderr, "spear: no-such.toml: no such file\n");
	const bad = await configFile("timeout_ms = -1\n");
	const faulty = await spearHere(["run", "x.wasm", "--config", bad]);
	assert.is(faulty.code, 2);
	assert.match(faulty.stderr, "host.timeout_ms: must be >= 1");
});

test("wrong arguments end with 2, help with 0", async () => {
	assert.is((await spear(["run"])).code, 2);
	assert.is((await spearHere(["fly"])).code, 2);
	assert.is((await spearHere(["build", "x.ts", "--engine", "v8"])).code, 2);
	const help = await spear(["run", "--help"]);
	assert.is(help.code, 0);
	assert.match(help.stdout, "--explain");
	assert.match((await spearHere(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("an older Node ends with 2 and the version that is needed", async () => {
	const pretend = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';
	const { code, stderr } = await spear(["--version"], { env: { NODE_OPTIONS: `--import=${encodeURI(pretend)}` } });
	assert.is(stderr, "spear: Node 24 or newer is needed, and this is 20.20.2\n");
	assert.is(code, 2);
});

test("backends lists what is configured and contacts nobody", async () => {
	const config = await configFile(
		'[backends.up]\nkind = "openai-compatible"\nbase_url = "http://127.0.0.1:1/v1"\napi_key_env = "NO_SUCH_KEY_SET"\n',
	);
	const text = await spearHere(["backends", "--config", config]);
	assert.is(text.code, 0);
	assert.match(text.stdout, "up  (openai-compatible)  not usable: its key is not set in the environment");
	const json = JSON.parse((await spearHere(["backends", "--config", config, "--json"])).stdout);
	assert.is(json.backends[0].hasKey, false);
	assert.equal(json.backends[0].operations.chat_completions.transports, ["unary", "server_stream"]);
	assert.not.match(JSON.stringify(json), "127.0.0.1");
});

test("build writes a component and a prepared agent, both of which run", async () => {
	const entry = await writeSource(
		'import { agent } from "spear-hostcall/guest"; export const run = agent((input) => "got " + input);',
		"echo.ts",
	);
	const out = join(scratch(), "echo.wasm");
	const built = await spearHere(["build", entry, "-o", out, "--world", "chat-agent", "--json"]);
	assert.is(built.code, 0, built.stderr);
	const { component, prepared } = JSON.parse(built.stdout);
	for (const path of [component, prepared]) {
		const { stdout } = await spearHere(["run", path, "--config", await configFile(), "--input", "it"]);
		assert.is(stdout, "got it\n");
	}
});

test("a guest that does not compile ends build with 2 and points at the line, without a stack", async () => {
	const entry = await writeSource("export const run = (input) => {\n\treturn input +;\n};\n", "broken.ts");
	const { code, stderr } = await spearHere(["build", entry, "-o", join(scratch(), "broken.wasm")]);
	assert.is(code, 2);
	assert.match(stderr, /broken\.ts:2:\d+/);
	assert.not.match(stderr, /\n\s+at /);
});

test("Ctrl-C cancels the run upstream and ends with 130", async () => {
	const server = await OpenAiServer.start(answer.silence());
	const config = await configFile(`[backends.up]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\nmodels = ["m"]\n`);
	const running = spear(["run", await probeComponent(), "--config", config, "--input", COMPLETE], {
		onStart: (child) => void server.request(0).then(() => child.kill("SIGINT")),
	});
	const { code, stderr } = await running;
	assert.is(code, 130);
	assert.match(stderr, "cancelled: interrupted by SIGINT");
	assert.ok((await (await server.request(0)).ended).clientClosed);
	await server.close();
});

test.run();
