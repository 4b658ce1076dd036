/** Options by which kinds imitate what a model lacks, with the upstreams of the conversations. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { type FieldRule, ruleFor } from "../../../src/backends/rules.ts";
import { chatEnvelope } from "../chat-envelope.ts";
import { contextOf } from "../context.ts";
import { type Connection, overHttp } from "../conversations/vendor.ts";
import { anthropicWire } from "../conversations/wire/anthropic.ts";
import { bedrockConverseWire } from "../conversations/wire/bedrock-converse.ts";
import { ollamaWire } from "../conversations/wire/ollama.ts";
import type { ModelTurn, VendorWire } from "../conversations/wire.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };

const FORMAT: cchat.ResponseFormat = { type: "json_schema", json_schema: { name: "weather", schema: SCHEMA } };

/** Returns the answer of an instance with these options, and the treatments of fields of the request. */
async function answered(wire: VendorWire, options: Record<string, string>, turn: ModelTurn, payload: Partial<cchat.Request>) {
	const connection: Connection = await overHttp({
		...wire,
		config: { ...wire.config, options: { ...wire.config.options, ...options } },
	}).connect("up");
	try {
		const chat = connection.backend.operations.chat_completions;
		if (chat === undefined) throw new Error("the kind serves no chat");
		connection.play(turn, 0);
		const envelope = chatEnvelope(payload);
		const { message } = await chat.unary(envelope, contextOf({ apiKey: "sk-test" }));
		const treatment = (field: "tools" | "response_format.json_schema" | "params.reasoning_effort", value: unknown): string => {
			const rule: FieldRule | undefined = connection.backend.capabilities.chat_completions?.rules[field];
			return rule === undefined ? "none" : ruleFor(rule, value, envelope.payload).treatment;
		};
		return { message, treatment, said: connection.said() };
	} finally {
		await connection.close();
	}
}

for (const wire of [anthropicWire, bedrockConverseWire]) {
	test(`${wire.kind.name} sends a schema as a forced tool, which leaves no room for a budget of thinking`, async () => {
		const { message, treatment } = await answered(
			wire,
			{ json_schema: "tool", reasoning: "budget" },
			{ calls: [{ city: "Bern" }] },
			{ response_format: FORMAT, params: { stop: [], reasoning_effort: "high" } },
		);
		assert.equal([message.content, message.tool_calls], [[{ type: "text", text: '{"city":"Bern"}' }], []]);
		assert.is(treatment("response_format.json_schema", FORMAT.json_schema), "emulate");
		assert.is(treatment("params.reasoning_effort", "high"), "drop");
	});
}

test("ollama describes tools in the prompt, and reads the calls out of the text", async () => {
	const tools: cchat.Tool[] = [{ name: "weather", parameters: SCHEMA }];
	const text = '<tool_call>{"name":"weather","arguments":{"city":"Bern"}}</tool_call>';
	const { message, treatment, said } = await answered(ollamaWire, { tools: "prompt" }, { text }, { tools });
	assert.equal(
		message.tool_calls.map(({ name, arguments: args }) => [name, args]),
		[["weather", '{"city":"Bern"}']],
	);
	assert.is(treatment("tools", tools), "reject");
	const [first] = said;
	assert.ok(first?.type === "system" && first.text.startsWith("You can call these tools."));
});

test.run();
