import { test } from "uvu";
import * as assert from "uvu/assert";
import { withoutField } from "../../../src/router/degradation/remove-field.ts";

const always = () => true;
const text = { type: "text", text: "hello" };
const audio = { type: "audio", audio: { source: { type: "stored", stored: "a" }, format: "wav" } };

test("an optional field is deleted, and the rest of the payload is shared", () => {
	const payload = { params: { seed: 1, top_p: 0.5 }, messages: [{ content: [text] }] };
	const left = withoutField(payload, "params.seed", always);
	assert.equal(left, { params: { top_p: 0.5 }, messages: [{ content: [text] }] });
	assert.is(Reflect.get(Object(left), "messages"), payload.messages);
	assert.equal(payload.params, { seed: 1, top_p: 0.5 });
});

test("a field of list items is deleted in each item that passes the test", () => {
	const payload = { tools: [{ strict: true }, { strict: false }, {}] };
	assert.equal(
		withoutField(payload, "tools.strict", (value) => value === true),
		{ tools: [{}, { strict: false }, {}] },
	);
});

test("a case of a variant is removed with its list item", () => {
	const payload = { messages: [{ content: [text, audio] }, { content: [text] }] };
	assert.equal(withoutField(payload, "messages.content.audio", always), { messages: [{ content: [text] }, { content: [text] }] });
});

test("a case of a variant is removed with the field that holds the variant", () => {
	const payload = { tool_choice: { type: "named", named: "f" }, tools: [] };
	assert.equal(withoutField(payload, "tool_choice.named", always), { tools: [] });
	assert.is(withoutField(payload, "tool_choice.required", always), payload);
});

test("a removed list is left empty", () => {
	assert.equal(withoutField({ tools: [{ name: "f" }] }, "tools", always), { tools: [] });
});

test("a part of a case is deleted, and the case stays", () => {
	const { format: _, ...others } = audio.audio;
	const payload = { messages: [{ content: [audio] }] };
	assert.equal(withoutField(payload, "messages.content.audio.format", always), {
		messages: [{ content: [{ type: "audio", audio: others }] }],
	});
});

test("nothing is returned if a list would lose all of its items", () => {
	assert.is(withoutField({ messages: [{ content: [audio] }, { content: [text] }] }, "messages.content.audio", always), undefined);
});

test("a payload without the field is returned itself", () => {
	const payload = { messages: [{ content: [text] }], bytes: new Uint8Array(3) };
	for (const path of ["messages.content.audio", "params.seed", "bytes.length"]) assert.is(withoutField(payload, path, always), payload);
});

test.run();
