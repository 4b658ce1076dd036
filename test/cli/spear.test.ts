import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cliGuest } from "../helpers/cli-guest.ts";
import { scratch, writeSource } from "../helpers/guest.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";
import { probeComponent } from "../helpers/probe-host.ts";
import { spear, spearHere } from "../helpers/spear.ts";

/** The `spear` command as a user sees it: output, errors, exit codes. Each way in which the process ends is tested with a process. */
const test = suite("spear");

const COMPLETE = JSON.stringify([{ do: "complete" }]);
/** A configured backend, without which the log says that none is. */
const STUB = '[backends.stub]\nkind = "stub"\n';

let configs = 0;

/** Writes a configuration. Components are cached for this test only. */
async function configFile(text = ""): Promise<string> {
	configs += 1;
	const path = join(scratch(), `spear-${configs}.toml`);
	await writeFile(path, `[host]\ncache_dir = ${JSON.stringify(join(scratch(), "cache"))}\n${text}`);
	return path;
}

test("`run` prints the output of the guest with the embedded default, and one line of the log that says so", async () => {
	const { code, stdout, stderr } = await spear(["run", await probeComponent(), "--config", await configFile(), "--input", COMPLETE]);
	const { level, msg } = JSON.parse(stderr);
	assert.equal({ level, msg }, { level: 40, msg: "no backends are configured: stub answers every operation with made-up content" });
	assert.is(code, 0);
	assert.is(JSON.parse(stdout)[0].ok.message.content[0].val, "stub: you said hello");
});

test("`run` reads standard input for `--input -`, and `--json --explain` prints one object with the decisions", async () => {
	const args = ["run", await probeComponent(), "--config", await configFile(), "--input", "-", "--json", "--explain"];
	const { code, stdout } = await spear(args, { stdin: COMPLETE });
	assert.is(code, 0);
	const { ok, output, decisions } = JSON.parse(stdout);
	assert.is(ok, true);
	assert.is(JSON.parse(output)[0].ok.model, "stub-chat");
	assert.is(decisions[0].explanation.chosen, "stub");
});

test("`backends` without a configuration says so, and that the stub makes its answers up", async () => {
	const { code, stdout, stderr } = await spear(["backends"], { cwd: scratch() });
	assert.equal([code, stderr], [0, ""]);
	assert.equal(stdout.split("\n").slice(0, 2), [
		"no backends are configured; the defaults of this machine:",
		"stub  (stub)  answers with made-up content",
	]);
});

test("`run --explain` prints the route to standard error only", async () => {
	const args = ["run", await probeComponent(), "--config", await configFile(STUB), "--input", COMPLETE, "--explain"];
	const { stdout, stderr } = await spearHere(args);
	assert.match(
		stderr,
		/^route {6}chat_completions → stub {2}\[ewma_latency, 1 of 1 eligible\]\n {11}needs unary\n {11}tried stub: ok after \d+ ms\n {11}\d+ tokens in, \d+ out\n$/,
	);
	assert.ok(JSON.parse(stdout));
});

test("`run` prints the message and the stack in the sources of the guest, and exits with 1 when the guest fails", async () => {
	const guest = await cliGuest();
	const config = await configFile('log_level = "silent"\n');
	const { code, stdout, stderr } = await spear(["run", guest.prepared, "--config", config, "--input", "fail"]);
	assert.is(code, 1);
	assert.is(stdout, "");
	assert.match(
		stderr,
		/^spear: the guest failed: no luck\n {4}at <anonymous> \(\S*guest\.ts:8:34\)\n( {4}at [^\n]+ \(\S+\.ts:\d+:\d+\)\n)*$/,
	);
	const json = JSON.parse((await spearHere(["run", guest.prepared, "--config", config, "--input", "fail", "--json"])).stdout);
	assert.equal({ ...json.error, stack: undefined }, { code: "guest_failed", message: "no luck", stack: undefined });
	assert.match(json.error.stack[0], /^at <anonymous> \(\S*guest\.ts:8:34\)$/);
});

