import { test } from "uvu";
import * as assert from "uvu/assert";
import { backendKinds } from "../../generated/registry.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { type Settings, settingsOf } from "../../src/config/settings.ts";
import { SpearError } from "../../src/errors/spear-error.ts";

const KINDS = { enabled: backendKinds, disabled: ["left-out"] };

function load(text: string): Settings {
	return settingsOf(parseConfig(text, "spear.toml"), KINDS, "spear.toml");
}

function faults(text: string): readonly string[] {
	try {
		load(text);
	} catch (thrown) {
		if (thrown instanceof ConfigError) return thrown.faults;
		throw thrown;
	}
	throw new Error("was accepted");
}

test("an empty configuration has the embedded stub and every default", () => {
	const settings = load("");
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
		maxHandles: 1_024,
		maxRealtimeSessions: 4,
		maxRealtimeMs: 3_600_000,
		realtimeIdleMs: 300_000,
		realtimeQueueBytes: 4_194_304,
	});
});

test("every setting is read", () => {
	const settings = load(`
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

test("a fault of the TOML syntax is reported with its line and column", () => {
	try {
		parseConfig('[host]\nlog_level = "warn\n', "spear.toml");
		assert.unreachable();
	} catch (thrown) {
		assert.instance(thrown, ConfigError);
		assert.match(String(thrown), /spear\.toml:2:\d+: a fault in the configuration/);
	}
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
	assert.equal([...faults(text)].sort(), [
		'backends.Main: no such name; names are lower-case letters, digits, "_" and "-", and begin with a letter or digit',
		"backends.b.api_key_env: must be the name of an environment variable, not the key itself",
		"backends.b.base_url: must be an http or https URL",
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
	const found = faults(text);
	assert.match(found[0] ?? "", "backends.main.kind: no backend kind is named 'openai-compatable'; did you mean 'openai-compatible'?");
	assert.match(found[1] ?? "", "backends.other.operations: 'chat_completion' is not known; did you mean 'chat_completions'?");
	assert.match(found[2] ?? "", "backends.other.features: 'supports_tool' is not known; did you mean 'supports_tools'?");
	assert.match(found[3] ?? "", "routes: 'embedings' is not known; did you mean 'embeddings'?");
	assert.match(found[4] ?? "", "routes.embedings.allow: 'mian' is not known");
	assert.is(found.length, 5);
});

test("a kind that this build omits is refused as backend_not_enabled", () => {
	try {
		load('[backends.a]\nkind = "left-out"');
		assert.unreachable();
	} catch (thrown) {
		assert.ok(thrown instanceof SpearError && thrown.code === "backend_not_enabled");
	}
});

test.run();
