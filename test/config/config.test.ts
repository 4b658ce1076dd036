import { test } from "uvu";
import * as assert from "uvu/assert";
import { configErrorOf, faultsOf, settingsFrom } from "../helpers/config.ts";

test("an empty configuration has the embedded stub and every default", () => {
	const settings = settingsFrom("");
	assert.equal(
		settings.backends.map(({ name, kind }) => [name, kind.name]),
		[["stub", "stub"]],
	);
	assert.is(settings.timeoutMs, 120_000);
	assert.equal(settings.limits, {
		maxIterations: 8,
		maxTotalToolCalls: 32,
		maxToolOutputBytes: 65_536,
		streamBufferBytes: 262_144,
		maxLogBytes: 8_192,
		maxLogLinesPerS: 200,
		maxLogBytesPerS: 262_144,
		maxHostcallBytes: 25_165_824,
		maxHostcallItems: 100_000,
		maxHandles: 1_024,
		maxRealtimeSessions: 4,
		maxRealtimeMs: 3_600_000,
		realtimeIdleMs: 300_000,
		realtimeQueueBytes: 4_194_304,
	});
});

test("every setting is read", () => {
	const settings = settingsFrom(`
[host]
timeout_ms = 5000
[limits]
max_iterations = 2
[backends.main]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"
models = ["a", { name = "b", upstream = "b-2026" }]
operations = ["chat_completions"]
[routes.chat_completions]
allow = ["main"]
timeout_ms = 1000
`);
	assert.is(settings.timeoutMs, 5_000);
	assert.is(settings.limits.maxIterations, 2);
	assert.equal(settings.backends[0]?.operations, ["chat_completions"]);
	assert.equal(settings.routes.get("chat_completions"), { allow: ["main"], timeoutMs: 1_000 });
});

test("a fault of the TOML syntax is reported alone with its line and column", () => {
	const { message, faults } = configErrorOf('[host]\ntimeout_ms = -1\nlog_level = "warn\n');
	assert.match(message, /^spear\.toml: a fault in the configuration\n {2}spear\.toml:3:\d+: /);
	assert.equal(
		faults.map(({ file, line, path }) => ({ file, line, path })),
		[{ file: "spear.toml", line: 3, path: "" }],
	);
});

test("every fault of the schema is reported with its key", () => {
	const text = `
[host]
timeout_ms = 0
log_levle = "warn"
[backends.Main]
kind = "stub"
[backends.b]
base_url = "ftp://x"
api_key_env = "sk-123"
`;
	assert.equal([...faultsOf(text)].sort(), [
		'backends.Main: no such name; names are lower-case letters, digits, "_" and "-", and begin with a letter or digit',
		"backends.b.api_key_env: must be the name of an environment variable, not the key itself",
		'backends.b.base_url: must be an http or https URL, e.g. "https://api.example.com/v1"',
		"backends.b.kind: is required",
		"host.log_levle: no such key; did you mean 'log_level'?",
		"host.timeout_ms: must be >= 1",
	]);
});

test("an unknown name is reported with the closest known one", () => {
	const text = `
[backends.main]
kind = "openai-compatable"
[backends.other]
kind = "stub"
operations = ["chat_completion"]
features = ["supports_tool"]
[routes.embedings]
allow = ["mian"]
`;
	const found = faultsOf(text);
	assert.match(found[0] ?? "", "backends.main.kind: no backend kind is named 'openai-compatable'; did you mean 'openai-compatible'?");
	assert.match(found[1] ?? "", "backends.other.operations[0]: 'chat_completion' is not known; did you mean 'chat_completions'?");
	assert.match(found[2] ?? "", "backends.other.features[0]: 'supports_tool' is not known; did you mean 'supports_tools'?");
	assert.match(found[3] ?? "", "routes.embedings: no such operation; did you mean 'embeddings'?");
	assert.match(found[4] ?? "", "routes.embedings.allow[0]: 'mian' is not known; did you mean 'main'?");
	assert.is(found.length, 5);
});

test("a kind that this build omits is refused as backend_not_enabled", () => {
	const omitted = '[backends.a]\nkind = "left-out"\n';
	assert.is(configErrorOf(omitted).code, "backend_not_enabled");
	assert.is(configErrorOf(`${omitted}[host]\ntimeout_ms = -1`).code, "invalid_request");
});

test.run();
