import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { BackendConfigError, type InstanceConfig } from "../../../../src/backends/backend.ts";
import { openaiResponses } from "../../../../src/backends/kinds/openai-responses/index.ts";
import { readOptions } from "../../../../src/backends/kinds/openai-responses/options.ts";
import { pass, ruleFor } from "../../../../src/backends/rules.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { opaque } from "../../protocols/openai-responses/cchat/answer-cases.ts";
import { upstream } from "../../protocols/openai-responses/upstream.ts";

const configOf = (more: Partial<InstanceConfig> = {}): InstanceConfig => ({
	name: "up",
	kind: "openai-responses",
	models: [],
	options: {},
	...more,
});

function fault(more: Partial<InstanceConfig>): string {
	try {
		readOptions(configOf(more));
	} catch (error) {
		if (error instanceof BackendConfigError) return error.message;
	}
	throw new Error("it should have been refused");
}

test("an instance needs neither a URL nor options", () => {
	const { baseUrl, authHeader, chat } = readOptions(configOf());
	assert.equal([baseUrl.href, authHeader], ["https://api.openai.com/v1", "authorization"]);
	assert.equal(chat, {
		systemForm: "instructions",
		store: false,
		encryptedReasoning: true,
		reasoningSummary: undefined,
		verbosity: undefined,
		truncation: undefined,
		promptCacheKey: undefined,
		safetyIdentifier: undefined,
		provider: "up",
		sendOpaque: true,
		schemaDialect: "openai",
	});
});

test("wrong and unknown options are faults, and so is the URL of the endpoint", () => {
	assert.match(fault({ options: { system_form: "user" } }), /system_form must be one of instructions, system, developer, not "user"$/);
	assert.match(fault({ options: { reasoning_summary: "long" } }), /reasoning_summary must be one of auto, concise, detailed/);
	assert.match(fault({ options: { stop: [] } }), /^backends\.up\.options\.stop is not an option; the options are /);
	assert.match(
		fault({ base_url: "https://api.openai.com/v1/responses" }),
		/already ends in the path \/responses, .* "https:\/\/api\.openai\.com\/v1"$/,
	);
});

test("the features follow from the rules: no audio, no seed", () => {
	const chat = openaiResponses.create(configOf()).capabilities.chat_completions;
	assert.equal(chat?.features, [
		"supports_file_input",
		"supports_json_mode",
		"supports_json_schema",
		"supports_parallel_tool_calls",
		"supports_reasoning_effort",
		"supports_strict_tools",
		"supports_tools",
		"supports_vision",
	]);
	assert.equal(chat?.transports, ["unary", "server_stream"]);
});

test("the rules depend on the options: the form of system messages, and the parts that go back", () => {
	const rules = (options: InstanceConfig["options"]) => openaiResponses.create(configOf({ options })).capabilities.chat_completions?.rules;
	const payload: cchat.Request = { messages: [], tools: [] };
	const role = (options: InstanceConfig["options"]) => {
		const rule = ruleFor<cchat.Role, cchat.Request>(rules(options)?.["messages.role"] ?? pass, "system", payload);
		return rule.treatment === "map" ? rule.reason : undefined;
	};
	assert.match(role({}) ?? "", /member instructions/);
	assert.match(role({ system_form: "developer" }) ?? "", /role developer$/);
	const treatment = (provider: string, options: InstanceConfig["options"]) => {
		const part = { ...opaque("output.0.x", {}), provider };
		return ruleFor<types.OpaquePart, cchat.Request>(rules(options)?.["messages.content.opaque"] ?? pass, part, payload).treatment;
	};
	assert.equal(
		[treatment("up", {}), treatment("other", {}), treatment("other", { provider: "other" }), treatment("up", { send_opaque: false })],
		["pass", "drop", "pass", "drop"],
	);
});

test("the models of the upstream are those of its list", () =>
	upstream([answer.json({ object: "list", data: [{ id: "gpt-5.6", object: "model" }] })], async ({ backend, server, context }) => {
		assert.equal(await backend.listModels?.(context), [{ name: "gpt-5.6" }]);
		assert.is((await server.request(0)).path, "/v1/models");
	}));

test.run();
