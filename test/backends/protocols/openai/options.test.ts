import { test } from "uvu";
import * as assert from "uvu/assert";
import { BackendConfigError, type InstanceConfig } from "../../../../src/backends/backend.ts";
import { readOptions } from "../../../../src/backends/protocols/openai/options.ts";

function read(config: Partial<InstanceConfig>): ReturnType<typeof readOptions> {
	return readOptions({ name: "up", kind: "openai-compatible", base_url: "https://api.example.com/v1", models: [], options: {}, ...config });
}

/** Returns the options except those of speech, which tts.test.ts covers. */
function common(options: ReturnType<typeof readOptions>): Partial<ReturnType<typeof readOptions>> {
	const { speech: _, ...others } = options;
	return others;
}

function complaint(config: Partial<InstanceConfig>): string {
	try {
		read(config);
	} catch (error) {
		assert.instance(error, BackendConfigError);
		return error instanceof Error ? error.message : "";
	}
	throw new Error("the configuration was accepted");
}

test("every option except the base URL has a default", () => {
	assert.equal(common(read({})), {
		baseUrl: new URL("https://api.example.com/v1"),
		headers: {},
		chat: {
			maxTokensField: "max_completion_tokens",
			developerRole: false,
			sendReasoning: false,
			provider: "up",
			sendOpaque: true,
			sendStreamOptions: true,
			sendParallelToolCalls: true,
			schemaDialect: "as-is",
			emulations: { tools: "native", jsonSchema: "native", systemRole: "native" },
			quirks: {},
		},
		allowProviderOptions: [],
		operations: undefined,
		authHeader: "authorization",
		timeouts: { connectTimeoutMs: 10_000, firstByteTimeoutMs: 300_000, idleTimeoutMs: 120_000 },
		embeddings: { encoding: "float", maxBatch: 2048, inputType: undefined, dimensionsField: "dimensions" },
		images: { responseFormat: undefined, quality: { auto: "auto", low: "low", medium: "medium", high: "high" }, seed: false },
	});
});

test("every option is read", () => {
	const options = {
		max_tokens_field: "max_tokens",
		developer_role: true,
		send_reasoning: true,
		provider: "acme",
		send_opaque: false,
		send_stream_options: false,
		send_parallel_tool_calls: false,
		schema_dialect: "mistral",
		allow_provider_options: true,
		auth_header: "Api-Key",
		timeouts: { connect_timeout_ms: 1, first_byte_timeout_ms: 2, idle_timeout_ms: 3 },
		embeddings_encoding: "base64",
		embeddings_max_batch: 96,
		embeddings_input_type: { field: "task", query: "q", document: "d" },
		image_response_format: "b64_json",
		image_quality: { medium: "standard", high: "hd" },
		image_seed: true,
	};
	assert.equal(common(read({ options, headers: { "OpenAI-Project": "p1" } })), {
		baseUrl: new URL("https://api.example.com/v1"),
		headers: { "openai-project": "p1" },
		chat: {
			maxTokensField: "max_tokens",
			developerRole: true,
			sendReasoning: true,
			provider: "acme",
			sendOpaque: false,
			sendStreamOptions: false,
			sendParallelToolCalls: false,
			schemaDialect: "mistral",
			emulations: { tools: "native", jsonSchema: "native", systemRole: "native" },
			quirks: {},
		},
		allowProviderOptions: true,
		operations: undefined,
		authHeader: "api-key",
		timeouts: { connectTimeoutMs: 1, firstByteTimeoutMs: 2, idleTimeoutMs: 3 },
		embeddings: {
			encoding: "base64",
			maxBatch: 96,
			inputType: { field: "task", values: { query: "q", document: "d" } },
			dimensionsField: "dimensions",
		},
		images: { responseFormat: "b64_json", quality: { auto: "auto", low: "low", medium: "standard", high: "hd" }, seed: true },
	});
});

