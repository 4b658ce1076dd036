import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { BackendConfigError, type InstanceConfig } from "../../../../src/backends/backend.ts";
import { openaiCompatible } from "../../../../src/backends/kinds/openai-compatible/index.ts";
import { PRESETS } from "../../../../src/backends/kinds/openai-compatible/presets/index.ts";
import { chatRules } from "../../../../src/backends/protocols/openai/cchat/rules.ts";
import { quirkRules } from "../../../../src/backends/protocols/openai/cchat/with-quirks.ts";
import { embeddingsRequests } from "../../../../src/backends/protocols/openai/emb/request.ts";
import { embeddingsRules } from "../../../../src/backends/protocols/openai/emb/rules.ts";
import { readOptions } from "../../../../src/backends/protocols/openai/options.ts";
import { ruleFor } from "../../../../src/backends/rules.ts";
import { chatEnvelope, parts, say } from "../../chat-envelope.ts";
import { bodyOf, refusalOf } from "./preset-requests.ts";

const configOf = (options: InstanceConfig["options"], more: Partial<InstanceConfig> = {}): InstanceConfig => ({
	name: "up",
	kind: "openai-compatible",
	models: ["m"],
	options,
	...more,
});

/** Returns the rules of chat of an instance with a preset. */
function rulesOf(preset: string) {
	return chatRules(readOptions(configOf({ preset }), PRESETS));
}

const inline = { type: "inline" as const, inline: { mime_type: "audio/wav", data: Uint8Array.of(1, 2) } };
const audio: cchat.ContentPart = { type: "audio", audio: { source: inline } };
const file: cchat.ContentPart = {
	type: "file",
	file: { source: { ...inline, inline: { ...inline.inline, mime_type: "application/pdf" } } },
};
const tool: cchat.Tool = { name: "weather", parameters: { type: "object" } };
const schema: cchat.ResponseFormat = { type: "json_schema", json_schema: { name: "a", schema: { type: "object" }, strict: true } };
const params = (more: Partial<cchat.Params>): Pick<cchat.Request, "params"> => ({ params: { stop: [], ...more } });
const called = (id: string): cchat.Message => ({ role: "assistant", content: [], tool_calls: [{ id, name: "weather", arguments: "{}" }] });

test("a backend without URL and preset is told of both, one with an unknown preset of the preset alone", () => {
	assert.throws(
		() => readOptions(configOf({}), PRESETS),
		'backends.up.base_url is missing; it must be the URL of the upstream, e.g. "https://api.example.com/v1"; or options.preset must name a known server',
	);
	try {
		readOptions(configOf({ preset: "mistrall" }), PRESETS);
		assert.unreachable();
	} catch (error) {
		assert.instance(error, BackendConfigError);
		assert.equal(error instanceof BackendConfigError && error.faults.map(({ path }) => path), [["options", "preset"]]);
	}
});

test("each preset has a URL, and needs nothing else", () => {
	const urls = Object.keys(PRESETS).map((preset) => [preset, readOptions(configOf({ preset }), PRESETS).baseUrl.href]);
	assert.equal(Object.fromEntries(urls), {
		cohere: "https://api.cohere.ai/compatibility/v1",
		deepseek: "https://api.deepseek.com/",
		groq: "https://api.groq.com/openai/v1",
		"lm-studio": "http://127.0.0.1:1234/v1",
		mistral: "https://api.mistral.ai/v1",
		openrouter: "https://openrouter.ai/api/v1",
		together: "https://api.together.ai/v1",
		vllm: "http://127.0.0.1:8000/v1",
	});
});

test("an unknown preset is refused with the names of the known ones", () => {
	for (const preset of ["mistrall", "constructor"]) {
		try {
			readOptions(configOf({ preset }, { base_url: "http://x" }), PRESETS);
			assert.unreachable();
		} catch (error) {
			assert.instance(error, BackendConfigError);
			assert.match(
				String(error),
				/options\.preset must be one of cohere, deepseek, groq, lm-studio, mistral, openrouter, together, vllm, not "/,
			);
		}
	}
});

test("the operator's settings replace those of a preset", () => {
	const config = configOf({ preset: "mistral", max_tokens_field: "max_completion_tokens" }, { base_url: "https://eu.example/v1" });
	const { baseUrl, chat } = readOptions(config, PRESETS);
	assert.equal([baseUrl.href, chat.maxTokensField, chat.sendStreamOptions], ["https://eu.example/v1", "max_completion_tokens", false]);
});

