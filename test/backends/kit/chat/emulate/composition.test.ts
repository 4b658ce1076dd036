/** Emulations together, as a kind composes them for an upstream that has only user and assistant texts. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { withSchemaByTool } from "../../../../../src/backends/kit/chat/emulate/schema-by-tool.ts";
import { withStopSequences } from "../../../../../src/backends/kit/chat/emulate/stop-sequences.ts";
import { withoutSystemRole } from "../../../../../src/backends/kit/chat/emulate/system-role.ts";
import { withToolsByPrompt } from "../../../../../src/backends/kit/chat/emulate/tools-by-prompt.ts";
import { say } from "../../../chat-envelope.ts";
import { answer, endOf, type Scripted, scripted, streamed, text, textOf, whole } from "./scripted.ts";

const composed = (upstream: Scripted): ChatCompletionsBackend =>
	withSchemaByTool(withToolsByPrompt(withStopSequences(withoutSystemRole(upstream), { max: 0, model: () => "m" })));

const SCHEMA: cchat.ResponseFormat = {
	type: "json_schema",
	json_schema: { name: "city", schema: { type: "object", properties: { name: { type: "string" } } } },
};
const WRITTEN = 'Sure. <tool_call>{"name":"city","arguments":{"name":"Bern"}}</tool_call>';

test("a schema, a system message and stop sequences reach an upstream of plain texts as one text of the user", async () => {
	const upstream = scripted(answer([text(WRITTEN)]), [...WRITTEN].map(text));
	const payload: Partial<cchat.Request> = {
		messages: [say("system", "Be brief."), say("user", "A city?")],
		response_format: SCHEMA,
		params: { stop: ["END"] },
	};
	const found = await whole(composed(upstream), payload);
	assert.equal(found.message.content, [text('{"name":"Bern"}')]);
	assert.is(found.finish_reason, "stop");
	const events = await streamed(composed(upstream), payload);
	assert.is(textOf(events), '{"name":"Bern"}');
	assert.equal(endOf(events), found);
	for (const sent of upstream.payloads) {
		assert.equal(sent.tools, []);
		assert.equal(sent.params, { stop: [] });
		assert.equal([sent.response_format, sent.tool_choice], [undefined, undefined]);
		const [only, ...rest] = sent.messages;
		const [part, ...parts] = only?.content ?? [];
		assert.equal([only?.role, rest, parts], ["user", [], []]);
		assert.ok(part?.type === "text" && part.text.startsWith("Be brief.\n\nYou can call these tools.") && part.text.endsWith("\n\nA city?"));
	}
});

test("a stop sequence within a written call ends the answer there", async () => {
	const upstream = scripted(answer([text(WRITTEN)]), [...WRITTEN].map(text));
	const payload: Partial<cchat.Request> = { tools: [{ name: "city", parameters: {} }], params: { stop: ["Bern"] } };
	const found = await whole(composed(upstream), payload);
	assert.equal(found.message.content, [text('Sure. <tool_call>{"name":"city","arguments":{"name":"')]);
	const events = await streamed(composed(upstream), payload);
	assert.equal(endOf(events).message, found.message);
	assert.is(upstream.cancelled, 1);
});

test.run();