test("a header is kept when every object inherits its name", () => {
	const headers = Object.fromEntries([
		["__proto__", "a"],
		["constructor", "b"],
	]);
	assert.equal(Object.entries(read({ headers }).headers), [
		["__proto__", "a"],
		["constructor", "b"],
	]);
});

test("an invalid configuration is refused with the names of instance and member", () => {
	const cases: [Partial<InstanceConfig>, string][] = [
		[{ base_url: "ftp://a.example" }, 'backends.up.base_url must be an http or https URL, e.g. "https://api.example.com/v1"'],
		[{ base_url: "https://" }, 'backends.up.base_url must be an http or https URL, e.g. "https://api.example.com/v1"'],
		[
			{ base_url: "https://me:secret@a.example" },
			"backends.up.base_url must hold no user and no password; name the key's variable in api_key_env",
		],
		[{ base_url: "https://a.example/v1?key=1" }, 'backends.up.base_url must end with its path, e.g. "https://api.example.com/v1"'],
		[
			{ base_url: "https://a.example/v1/chat/completions" },
			'backends.up.base_url already ends in the path /chat/completions, which the host appends; write "https://a.example/v1"',
		],
		[{ headers: { Authorization: "Bearer x" } }, "backends.up.headers.Authorization is set by the host; leave it out"],
		[{ headers: { "api-key": "x" }, options: { auth_header: "api-key" } }, "backends.up.headers.api-key is set by the host; leave it out"],
		[{ headers: { "a b": "x" } }, "backends.up.headers.a b is not the name of a header"],
		[{ headers: { a: "x\ny" } }, "backends.up.headers.a holds characters that no header can carry"],
		[
			{ options: { max_tokens_field: "tokens" } },
			'backends.up.options.max_tokens_field must be one of max_completion_tokens, max_tokens, not "tokens"',
		],
		[{ options: { developer_role: "yes" } }, "backends.up.options.developer_role must be true or false"],
		[{ options: { allow_provider_options: [1] } }, "backends.up.options.allow_provider_options must be true, false or a list of names"],
		[{ options: { auth_header: "a:b" } }, "backends.up.options.auth_header must be the name of a header"],
		[{ options: { timeouts: 5 } }, "backends.up.options.timeouts must be a table"],
		[
			{ options: { timeouts: { idle_timeout_ms: 0 } } },
			"backends.up.options.timeouts.idle_timeout_ms must be a whole number from 1 to 3600000",
		],
		[
			{ options: { timeouts: { idle: 5 } } },
			"backends.up.options.timeouts.idle is not an option; the options are connect_timeout_ms, first_byte_timeout_ms, idle_timeout_ms",
		],
		[
			{ options: { image_quality: { best: "hd" } } },
			"backends.up.options.image_quality.best is not an option; the options are auto, low, medium, high",
		],
		[{ options: { image_response_format: "png" } }, 'backends.up.options.image_response_format must be one of b64_json, url, not "png"'],
	];
	for (const [config, expected] of cases) assert.is(complaint(config), expected);
	const { base_url, ...without } = { name: "up", kind: "openai-compatible", base_url: "", models: [], options: {} };
	assert.throws(
		() => readOptions(without),
		'backends.up.base_url is missing; it must be the URL of the upstream, e.g. "https://api.example.com/v1"',
	);
});

test("an unknown option is refused with the list of options", () => {
	const message = complaint({ options: { maxTokens: 5 } });
	assert.match(message, /^backends\.up\.options\.maxTokens is not an option; the options are /);
	const known = ["timeouts", "auth_header", "max_tokens_field", "developer_role", "send_reasoning", "allow_provider_options"];
	const ofFamilies = [
		"embeddings_encoding",
		"embeddings_max_batch",
		"embeddings_input_type",
		"image_response_format",
		"image_quality",
		"image_seed",
	];
	for (const name of [...known, ...ofFamilies, "voices"]) assert.match(message, new RegExp(`[ ,]${name}\\b`));
});

test.run();