test("without a preset, a request is what it was", () => {
	const config = configOf({}, { base_url: "http://x" });
	assert.equal(readOptions(config, PRESETS).chat.quirks, {});
	assert.is(readOptions(config, PRESETS).operations, undefined);
});

test("a preset offers the operations and features of its server", () => {
	const capabilities = openaiCompatible.create(configOf({ preset: "deepseek" })).capabilities;
	assert.equal(Object.keys(capabilities), ["chat_completions"]);
	assert.equal([...(capabilities.chat_completions?.features ?? [])].sort(), [
		"supports_json_mode",
		"supports_parallel_tool_calls",
		"supports_reasoning_effort",
		"supports_strict_tools",
		"supports_tools",
	]);
	const groq = openaiCompatible.create(configOf({ preset: "groq" }));
	assert.equal(Object.keys(groq.capabilities), ["chat_completions", "speech_to_text", "text_to_speech"]);
	assert.is(groq.operations.embeddings, undefined);
});

/** Names of the presets whose server bounds an answer with `max_tokens`. */
const MAX_TOKENS = new Set(["cohere", "deepseek", "lm-studio", "mistral", "openrouter", "together"]);

for (const preset of Object.keys(PRESETS)) {
	test(`${preset} gets the bound of an answer in the member that it has`, () => {
		const body = bodyOf(preset, params({ max_output_tokens: 9 }));
		assert.equal([body.max_tokens, body.max_completion_tokens], MAX_TOKENS.has(preset) ? [9, undefined] : [undefined, 9]);
	});
}

test("mistral gets ids of nine letters and digits, the same for a call and its result", () => {
	const messages = [say("user", "A"), called("call_0fypS1hVX"), say("tool", "sun", { tool_call_id: "call_0fypS1hVX" })];
	const text = JSON.stringify(bodyOf("mistral", { messages, tools: [tool] }));
	const [, first] = /"id":"([^"]*)"/.exec(text) ?? [];
	const [, second] = /"tool_call_id":"([^"]*)"/.exec(text) ?? [];
	assert.match(first ?? "", /^[A-Za-z0-9]{9}$/);
	assert.is(second, first);
	assert.match(JSON.stringify(bodyOf("mistral", { messages: [say("user", "A"), called("abcDEF123")] })), /"id":"abcDEF123"/);
});

test("mistral gets no members that its API does not define", () => {
	const refusal = parts("assistant", { type: "refusal", refusal: "No." });
	const named = say("user", "A", { name: "ann" });
	assert.equal(bodyOf("mistral", { messages: [named, refusal, parts("user", audio)] }).messages, [
		{ role: "user", content: "A" },
		{ role: "assistant", content: "No." },
		{ role: "user", content: [{ type: "input_audio", input_audio: "AQI=" }] },
	]);
	assert.equal(bodyOf("mistral", params({ seed: 7, temperature: 2, reasoning_effort: "max" })), {
		model: "m",
		messages: [{ role: "user", content: "Hi" }],
		temperature: 1.5,
		random_seed: 7,
		reasoning_effort: "xhigh",
	});
	assert.is(refusalOf("mistral", params({ seed: -1 })), "invalid_request: params.seed: this backend accepts no seed below 0");
	assert.match(refusalOf("mistral", { messages: [parts("user", file)] }), /^missing_capabilities: messages\.content\.file: this backend/);
});

test("mistral gets earlier thinking in the content if the operator says so", () => {
	const answer = parts("assistant", { type: "reasoning", reasoning: { text: "Hm." } }, { type: "text", text: "B" });
	const sent = (options: { send_reasoning?: boolean }) => bodyOf("mistral", { messages: [say("user", "A"), answer] }, options).messages;
	assert.equal(sent({}), [
		{ role: "user", content: "A" },
		{ role: "assistant", content: "B" },
	]);
	const thinking = { type: "thinking", thinking: [{ type: "text", text: "Hm." }] };
	assert.equal(sent({ send_reasoning: true }), [
		{ role: "user", content: "A" },
		{ role: "assistant", content: [thinking, { type: "text", text: "B" }] },
	]);
});

