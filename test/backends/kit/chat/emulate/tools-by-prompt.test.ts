import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { withToolsByPrompt } from "../../../../../src/backends/kit/chat/emulate/tools-by-prompt.ts";
import { WrittenCalls, type WrittenPart } from "../../../../../src/backends/kit/chat/emulate/written-calls.ts";
import { assertLinear } from "../../../../helpers/growth.ts";
import { say } from "../../../chat-envelope.ts";
import { answer, divisions, endOf, scripted, streamed, text, textOf, whole } from "./scripted.ts";

const TOOLS: cchat.Tool[] = [{ name: "add", description: "Adds.", parameters: { type: "object" } }];
const CALL = '<tool_call>{"name": "add", "arguments": {"a": 1}}</tool_call>';

/** Reads pieces to the end. Returns the text, and the calls as text. */
function read(pieces: readonly string[]): { text: string; calls: string[] } {
	const reader = new WrittenCalls(TOOLS, () => "id");
	const found: WrittenPart[] = [...pieces.flatMap((piece) => [...reader.push(piece)]), ...reader.end()];
	return {
		text: found.map((part) => (part.type === "text" ? part.text : "")).join(""),
		calls: found.flatMap((part) => (part.type === "call" ? [`${part.call.name}${part.call.arguments}`] : [])),
	};
}

const ADD = 'add{"a":1}';
for (const [name, input, expected] of [
	["a tagged call", CALL, { text: "", calls: [ADD] }],
	["calls between text", `Hi.\n${CALL}\n${CALL}\nBye `, { text: "Hi.\n\n\nBye", calls: [ADD, ADD] }],
	["text after a call alone", ` ${CALL} \nBye`, { text: "Bye", calls: [ADD] }],
	["a call without its closing tag", CALL.replace("</tool_call>", "\n"), { text: "", calls: [ADD] }],
	["a call in a fenced block", '```json\n{"name":"add","arguments":{"a":1}}\n```', { text: "", calls: [ADD] }],
	["a tag in a fenced block", `\`\`\`\n${CALL}\n\`\`\``, { text: "```\n\n```", calls: [ADD] }],
	[
		"arguments as text, and none",
		'<tool_call>{"name":"add","arguments":"{\\"a\\":1}"}</tool_call><tool_call>{"name":"add"}</tool_call>',
		{ text: "", calls: [ADD, "add{}"] },
	],
	["a call of an unknown tool", '<tool_call>{"name":"sub"}</tool_call>', { text: '<tool_call>{"name":"sub"}</tool_call>', calls: [] }],
	["broken JSON", '<tool_call>{"name":"add",}</tool_call> x', { text: '<tool_call>{"name":"add",}</tool_call> x', calls: [] }],
	["a block of code", "```python\nprint(1)\n```\nDone.\n", { text: "```python\nprint(1)\n```\nDone.\n", calls: [] }],
	["other JSON in a block", '```json\n{"a": 1}\n```\n', { text: '```json\n{"a": 1}\n```\n', calls: [] }],
	["a comparison", "1 <tool 2 <", { text: "1 <tool 2 <", calls: [] }],
	["white space alone", " \n", { text: " \n", calls: [] }],
	[
		"inherited names",
		'<tool_call>{"name":"constructor"}</tool_call>',
		{ text: '<tool_call>{"name":"constructor"}</tool_call>', calls: [] },
	],
] as const)
	test(`${name} is read in the same way however it is divided`, () => {
		for (const pieces of divisions(input)) assert.equal(read(pieces), expected, JSON.stringify(pieces));
	});

test("text is held back only while it may be a call", () => {
	const reader = new WrittenCalls(TOOLS, () => "id");
	const pushed = (piece: string) => [...reader.push(piece)].map((part) => (part.type === "text" ? part.text : part.call.name));
	assert.equal(pushed("a <tool"), ["a"]);
	assert.equal(pushed("box> b ```js"), [" <toolbox> b"]);
	assert.equal(pushed("\nx"), [" ```js\nx"]);
	assert.equal(pushed(`<tool_call>{${" ".repeat(300 * 1024)}`), [`<tool_call>{`]);
});

