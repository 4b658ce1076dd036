import { test } from "uvu";
import * as assert from "uvu/assert";
import { BackendConfigError, type InstanceConfig } from "../../../../src/backends/backend.ts";
import { bedrockConverse, bedrockConverseKind } from "../../../../src/backends/kinds/bedrock-converse/index.ts";
import { readOptions } from "../../../../src/backends/kinds/bedrock-converse/options.ts";
import { ruleFor } from "../../../../src/backends/rules.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { chatEnvelope } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";

const configOf = (options: InstanceConfig["options"], more: Partial<InstanceConfig> = {}): InstanceConfig => ({
	name: "up",
	kind: "bedrock-converse",
	models: [],
	options,
	...more,
});

function fault(...args: Parameters<typeof configOf>): string {
	try {
		readOptions(configOf(...args));
	} catch (error) {
		if (error instanceof BackendConfigError) return error.message;
	}
	throw new Error("it should have been refused");
}

const rulesOf = (options: InstanceConfig["options"]) => {
	const rules = bedrockConverse.create(configOf({ region: "us-east-1", ...options })).capabilities.chat_completions?.rules;
	if (rules === undefined) throw new Error("the kind declares no rules");
	return rules;
};

test("a region gives the URL, and a URL needs no region", () => {
	const { baseUrl, sigV4, authHeader, chat } = readOptions(configOf({ region: "eu-central-1" }));
	assert.equal([baseUrl.href, sigV4, authHeader], ["https://bedrock-runtime.eu-central-1.amazonaws.com/", undefined, "authorization"]);
	assert.equal(chat, {
		reasoning: "effort",
		promptCache: undefined,
		provider: "up",
		sendOpaque: true,
		emulations: { tools: "native", jsonSchema: "native", systemRole: "native" },
	});
	assert.is(readOptions(configOf({}, { base_url: "https://proxy.example/bedrock" })).baseUrl.href, "https://proxy.example/bedrock");
});

test("signed requests need a region, and name the variables of the credentials", () => {
	assert.equal(readOptions(configOf({ region: "us-east-1", auth: "sigv4" })).sigV4, {
		region: "us-east-1",
		accessKeyId: "AWS_ACCESS_KEY_ID",
		sessionToken: undefined,
	});
	assert.match(fault({ auth: "sigv4" }, { base_url: "https://proxy.example" }), /options\.region is missing; auth = "sigv4"/);
});

const FAULTS: Readonly<Record<string, readonly [options: InstanceConfig["options"], message: RegExp]>> = {
	"neither region nor URL": [{}, /options\.region is missing; name the region of the models/],
	"a region that is a URL": [{ region: "https://x" }, /options\.region must be the name of a region/],
	"an unknown way to authenticate": [{ region: "a", auth: "basic" }, /options\.auth must be one of bearer, sigv4, not "basic"/],
	"a variable without signatures": [{ region: "a", session_token_env: "T" }, /options\.session_token_env needs auth = "sigv4"/],
	"an unknown option": [{ region: "a", anthropic_version: "x" }, /options\.anthropic_version is not an option/],
	"an unknown form of reasoning": [{ region: "a", reasoning: "x" }, /options\.reasoning must be one of effort, adaptive, budget/],
};

for (const [name, [options, message]] of Object.entries(FAULTS)) {
	test(`${name} is refused with the option's name`, () => assert.match(fault(options), message));
}

test("a key in place of the name of its variable is refused and not repeated", () => {
	const message = fault({ region: "a", auth: "sigv4", access_key_id_env: "AKIAIOSFODNN7EXAMPLE", session_token_env: "Fwo/+=" });
	assert.match(message, /access_key_id_env must be the name of an environment variable.*session_token_env must be the name/);
	assert.not(/AKIA|Fwo/.test(message));
});

test("a URL that ends in the endpoint is refused", () =>
	assert.match(fault({}, { base_url: "https://x.example/model/m/converse" }), /already ends in the path \/converse/));

test("a model cannot be another path", async () => {
	const chat = bedrockConverse.create(configOf({ region: "us-east-1" })).operations.chat_completions;
	for (const model of [".", "..", "", "half \ud800"]) {
		const error = await chat?.unary(chatEnvelope({ model }), contextOf()).then(
			() => undefined,
			(thrown: unknown) => SpearError.from(thrown),
		);
		assert.equal([error?.code, error?.message], ["invalid_request", "model: it is not the id of a model"]);
	}
});

test("features follow from the rules: all that Converse has a member for", () => {
	const { features } = bedrockConverse.create(configOf({ region: "us-east-1" })).capabilities.chat_completions ?? {};
	assert.equal([...(features ?? [])].sort(), [
		"supports_audio_input",
		"supports_file_input",
		"supports_json_schema",
		"supports_parallel_tool_calls",
		"supports_reasoning_effort",
		"supports_strict_tools",
		"supports_tools",
		"supports_vision",
	]);
});

test("the treatment of an effort depends on the form of reasoning", () => {
	const treatments = (reasoning: string) => {
		const rule = rulesOf({ reasoning })["params.reasoning_effort"];
		return (["none", "minimal", "high", "max"] as const).map((effort) => ruleFor(rule, effort, chatEnvelope().payload).treatment);
	};
	assert.equal(treatments("effort"), ["drop", "emulate", "map", "map"]);
	assert.equal(treatments("adaptive"), ["map", "emulate", "map", "map"]);
	assert.equal(treatments("budget"), ["map", "map", "map", "map"]);
	assert.equal(treatments("reasoning_effort"), ["drop", "emulate", "map", "emulate"]);
	assert.equal(treatments("nova"), ["map", "emulate", "map", "emulate"]);
});

test("sealed reasoning is dropped if the operator says so", () => {
	const part = { provider: "up", kind: "content.reasoningContent", data: new Uint8Array() };
	assert.is(ruleFor(rulesOf({ send_opaque: false })["messages.content.opaque"], part, chatEnvelope().payload).treatment, "drop");
});

test("without the package that signs, only an instance that signs is refused, with the command that installs the package", () => {
	const kind = bedrockConverseKind({ isInstalled: () => false, import: () => Promise.reject(new Error("not installed")) });
	const message = "needs the package @smithy/signature-v4, which is not installed; install it: npm install @smithy/signature-v4@5.7.5";
	let refused: unknown;
	try {
		kind.create(configOf({ region: "us-east-1", auth: "sigv4" }));
	} catch (thrown) {
		refused = thrown;
	}
	assert.ok(refused instanceof BackendConfigError);
	assert.equal(refused.faults, [{ path: ["options", "auth"], message }]);
	kind.create(configOf({ region: "us-east-1" }));
});

test.run();