test("cohere gets schemas in its own form, an effort that it knows, and no tool_choice", () => {
	assert.equal(bodyOf("cohere", { response_format: schema }).response_format, { type: "json_object", schema: { type: "object" } });
	assert.is(bodyOf("cohere", params({ reasoning_effort: "low" })).reasoning_effort, "high");
	assert.is(bodyOf("cohere", params({ reasoning_effort: "none" })).reasoning_effort, "none");
	const auto = bodyOf("cohere", { tools: [tool], tool_choice: { type: "auto" }, ...params({ parallel_tool_calls: true }) });
	assert.equal([auto.tool_choice, auto.parallel_tool_calls, Array.isArray(auto.tools)], [undefined, undefined, true]);
	const none = bodyOf("cohere", { tools: [tool], tool_choice: { type: "none" } });
	assert.equal([none.tool_choice, none.tools], [undefined, undefined]);
	assert.match(refusalOf("cohere", { tools: [tool], tool_choice: { type: "required" } }), /^missing_capabilities: tool_choice\.required/);
});

test("groq gets no names of messages", () => {
	assert.equal(bodyOf("groq", { messages: [say("user", "A", { name: "ann" })] }).messages, [{ role: "user", content: "A" }]);
});

test("deepseek gets the reasoning of earlier turns, and no reasoning is asked for in its own form", () => {
	const answer = parts("assistant", { type: "reasoning", reasoning: { text: "Hm." } }, { type: "text", text: "B" });
	assert.equal(bodyOf("deepseek", { messages: [say("user", "A"), answer, say("user", "C")] }).messages, [
		{ role: "user", content: "A" },
		{ role: "assistant", content: "B", reasoning_content: "Hm." },
		{ role: "user", content: "C" },
	]);
	const body = bodyOf("deepseek", params({ reasoning_effort: "none" }));
	assert.equal([body.thinking, body.reasoning_effort], [{ type: "disabled" }, undefined]);
	assert.is(bodyOf("deepseek", params({ reasoning_effort: "medium" })).reasoning_effort, "medium");
	assert.match(refusalOf("deepseek", { response_format: schema }), /^missing_capabilities: response_format\.json_schema/);
	assert.match(refusalOf("deepseek", params({ seed: 1 })), /^missing_capabilities: params\.seed/);
});

test("together turns reasoning off in its own form, and gets an amount that it knows", () => {
	assert.equal(bodyOf("together", params({ reasoning_effort: "none" })).reasoning, { enabled: false });
	assert.is(bodyOf("together", params({ reasoning_effort: "xhigh" })).reasoning_effort, "high");
});

test("lm-studio is asked for JSON with a schema only", () => {
	assert.match(refusalOf("lm-studio", { response_format: { type: "json_object" } }), /^missing_capabilities: response_format\.json_object/);
	assert.equal(bodyOf("lm-studio", { response_format: schema }).response_format, {
		type: "json_schema",
		json_schema: { name: "a", schema: { type: "object" }, strict: true },
	});
});

test("the length of vectors has the member that the server has, or is refused", () => {
	const rows = Object.keys(PRESETS).map((preset) => {
		const config = configOf({ preset });
		const options = readOptions(config, PRESETS);
		const envelope = { ...chatEnvelope(), operation: "embeddings" as const, payload: { input: ["a"], dimensions: 8 } };
		if (options.embeddings.dimensionsField !== "none") return Object.keys(embeddingsRequests(envelope, config, options)[0] ?? {})[1];
		assert.throws(() => embeddingsRequests(envelope, config, options), "dimensions: this backend has no member for it");
		return `none, ${ruleFor(embeddingsRules(options).dimensions, 8, envelope.payload).treatment}`;
	});
	assert.equal(rows, [
		"none, reject",
		"dimensions",
		"dimensions",
		"dimensions",
		"output_dimension",
		"dimensions",
		"dimensions",
		"dimensions",
	]);
});

test("the quirks of a preset are rules too", () => {
	const rules = rulesOf("mistral");
	const { payload } = chatEnvelope();
	assert.equal(
		[-1, 1].map((seed) => ruleFor(rules["params.seed"], seed, payload).treatment),
		["reject", "map"],
	);
	assert.equal(
		[1.5, 2].map((value) => ruleFor(rules["params.temperature"], value, payload).treatment),
		["pass", "emulate"],
	);
	const efforts = (["max", "low"] as const).map((effort) => ruleFor(rules["params.reasoning_effort"], effort, payload).treatment);
	assert.equal(efforts, ["emulate", "pass"]);
	assert.is(ruleFor(rules["messages.name"], "ann", payload).treatment, "drop");
	assert.equal(quirkRules({}), {});
});

test.run();
