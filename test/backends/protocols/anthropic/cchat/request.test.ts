import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { refusalOf, requestOf } from "./request-of.ts";

const HELLO = [{ role: "user", content: [{ type: "text", text: "Hi" }] }];
const FIND: cchat.Tool = { name: "find", parameters: { properties: {} } };

const params = (more: Partial<cchat.Params>): Partial<cchat.Request> => ({ params: { stop: [], ...more } });

test("a question becomes a request with model, limit and messages", () => {
	assert.equal(requestOf({}), { model: "claude", max_tokens: 16_000, messages: HELLO });
	assert.equal(requestOf({}, { default_max_tokens: 500 }).max_tokens, 500);
	assert.equal(requestOf(params({ max_output_tokens: 7 })).max_tokens, 7);
});

const CLOSED = { type: "object", properties: {}, additionalProperties: false };

test("tools, stop sequences and a schema become members of the request", () => {
	const request = requestOf({
		tools: [FIND, { name: "now", description: "The time.", parameters: { type: "object" }, strict: true }],
		tool_choice: { type: "auto" },
		response_format: { type: "json_schema", json_schema: { name: "answer", schema: { type: "object", properties: {} }, strict: true } },
		params: { stop: ["END"], parallel_tool_calls: true },
	});
	assert.equal(request, {
		model: "claude",
		max_tokens: 16_000,
		messages: HELLO,
		tools: [
			{ name: "find", input_schema: { type: "object", properties: {} } },
			{ name: "now", description: "The time.", input_schema: CLOSED, strict: true },
		],
		tool_choice: { type: "auto" },
		output_config: { format: { type: "json_schema", schema: CLOSED } },
		stop_sequences: ["END"],
	});
});

test("each choice of tools has its form, and one call at most is a part of it", () => {
	const choice = (tool_choice: cchat.ToolChoice | undefined, parallel?: boolean): unknown =>
		requestOf({
			tools: [FIND],
			...(tool_choice === undefined ? {} : { tool_choice }),
			...(parallel === undefined ? {} : params({ parallel_tool_calls: parallel })),
		}).tool_choice;
	assert.equal(choice(undefined), undefined);
	assert.equal(choice(undefined, true), undefined);
	assert.equal(choice(undefined, false), { type: "auto", disable_parallel_tool_use: true });
	assert.equal(choice({ type: "none" }, false), { type: "none" });
	assert.equal(choice({ type: "auto" }, false), { type: "auto", disable_parallel_tool_use: true });
	assert.equal(choice({ type: "required" }), { type: "any" });
	assert.equal(choice({ type: "required" }, false), { type: "any", disable_parallel_tool_use: true });
	assert.equal(choice({ type: "named", named: "find" }, false), { type: "tool", name: "find", disable_parallel_tool_use: true });
});

test("a request without tools has no choice of tools", () => {
	assert.equal(requestOf({ tool_choice: { type: "none" }, ...params({ parallel_tool_calls: false }) }), requestOf({}));
});

test("sampling is dropped under the newest version, and sent under 2023-06-01", () => {
	const sampled = params({ temperature: 1.5, top_p: 0.9, presence_penalty: 1, frequency_penalty: 1 });
	assert.equal(requestOf(sampled), requestOf({}));
	assert.equal(requestOf(sampled, { anthropic_version: "2023-06-01" }), { ...requestOf({}), temperature: 1, top_p: 0.9 });
	assert.is(
		refusalOf(params({ temperature: Number.NaN }), { anthropic_version: "2023-06-01" }),
		"invalid_request: params.temperature: NaN is not a number that JSON can hold",
	);
});

