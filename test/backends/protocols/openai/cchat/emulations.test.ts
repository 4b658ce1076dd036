/** Options by which the host imitates what a server lacks. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { BackendConfigError } from "../../../../../src/backends/backend.ts";
import { chatCapabilities } from "../../../../../src/backends/capabilities.ts";
import { chatRules } from "../../../../../src/backends/protocols/openai/cchat/rules.ts";
import { readOptions } from "../../../../../src/backends/protocols/openai/options.ts";
import { type FieldRule, ruleFor } from "../../../../../src/backends/rules.ts";
import { outcomeOf } from "../../../../../src/router/degradation/outcome.ts";
import { answer, sse } from "../../../../helpers/openai-server.ts";
import { chatEnvelope, collect, say } from "../../../chat-envelope.ts";
import { chunk, completion, upstream } from "../upstream.ts";

const TOOL: cchat.Tool = { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } };
const SCHEMA = { type: "object", properties: { city: { type: "string" } } };
const FORMAT: cchat.ResponseFormat = { type: "json_schema", json_schema: { name: "place", schema: SCHEMA } };

const optionsOf = (options: JsonObject) =>
	readOptions({ name: "up", kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", models: [], options });

/** Returns the treatment of a field by an instance with these options. */
function treatmentOf<T>(options: JsonObject, field: keyof ReturnType<typeof chatRules>, value: T, payload: Partial<cchat.Request>) {
	const rule: FieldRule = chatRules(optionsOf(options))[field];
	return ruleFor(rule, value, chatEnvelope(payload).payload);
}

test("tools are described in the prompt, and calls are read out of the text, whole and streamed", async () => {
	const written = '<tool_call>{"name":"weather","arguments":{"city":"Bern"}}</tool_call>';
	await upstream(
		[
			answer.json(completion({ content: written })),
			answer.stream(sse([chunk({ content: written.slice(0, 20) }), chunk({ content: written.slice(20) }), chunk({}, "stop")])),
		],
		async ({ chat, server, context }) => {
			const envelope = chatEnvelope({ tools: [TOOL] });
			const { message, finish_reason } = await chat.unary(envelope, context);
			assert.equal(
				message.tool_calls.map(({ name, arguments: args }) => [name, args]),
				[["weather", '{"city":"Bern"}']],
			);
			assert.is(finish_reason, "tool_calls");
			const last = (await collect(chat.stream(envelope, context))).at(-1);
			assert.is(last?.type === "completed" && last.completed.message.tool_calls[0]?.name, "weather");
			for (const request of server.requests) {
				const body = Object(request.json());
				assert.is(body.tools, undefined);
				assert.match(body.messages[0].content, /You can call these tools\./);
			}
		},
		{ options: { tools: "prompt" } },
	);
});

test("tools of the prompt happen under the policy lenient alone, and are no offered feature", () => {
	const rule = treatmentOf({ tools: "prompt" }, "tools", [TOOL], { tools: [TOOL] });
	const effects = (["strict", "declared", "lenient"] as const).map((policy) => outcomeOf(rule, policy).effect);
	assert.equal(effects, ["rejected", "rejected", "emulated"]);
	const features = (options: JsonObject): readonly string[] => chatCapabilities(chatRules(optionsOf(options))).features;
	assert.equal([features({}).includes("supports_tools"), features({ tools: "prompt" }).includes("supports_tools")], [true, false]);
});

test("a JSON schema becomes a forced tool, whose arguments are the answer", async () => {
	const tool_calls = [{ id: "c", type: "function", function: { name: "place", arguments: '{"city":"Bern"}' } }];
	await upstream(
		[answer.json(completion({ tool_calls }, { finish_reason: "tool_calls" }))],
		async ({ chat, server, context }) => {
			const { message } = await chat.unary(chatEnvelope({ response_format: FORMAT }), context);
			assert.equal(message, { role: "assistant", content: [{ type: "text", text: '{"city":"Bern"}' }], tool_calls: [] });
			const body = Object((await server.request(0)).json());
			assert.is(body.response_format, undefined);
			assert.equal(body.tool_choice, { type: "function", function: { name: "place" } });
			assert.equal(body.tools[0].function.parameters, SCHEMA);
		},
		{ options: { json_schema: "tool" } },
	);
	const treatments = [{}, { tools: [TOOL] }].map(
		(more) =>
			treatmentOf({ json_schema: "tool" }, "response_format.json_schema", FORMAT.json_schema, { response_format: FORMAT, ...more })
				.treatment,
	);
	assert.equal(treatments, ["emulate", "reject"]);
	assert.is(treatmentOf({ json_schema: "tool" }, "response_format.json_schema.schema", { type: "array" }, {}).treatment, "reject");
});

test("a system message becomes a part of the user's", async () => {
	await upstream(
		[answer.json(completion({ content: "x" }))],
		async ({ chat, server, context }) => {
			await chat.unary(chatEnvelope({ messages: [say("system", "Be brief."), say("user", "Hi")] }), context);
			assert.equal(Object((await server.request(0)).json()).messages, [{ role: "user", content: "Be brief.\n\nHi" }]);
		},
		{ options: { system_role: "merged" } },
	);
	const treatments = ["system", "user"].map((role) => treatmentOf({ system_role: "merged" }, "messages.role", role, {}).treatment);
	assert.equal(treatments, ["emulate", "pass"]);
});

test("a schema as a tool needs tools of the server", () => {
	assert.throws(
		() => optionsOf({ tools: "prompt", json_schema: "tool" }),
		(thrown: unknown) =>
			thrown instanceof BackendConfigError && /json_schema is "tool", which needs tools of the server/.test(thrown.message),
	);
});

test.run();
