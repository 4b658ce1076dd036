import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readDecisions } from "../../src/cli/recorded-decisions.ts";
import { createHost, type RouteQuery } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { probeComponent } from "../helpers/probe-host.ts";
import { spear, spearHere } from "../helpers/spear.ts";

/** `spear explain`: decisions on a request, and recorded decisions. */
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

test("`explain` prints the backend of a request and the reason for each rejected one", async () => {
	const { code, stdout, stderr } = await explain("--model", "small", "--feature", "supports_tools");
	assert.is(stderr, "");
	assert.is(
		stdout,
		[
			"route      chat_completions (small) → near  [priority, 2 of 4 eligible]",
			"           needs unary, supports_tools",
			"           rejected keyed: no_key",
			"           rejected speech: operation (chat_completions)",
			"",
		].join("\n"),
	);
	assert.is(code, 0);
});

test("`explain` prints the reasons and exits with 1 when a request finds no backend", async () => {
	const { code, stdout } = await explain("--model", "large", "--deny", "near");
	assert.match(stdout, "route      chat_completions (large) → no backend  [priority, 0 of 4 eligible]");
	assert.match(stdout, "rejected near: denied (the request's deny list names it)");
	assert.match(stdout, "rejected far: model (large)");
	assert.is(code, 1);
});

test("`explain` applies the routing options of a request", async () => {
	const host = await createHost({ config });
	const chosen = (routing: NonNullable<RouteQuery["routing"]>): string | undefined =>
		host.explain({ operation: "chat_completions", model: "small", routing }).chosen;
	assert.is(chosen({}), "near");
	assert.is(chosen({ preferred: ["far"] }), "far");
	assert.is(chosen({ allowlist: ["far"] }), "far");
	assert.is(chosen({ denylist: ["near"] }), "far");
	assert.is(chosen({ backend: "far" }), "far");
	await host.close();
	const { stdout } = await explain("--operation", "text_to_speech", "--stream", "--prefer", "speech");
	assert.match(stdout, "text_to_speech → speech ");
	assert.match(stdout, "needs server_stream");
});

test("`explain` applies the treatment of fields, and prints those that would be dropped", async () => {
	const dropped = await explain("--model", "small", "--field", "params.temperature");
	assert.match(dropped.stdout, "dropped params.temperature: the stub's answers have no randomness");
	const strict = await explain("--model", "small", "--field", "params.temperature", "--degradation", "strict");
	assert.match(strict.stdout, "rejected near: degradation (params.temperature: would be dropped, which the policy strict forbids: ");
	assert.is(strict.code, 1);
});

test("`explain` waives the feature of a field that the policy lenient drops, unless the feature is named", async () => {
	const lenient = join(scratch(), "lenient.toml");
	await writeFile(lenient, `${CONFIG}[router]\ndegradation = "lenient"\n`);
	const ask = (...args: string[]) => spearHere(["explain", "--config", lenient, "--model", "large", ...args]);
	const { stdout } = await ask("--field", "messages.content.image");
	assert.match(stdout, /chat_completions \(large\) → near/);
	assert.match(stdout, /dropped messages\.content\.image: /);
	assert.match(
		(await ask("--field", "messages.content.image", "--feature", "supports_vision")).stdout,
		/rejected near: feature \(supports_vision\)/,
	);
	assert.match(
		(await explain("--model", "large", "--field", "messages.content.image")).stdout,
		/rejected near: feature \(supports_vision\)/,
	);
});

test("`explain` exits with 2 for a field that requests of the operation do not have", async () => {
	const { code, stderr } = await explain("--field", "params.temprature");
	assert.is(stderr, "spear: --field: requests of chat_completions have no field 'params.temprature'; did you mean 'params.temperature'?\n");
	assert.is(code, 2);
});

test("`explain` exits with 2 when the host does not allow the policy", async () => {
	const { code, stderr } = await explain("--policy", "round_robin");
	assert.is(stderr, "spear: options.policy: 'round_robin' may not be chosen for chat_completions; the host allows no other policy\n");
	assert.is(code, 2);
});

test("`explain --json` prints the whole decision, which `explain` prints as text", async () => {
	const recorded = await explain("--model", "small", "--json");
	const { decisions } = JSON.parse(recorded.stdout);
	assert.is(decisions.length, 1);
	const { chosen, candidates_checked } = decisions[0].explanation;
	assert.equal({ chosen, candidates_checked }, { chosen: "near", candidates_checked: 4 });
	const again = await spear(["explain", "-"], { stdin: recorded.stdout });
	assert.is(again.stdout, (await explain("--model", "small")).stdout);
});

test("`explain` prints the decisions that `run --json --explain` recorded", async () => {
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

test("`explain` prints what to do and exits with 2 for a file without decisions and for unknown names", async () => {
	for (const [args, stdin, message] of [
		[["explain", "no-such.json"], "", "spear: no-such.json: no such file\n"],
		[["explain", "-"], "{}", "spear: standard input: contains no decision; use the output of `spear run --json --explain`\n"],
	] as const) {
		const { code, stderr } = await spear(args, { stdin, cwd: scratch() });
		assert.is(stderr, message);
		assert.is(code, 2);
	}
	assert.match(
		(await explain("--feature", "tools")).stderr,
		/^spear: --feature: 'tools' is not known; did you mean 'supports_tools'\?; known are /,
	);
	assert.match(
		(await explain("--operation", "chat")).stderr,
		/^spear: --operation: 'chat' is not known; did you mean 'chat_completions'\?; known are /,
	);
});

test("`readDecisions` finds explanations in every form of output, and refuses a text without one", () => {
	assert.throws(() => readDecisions("{", "x.json"), /x\.json: is not JSON/);
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
	assert.throws(() => readDecisions(JSON.stringify({ ...explanation, rejected: [null] }), "-"), /contains no decision/);
	for (const value of [explanation, { explanation }, [{ explanation }], { decisions: [{ explanation }] }]) {
		assert.equal(readDecisions(JSON.stringify(value), "-"), [{ explanation }]);
	}
	for (const value of [error, { ok: false, error }]) {
		assert.equal(readDecisions(JSON.stringify(value), "-"), [{ explanation, error: { code: "timeout" } }]);
	}
});

test.run();
