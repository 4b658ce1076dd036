import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { withSchemaByTool } from "../../../../../src/backends/kit/chat/emulate/schema-by-tool.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { answer, endOf, scripted, streamed, text, textOf, whole } from "./scripted.ts";

const SCHEMA: JsonObject = { type: "object", properties: { a: { type: "string" } } };
const asked = (name = "answer_form", schema = SCHEMA, strict?: boolean): Partial<cchat.Request> => ({
	response_format: { type: "json_schema", json_schema: { name, schema, ...(strict === undefined ? {} : { strict }) } },
});
const CALL: cchat.ToolCall = { id: "c", name: "answer_form", arguments: '{"a":"x"}' };
const REASONING: cchat.ContentPart = { type: "reasoning", reasoning: { text: "hm" } };
const WITH_CALL = answer([REASONING, text("Sure:")], { finish_reason: "tool_calls", usage: { output_tokens: 3 } }, [CALL]);
const AS_TEXT = answer([REASONING, text('{"a":"x"}')], { usage: { output_tokens: 3 } });
const call = (index: number, args: string, name?: string): cchat.Event => ({
	type: "tool_call",
	tool_call: { index, ...(name === undefined ? {} : { id: "c", name }), arguments: args },
});

test("a schema becomes a tool that the model must call, and its arguments the text of the answer", async () => {
	const upstream = scripted(WITH_CALL);
	assert.equal(await whole(withSchemaByTool(upstream), asked("answer_form", SCHEMA, true)), AS_TEXT);
	const [payload] = upstream.payloads;
	assert.is(payload?.response_format, undefined);
	assert.equal(payload?.tool_choice, { type: "named", named: "answer_form" });
	assert.equal(
		payload?.tools.map(({ name, parameters, strict }) => ({ name, parameters, strict })),
		[{ name: "answer_form", parameters: SCHEMA, strict: true }],
	);
});

test("streamed arguments are streamed text, and text beside the call is left out", async () => {
	const events: cchat.Event[] = [
		{ type: "reasoning", reasoning: "hm" },
		text("Sure:"),
		call(0, "", "answer_form"),
		call(0, '{"a":'),
		call(1, "{}", "answer_form"),
		call(0, '"x"}'),
		{ type: "usage", usage: { output_tokens: 3 } },
	];
	const found = await streamed(withSchemaByTool(scripted(WITH_CALL, events)), asked());
	assert.equal(found, [
		{ type: "reasoning", reasoning: "hm" },
		text('{"a":'),
		text('"x"}'),
		{ type: "usage", usage: { output_tokens: 3 } },
		{ type: "completed", completed: AS_TEXT },
	]);
});

test("an answer without the call stays as it is, and its text arrives at the end", async () => {
	const refused = answer([text("I cannot.")]);
	assert.is(await whole(withSchemaByTool(scripted(refused)), asked()), refused);
	const found = await streamed(withSchemaByTool(scripted(refused, [text("I can"), text("not.")])), asked());
	assert.is(textOf(found), "I cannot.");
	assert.is(endOf(found), refused);
});

test("an answer that was cut off keeps its finish reason", async () => {
	const cut = answer([], { finish_reason: "length" }, [{ ...CALL, arguments: '{"a":' }]);
	assert.equal(await whole(withSchemaByTool(scripted(cut)), asked()), answer([text('{"a":')], { finish_reason: "length" }));
});

test("a name that is none for a tool is replaced", async () => {
	const upstream = scripted(WITH_CALL);
	await whole(withSchemaByTool(upstream), asked("a form"));
	assert.equal(upstream.payloads[0]?.tool_choice, { type: "named", named: "answer" });
});

test("tools beside a schema, and a schema of another type, are refused", async () => {
	const refusal = (payload: Partial<cchat.Request>): Promise<string> =>
		whole(withSchemaByTool(scripted(WITH_CALL)), payload).then(
			() => "accepted",
			(error: unknown) => `${SpearError.from(error).code}: ${SpearError.from(error).message}`,
		);
	assert.match(
		await refusal({ ...asked(), tools: [{ name: "f", parameters: {} }] }),
		/^missing_capabilities: response_format: this backend cannot enforce a JSON schema beside tools/,
	);
	assert.match(
		await refusal(asked("a", { type: "array" })),
		/^missing_capabilities: response_format.json_schema.schema: .*wrap it into a property/,
	);
});

test("requests without a schema, and failures, pass unchanged", async () => {
	const upstream = scripted(WITH_CALL, [call(0, "{}", "f")]);
	assert.is(await whole(withSchemaByTool(upstream)), WITH_CALL);
	assert.equal(await streamed(withSchemaByTool(upstream)), [call(0, "{}", "f"), { type: "completed", completed: WITH_CALL }]);
	const failure = new SpearError("rate_limited", "slow down");
	for (const run of [whole, streamed])
		await run(withSchemaByTool(scripted(failure)), asked()).then(
			() => assert.unreachable(),
			(thrown: unknown) => assert.is(thrown, failure),
		);
});

test.run();
