/** Losses of a schema, in the answer of every kind that lowers schemas. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { ConformanceFixture } from "../../../src/backend-conformance.ts";
import type { Backend } from "../../../src/backends/backend.ts";
import { whole } from "../../../src/backends/conformance/loopback/replies.ts";
import { withTrial } from "../../../src/backends/conformance/trial.ts";
import { ruleFor } from "../../../src/backends/rules.ts";
import { chatEnvelope, collect } from "../chat-envelope.ts";
import { contextOf } from "../context.ts";
import { fakeInstance } from "../protocols/llama-cpp/instance.ts";
import { fixture as anthropic } from "./anthropic/conformance-fixture.ts";
import { fixture as azureOpenAi } from "./azure-openai/conformance-fixture.ts";
import { fixture as bedrockConverse } from "./bedrock-converse/conformance-fixture.ts";
import { fixture as gemini } from "./gemini/conformance-fixture.ts";
import { fixture as ollama } from "./ollama/conformance-fixture.ts";
import { fixture as openAiCompatible } from "./openai-compatible/conformance-fixture.ts";
import { fixture as openAiResponses } from "./openai-responses/conformance-fixture.ts";

const SCHEMA = { type: "object", properties: { code: { type: "string", not: { const: "none" } } }, required: ["code"] };

const { payload: PAYLOAD } = chatEnvelope({
	response_format: { type: "json_schema", json_schema: { name: "answer", schema: SCHEMA, strict: true } },
});

const FIXTURES: readonly (readonly [ConformanceFixture, types.JsonObject?])[] = [
	[anthropic],
	[azureOpenAi],
	[bedrockConverse],
	[gemini],
	[ollama],
	[openAiCompatible, { schema_dialect: "openai" }],
	[openAiResponses],
];

const lossOf = (downgrades: readonly types.Downgrade[] = []): readonly types.Downgrade[] =>
	downgrades.filter(({ effect }) => effect === "emulated");

/** Returns the treatment of the schema of the answer, or of the first tool. */
function treatmentOf({ capabilities }: Backend, payload: cchat.Request): string | undefined {
	const rules = capabilities.chat_completions?.rules;
	const [tool] = payload.tools;
	if (rules === undefined) return undefined;
	return tool === undefined
		? ruleFor(rules["response_format.json_schema.schema"], SCHEMA, payload).treatment
		: ruleFor(rules["tools.parameters"], tool.parameters, payload).treatment;
}

const EXPECTED: readonly types.Downgrade[] = [
	{
		field: "response_format.json_schema.schema",
		effect: "emulated",
		detail: "response_format.json_schema.schema.properties.code: not moved into the description",
	},
];

for (const [fixture, options = {}] of FIXTURES) {
	for (const transport of ["unary", "stream"] as const) {
		test(`${fixture.kind.name} reports the lost keyword of a schema with its path, ${transport}`, async () => {
			const its = fixture.operations.chat_completions;
			const recorded = Object.values(its?.answers ?? {}).find((one) => one.whole !== undefined && one.stream !== undefined);
			const answers = [(transport === "stream" ? recorded?.stream : recorded?.whole) ?? []].flat();
			if (its === undefined || answers.length === 0) throw new Error("the fixture has no answer in both forms");
			const setting = { payload: PAYLOAD, options: { ...recorded?.options, ...options } };
			await withTrial({ fixture, operation: "chat_completions", its }, setting, async ({ backend, call }) => {
				assert.is(treatmentOf(backend, PAYLOAD), "emulate", "the policy strict refuses the schema");
				const { result, error } = await call(transport, answers.map(whole));
				assert.is(error, undefined);
				assert.equal(lossOf(result?.downgrades), EXPECTED);
			});
		});
	}
}

test("llama-cpp reports the lost keyword of a schema with its path, whole and streamed", async () => {
	const { chat, backend } = fakeInstance();
	const envelope = chatEnvelope(PAYLOAD);
	const { downgrades } = await chat.unary(envelope, contextOf());
	const last = (await collect(chat.stream(envelope, contextOf()))).at(-1);
	assert.equal(lossOf(downgrades), EXPECTED);
	assert.equal(last?.type === "completed" ? lossOf(last.completed.downgrades) : last, EXPECTED);
	await backend.close();
});

test("bedrock-converse declares what the schemas of tools lose at the model of the request", async () => {
	const models = [
		{ name: "nova", upstream: "amazon.nova-lite-v1:0" },
		{ name: "claude", upstream: "anthropic.claude-v1" },
	];
	const backend = bedrockConverse.kind.create({ ...bedrockConverse.config("http://127.0.0.1:1"), models });
	const tools = [{ name: "find", parameters: SCHEMA }];
	const of = (model: string): string | undefined => treatmentOf(backend, chatEnvelope({ model, tools }).payload);
	assert.equal([of("nova"), of("claude"), of("unknown")], ["emulate", "pass", "pass"]);
	await backend.close();
});

test.run();
