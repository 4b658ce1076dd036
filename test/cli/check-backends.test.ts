/** `spear backends --check` and `--models` as an operator sees them. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scratch } from "../helpers/guest.ts";
import { answer, type Behaviour, OpenAiServer } from "../helpers/openai-server.ts";
import { spear, spearHere } from "../helpers/spear.ts";

const test = suite("spear backends --check");

const KEY = "check-canary-9a4c7e2f1b";
let configs = 0;

/** Runs a test with a configuration of two backends: `main` at a server that plays the script, and `made` without an upstream. */
async function withConfig(script: readonly Behaviour[], run: (path: string, server: OpenAiServer) => Promise<void>): Promise<void> {
	const server = await OpenAiServer.start(...script);
	configs += 1;
	const path = join(scratch(), `check-${configs}.toml`);
	const main = `[backends.main]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\napi_key_env = "CHECK_KEY"\nmodels = ["small"]\n`;
	await writeFile(path, `${main}[backends.made]\nkind = "stub"\n`);
	process.env.CHECK_KEY = KEY;
	try {
		await run(path, server);
	} finally {
		delete process.env.CHECK_KEY;
		await server.close();
	}
}

const LIST = answer.json({
	data: [
		{ id: "small", max_model_len: 8192 },
		{ id: "larger", type: "embedding" },
	],
});
const withoutTimes = (text: string) => text.replace(/ +\d+ ms/g, "  T ms");

test("each backend has a line, and the command ends with 0 if none failed", () =>
	withConfig([LIST], async (path) => {
		const { code, stdout, stderr } = await spearHere(["backends", "--check", "-c", path]);
		assert.equal(withoutTimes(stdout).split("\n"), ["ok  main  openai-compatible  T ms  2 models", stdout.split("\n")[1], ""]);
		assert.match(stdout.split("\n")[1] ?? "", /^- {3}made {2}stub +nothing to check: this kind has no cheap request$/);
		assert.equal([code, stderr], [0, ""]);
	}));

test("a fault ends the command with 1, and no output holds the key", () =>
	withConfig(
		[answer.status(401, { error: { message: `no ${KEY}` } }), answer.status(401, { error: { message: `no ${KEY}` } })],
		async (path, server) => {
			const text = await spearHere(["backends", "--check", "-c", path]);
			assert.is(text.code, 1);
			assert.match(
				withoutTimes(text.stdout),
				`FAILED  main  openai-compatible  T ms  GET ${server.baseUrl}/models refuses the key in CHECK_KEY (status 401); check its value\n`,
			);
			const json = await spearHere(["backends", "--check", "--json", "-c", path]);
			const { config, checks } = JSON.parse(json.stdout);
			assert.equal([json.code, config, checks.length, checks[0].status, checks[0].fault], [1, path, 2, "failed", "key_refused"]);
			assert.type(checks[0].durationMs, "number");
			for (const output of [text.stdout, text.stderr, json.stdout, json.stderr]) assert.not(output.includes(KEY));
		},
	));

test("`--models` lists the models of each upstream with what it states", () =>
	withConfig([LIST], async (path) => {
		const { code, stdout } = await spearHere(["backends", "--models", "-c", path]);
		assert.is(code, 0);
		assert.equal(withoutTimes(stdout).split("\n").slice(0, 3), [
			"ok  main  openai-compatible  T ms  2 models",
			"    small               context 8192",
			"    larger  embeddings",
		]);
	}));

test("`--timeout` bounds each check, and must be a number", () =>
	withConfig([answer.silence()], async (path) => {
		const { code, stdout } = await spearHere(["backends", "--check", "--timeout", "40", "-c", path]);
		assert.is(code, 1);
		assert.match(stdout, "no answer from the upstream within 40 ms");
		const wrong = await spearHere(["backends", "--check", "--timeout", "soon", "-c", path]);
		assert.is(wrong.code, 2);
		assert.match(wrong.stderr, "It must be a whole number of milliseconds, from 1 to 999,999,999.");
		const unused = await spearHere(["backends", "--timeout", "40", "-c", path]);
		const message = "--timeout: a list contacts no backend; add --check or --models, or omit the option";
		assert.equal(unused, { code: 2, stdout: "", stderr: `spear: ${message}\n` });
		const json = await spearHere(["backends", "--timeout", "40", "--json", "-c", path]);
		assert.equal([json.code, JSON.parse(json.stdout).error.message, json.stderr], [2, message, ""]);
	}));

test("a name of an upstream cannot control the terminal", () =>
	withConfig([answer.json({ data: [{ id: "small" }, { id: "\u001b[31mred" }] })], async (path) => {
		const { stdout } = await spearHere(["backends", "--models", "-c", path]);
		assert.not(stdout.includes("\u001b"));
		assert.match(stdout, "\\x1b[31mred");
	}));

test("Ctrl-C ends the check", () =>
	withConfig([answer.silence()], async (path, server) => {
		const { code, stdout, stderr } = await spear(["backends", "--check", "-c", path], {
			env: { CHECK_KEY: KEY },
			onStart: (child) => void server.request(0).then(() => child.kill("SIGINT")),
		});
		assert.equal([code, stdout, stderr], [130, "", "spear: interrupted by SIGINT\n"]);
	}));

test.run();
