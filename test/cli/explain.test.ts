import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readDecisions } from "../../src/cli/recorded-decisions.ts";
import { createHost, type RouteQuery } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { probeComponent } from "../helpers/probe-host.ts";
import { spear, spearHere } from "../helpers/spear.ts";

/** `spear explain`: where a request would go, or went. */
const test = suite("spear explain");

const CONFIG = `
[host]
cache_dir = ${JSON.stringify(scratch())}
log_level = "silent"
[backends.near]
kind = "stub"
models = ["small", "large"]
region = "eu"
[backends.far]
kind = "stub"
models = ["small"]
priority = 1
[backends.keyed]
kind = "openai-compatible"
base_url = "http://127.0.0.1:1/v1"
api_key_env = "NO_SUCH_KEY_SET"
models = ["small"]
[backends.speech]
kind = "stub"
operations = ["text_to_speech"]
[routes.chat_completions]
policy = "priority"
`;
const config = join(scratch(), "explain.toml");
await writeFile(config, CONFIG);
const explain = (...args: string[]) => spearHere(["explain", "--config", config, ...args]);

test("where a request would go, and why each of the others would not get it", async () => {
	const { code, stdout, stderr } = await explain("--model", "small", "--feature", "supports_tools");
	assert.is(stderr, "");
	assert.is(
		stdout,
		[
			"route      chat_completions (small) → near  [priority, 2 of 4 eligible]",
			"           needs unary, supports_tools",
			"           not keyed: no_key",
			"           not speech: operation (chat_completions)",
			"",
		].join("\n"),
	);
	assert.is(code, 0);
});

test("a request that would find no backend ends with 1, and says why", async () => {
	const { code, stdout } = await explain("--model", "large", "--deny", "near");
	assert.match(stdout, "route      chat_completions (large) → no backend  [priority, 0 of 4 eligible]");
	assert.match(stdout, "not near: denied (the request's deny list names it)");
	assert.match(stdout, "not far: model (large)");
	assert.is(code, 1);
});

test("what a request may say of its route counts", async () => {
	const host = await createHost({ config });
	const asked = (routing: RouteQuery["routing"]): string | undefined =>
		host.explain({ operation: "chat_completions", model: "small", ...(routing === undefined ? {} : { routing }) }).chosen;
	assert.equal(
		[asked({}), asked({ preferred: ["far"] }), asked({ allowlist: ["far"] }), asked({ denylist: ["near"] }), asked({ backend: "far" })],
		["near", "far", "far", "far", "far"],
	);
	await host.close();
	const { stdout } = await explain("--operation", "text_to_speech", "--stream", "--prefer", "speech");
	assert.match(stdout, "text_to_speech → speech ");
	assert.match(stdout, "needs server_stream");
});

test("a policy that the host does not let requests choose is refused", async () => {
	const { code, stderr } = await explain("--policy", "round_robin");
	assert.is(stderr, "spear: options.policy: 'round_robin' may not be chosen for chat_completions; the host leaves no choice\n");
	assert.is(code, 2);
});

test("--json gives the decision whole, and explain prints such a record readably", async () => {
	const recorded = await explain("--model", "small", "--json");
	const { decisions } = JSON.parse(recorded.stdout);
	assert.equal([decisions.length, decisions[0].explanation.chosen, decisions[0].explanation.candidates_checked], [1, "near", 4]);
	const again = await spear(["explain", "-"], { stdin: recorded.stdout });
	assert.is(again.stdout, (await explain("--model", "small")).stdout);
});

test("what a run recorded is printed as the run itself tells it", async () => {
	const args = ["run", await probeComponent(), "--config", config, "--input", JSON.stringify([{ do: "complete" }]), "--explain"];
	const { stdout } = await spearHere([...args, "--json"]);
	const file = join(scratch(), "run.json");
	await writeFile(file, stdout);
	const printed = await spearHere(["explain", file]);
	assert.match(
		printed.stdout,
		/^route {6}chat_completions → near {2}\[priority, 2 of 4 eligible\]\n[\s\S]*tried near: ok after \d+ ms\n {11}\d+ tokens in, \d+ out\n$/,
	);
});

test("what holds no decision, and wrong names, end with 2 and say what to do", async () => {
	for (const [args, stdin, message] of [
		[["explain", "no-such.json"], "", "spear: no-such.json: no such file\n"],
		[["explain", "-"], "{}", "spear: standard input: holds no decision; give it what `spear run --json --explain` prints\n"],
	] as const) {
		const { code, stderr } = await spear(args, { stdin, cwd: scratch() });
		assert.is(stderr, message);
		assert.is(code, 2);
	}
	assert.match((await explain("--feature", "tools")).stderr, /^spear: --feature: 'tools' is not known; there are /);
});

test("a text that is not JSON, or holds an error or decisions in another place, is read for what it is", () => {
	assert.throws(() => readDecisions("{", "x.json"), /^x\.json: not JSON$|x\.json: not JSON/);
	const explanation = {
		operation: "embeddings",
		required_features: [],
		required_transports: ["unary"],
		candidates_checked: 1,
		eligible: ["a"],
		rejected: [],
		policy: "priority",
		attempts: [],
	};
	const error = { code: "timeout", message: "late", explanation };
	assert.throws(() => readDecisions(JSON.stringify({ ...explanation, rejected: [null] }), "-"), /holds no decision/);
	for (const value of [explanation, { explanation }, [{ explanation }], { decisions: [{ explanation }] }]) {
		assert.equal(readDecisions(JSON.stringify(value), "-"), [{ explanation }]);
	}
	for (const value of [error, { ok: false, error }]) {
		assert.equal(readDecisions(JSON.stringify(value), "-"), [{ explanation, error: { code: "timeout" } }]);
	}
});

test.run();