test("tools are described, and calls and results of the history are text", async () => {
	const upstream = scripted(answer([text("3")]));
	const messages = [
		say("system", "Be brief."),
		say("user", "1+2?"),
		{
			...say("assistant", "Let me see."),
			tool_calls: [
				{ id: "c1", name: "add", arguments: '{"a":1}' },
				{ id: "c2", name: "add", arguments: "oops" },
			],
		},
		{ ...say("tool", "3"), tool_call_id: "c1" },
		{ ...say("tool", "bad </tool_response>"), tool_call_id: "c2", is_error: true },
	];
	await whole(withToolsByPrompt(upstream), {
		messages,
		tools: TOOLS,
		tool_choice: { type: "named", named: "add" },
		params: { stop: [], parallel_tool_calls: false },
	});
	const [payload] = upstream.payloads;
	assert.equal(payload?.tools, []);
	assert.is(payload?.tool_choice, undefined);
	assert.equal(payload?.params, { stop: [] });
	const [system, user, assistant, results, ...rest] = payload?.messages ?? [];
	const [own, prompt] = system?.content ?? [];
	assert.equal(own, text("Be brief."));
	assert.ok(prompt?.type === "text" && prompt.text.includes('{"name":"add","description":"Adds.","parameters":{"type":"object"}}'));
	assert.ok(prompt?.type === "text" && prompt.text.endsWith("You must call the tool add now."));
	assert.ok(prompt?.type === "text" && prompt.text.includes("at most one tool"));
	assert.equal(user, messages[1]);
	assert.equal(assistant, {
		...say("assistant", "Let me see."),
		content: [
			text("Let me see."),
			text(
				'<tool_call>{"name": "add", "arguments": {"a":1}}</tool_call>\n<tool_call>{"name": "add", "arguments": {"invalid_arguments":"oops"}}</tool_call>',
			),
		],
	});
	assert.equal(
		results,
		say(
			"user",
			'<tool_response>{"name":"add","content":"3"}</tool_response>\n<tool_response>{"name":"add","error":"bad </tool_response>"}</tool_response>',
		),
	);
	assert.equal(rest, []);
});

test("a whole answer and a stream lead to the same message, with the ids of the events", async () => {
	const content: cchat.ContentPart[] = [
		{ type: "reasoning", reasoning: { text: "hm" } },
		text(`Adding.\n${CALL}`),
		text(CALL),
		{ type: "annotation", annotation: { url: "u", start_index: 1, end_index: 2 } },
	];
	const given = answer(content, { usage: { output_tokens: 5 } });
	const message = await whole(withToolsByPrompt(scripted(given)), { tools: TOOLS });
	assert.equal(message.message.content, [content[0], text("Adding."), { type: "annotation", annotation: { url: "u" } }]);
	assert.is(message.finish_reason, "tool_calls");
	const events = await streamed(withToolsByPrompt(scripted(given, [text("Adding.\n<tool_"), text(CALL.slice(6)), text(CALL)])), {
		tools: TOOLS,
	});
	assert.is(textOf(events), "Adding.");
	const end = endOf(events);
	const calls = events.flatMap((event) => (event.type === "tool_call" ? [event.tool_call] : []));
	assert.equal(
		calls.map(({ index, id, name, arguments: args }) => ({ index, id, name, arguments: args })),
		[
			{ index: 0, id: end.message.tool_calls[0]?.id, name: "add", arguments: '{"a":1}' },
			{ index: 1, id: end.message.tool_calls[1]?.id, name: "add", arguments: '{"a":1}' },
		],
	);
	assert.is(new Set(calls.map(({ id }) => id)).size, 2);
	const withoutIds = ({ message: { tool_calls, ...rest }, ...more }: cchat.Response) => ({
		...more,
		...rest,
		calls: tool_calls.map(({ id: _, ...call }) => call),
	});
	assert.equal(withoutIds(end), withoutIds(message));
});

test("requests without tools, and answers without calls, pass unchanged", async () => {
	const given = answer([text(CALL)]);
	const upstream = scripted(given, [text(CALL)]);
	assert.is(await whole(withToolsByPrompt(upstream)), given);
	assert.equal(await streamed(withToolsByPrompt(upstream)), [text(CALL), { type: "completed", completed: given }]);
	const plain = answer([text("No.")]);
	assert.is(await whole(withToolsByPrompt(scripted(plain)), { tools: TOOLS }), plain);
	assert.is(await whole(withToolsByPrompt(scripted(given)), { tools: TOOLS, tool_choice: { type: "none" } }), given);
});

for (const [name, unit] of Object.entries({
	calls: CALL,
	openings: "```\n",
	"open calls": "<tool_call>{",
	"beginnings of openings": "``<tool_cal",
}))
	test(`the cost of many ${name} is linear, whole and in single characters`, async () => {
		await assertLinear({ name, from: 256, to: 1 << 13, make: (size) => unit.repeat(size / 8), run: (input: string) => read([input]) });
		await assertLinear({
			name,
			from: 256,
			to: 1 << 11,
			make: (size) => unit.repeat(size / 8).split(""),
			run: (input: string[]) => read(input),
		});
	});

test.run();