test("reasoning effort becomes adaptive thinking with an effort", () => {
	const sent = (reasoning_effort: cchat.ReasoningEffort, options: JsonObject = {}): unknown => {
		const { thinking, output_config } = requestOf(params({ reasoning_effort }), options);
		return { thinking, output_config };
	};
	assert.equal(sent("none"), { thinking: { type: "disabled" }, output_config: undefined });
	for (const [effort, upstream] of [
		["minimal", "low"],
		["low", "low"],
		["medium", "medium"],
		["high", "high"],
		["xhigh", "xhigh"],
		["max", "max"],
	] as const) {
		assert.equal(sent(effort), { thinking: { type: "adaptive" }, output_config: { effort: upstream } });
		assert.equal(sent(effort, { reasoning: "effort" }), { thinking: undefined, output_config: { effort: upstream } });
	}
	assert.equal(sent("low", { thinking_display: "summarized" }), {
		thinking: { type: "adaptive", display: "summarized" },
		output_config: { effort: "low" },
	});
});

test("reasoning effort becomes a budget below the limit for models without adaptive thinking", () => {
	const sent = (more: Partial<cchat.Params>): unknown => {
		const { thinking, max_tokens } = requestOf(params(more), { reasoning: "budget", default_max_tokens: 1000 });
		return { thinking, max_tokens };
	};
	const enabled = (budget_tokens: number) => ({ type: "enabled", budget_tokens });
	assert.equal(sent({ reasoning_effort: "minimal" }), { thinking: enabled(1024), max_tokens: 2024 });
	assert.equal(sent({ reasoning_effort: "high" }), { thinking: enabled(16_384), max_tokens: 17_384 });
	assert.equal(sent({ reasoning_effort: "high", max_output_tokens: 5000 }), { thinking: enabled(4999), max_tokens: 5000 });
	assert.equal(sent({ reasoning_effort: "high", max_output_tokens: 1025 }), { thinking: enabled(1024), max_tokens: 1025 });
	assert.is(
		refusalOf(params({ reasoning_effort: "high", max_output_tokens: 1024 }), { reasoning: "budget" }),
		"invalid_request: params.max_output_tokens: with reasoning, this backend needs more than 1024 tokens; raise the limit or set reasoning_effort to none",
	);
});

test("a request that demands a tool call asks for adaptive thinking, but for no budget of it", () => {
	const forced = { tools: [FIND], tool_choice: { type: "required" as const }, ...params({ reasoning_effort: "high" }) };
	assert.equal(requestOf(forced).thinking, { type: "adaptive" });
	assert.equal(requestOf(forced).output_config, { effort: "high" });
	const { thinking, max_tokens } = requestOf(forced, { reasoning: "budget" });
	assert.equal({ thinking, max_tokens }, { thinking: undefined, max_tokens: 16_000 });
});

test("the user's identifier and the prompt cache are options", () => {
	assert.equal(requestOf({}, { user_id: "u-1", prompt_cache: "1h" }), {
		...requestOf({}),
		metadata: { user_id: "u-1" },
		cache_control: { type: "ephemeral", ttl: "1h" },
	});
});

test("provider options add members that the operator allows and the adapter does not write", () => {
	const metadata = { metadata: { user_id: "u-2" } };
	assert.equal(requestOf({}, { allow_provider_options: ["metadata"], user_id: "u-1" }, metadata).metadata, { user_id: "u-2" });
	assert.match(refusalOf({}, {}, metadata), /^invalid_request: provider_options\.metadata: this backend does not accept it/);
	for (const name of ["system", "thinking", "output_config", "max_tokens", "stream", "tools"])
		assert.match(refusalOf({}, { allow_provider_options: true }, { [name]: 1 }), /it cannot be set this way/, name);
});

const REFUSED: Readonly<Record<string, readonly [payload: Partial<cchat.Request>, message: string]>> = {
	"a seed": [params({ seed: 1 }), "missing_capabilities: params.seed: this backend has no seed"],
	"JSON without a schema": [
		{ response_format: { type: "json_object" } },
		"missing_capabilities: response_format: this backend has no JSON mode without a schema; use json_schema",
	],
	"arguments that are no object": [
		{ tools: [{ name: "f", parameters: { type: "array" } }] },
		'invalid_request: tools[0].parameters (tool "f"): the type of a tool\'s parameters must be "object"; wrap them into properties',
	],
};

for (const [name, [payload, message]] of Object.entries(REFUSED)) test(`${name} is refused`, () => assert.is(refusalOf(payload), message));

test.run();