test("`run` reports the code of a hostcall's error when the guest returns that error", async () => {
	const server = await OpenAiServer.start(answer.status(429, { error: { message: "Slow down" } }, { "retry-after": "3" }));
	const config = await configFile(
		`log_level = "silent"\n[router]\nmax_attempts = 1\n[backends.up]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\nmodels = ["m"]\n`,
	);
	const guest = await cliGuest();
	const { code, stdout } = await spearHere(["run", guest.prepared, "--config", config, "--input", "ask hi", "--json"]);
	await server.close();
	assert.is(code, 1);
	const { ok, error } = JSON.parse(stdout);
	assert.is(ok, false);
	assert.is(error.code, "rate_limited");
	assert.is(error.retry_after_ms, 3_000);
});

test("`run` prints what to do and exits with 2 when its component or configuration cannot be used", async () => {
	const missing = await spear(["run", "no-such.wasm", "--config", await configFile(STUB)], { cwd: scratch() });
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

test("the command exits with 2 for wrong arguments and with 0 for help", async () => {
	assert.is((await spear(["run"])).code, 2);
	assert.is((await spearHere(["fly"])).code, 2);
	assert.is((await spearHere(["build", "x.ts", "--engine", "v8"])).code, 2);
	const help = await spear(["run", "--help"]);
	assert.is(help.code, 0);
	assert.match(help.stdout, "--explain");
	assert.match((await spearHere(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("the command names the required version and exits with 2 on an older Node", async () => {
	const pretend = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';
	const { code, stderr } = await spear(["--version"], { env: { NODE_OPTIONS: `--import=${encodeURI(pretend)}` } });
	assert.is(stderr, "spear: Node 24 or newer is required, and this is 20.20.2\n");
	assert.is(code, 2);
});

test("`backends` lists the configured backends without contacting them", async () => {
	const config = await configFile(
		'[backends.up]\nkind = "openai-compatible"\nbase_url = "http://127.0.0.1:1/v1"\napi_key_env = "NO_SUCH_KEY_SET"\n',
	);
	const text = await spearHere(["backends", "--config", config]);
	assert.is(text.code, 0);
	assert.match(text.stdout, "up  (openai-compatible)\n  unavailable: not set in the environment: NO_SUCH_KEY_SET\n");
	const json = JSON.parse((await spearHere(["backends", "--config", config, "--json"])).stdout);
	assert.is(json.backends[0].hasKey, false);
	assert.equal(json.backends[0].operations.chat_completions.transports, ["unary", "server_stream"]);
	assert.not.match(JSON.stringify(json), "127.0.0.1");
});

test("`build` writes a component and a prepared agent; `run` accepts both, beside a configuration with faults", async () => {
	const entry = await writeSource(
		'import { agent } from "spear-hostcall/guest"; export const run = agent((input) => "got " + input);',
		"echo.ts",
	);
	const cwd = dirname(entry);
	// The faults of a configuration do not matter to a build.
	await writeFile(join(cwd, "spear.toml"), '[host]\ncache_dir = "cached"\n[backends.a]\nkind = "openai-compatible"\nmodels = []\n');
	const out = join(scratch(), "echo.wasm");
	const built = await spear(["build", entry, "-o", out, "--world", "chat-agent", "--json"], { cwd });
	assert.is(built.code, 0, built.stderr);
	const { component, prepared } = JSON.parse(built.stdout);
	for (const path of [component, prepared]) {
		const { stdout } = await spearHere(["run", path, "--config", await configFile(), "--input", "it"]);
		assert.is(stdout, "got it\n");
	}
});

test("`build` names the line without a stack and exits with 2 when the guest does not compile", async () => {
	const entry = await writeSource("export const run = (input) => {\n\treturn input +;\n};\n", "broken.ts");
	const { code, stderr } = await spearHere(["build", entry, "-o", join(scratch(), "broken.wasm")]);
	assert.is(code, 2);
	assert.match(stderr, /broken\.ts:2:\d+/);
	assert.not.match(stderr, /\n\s+at /);
});

test("Ctrl-C cancels the request at the upstream and exits with 130", async () => {
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
