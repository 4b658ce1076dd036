/** Cost of what a guest sends, in its size: conversion from WIT, sessions, validation, normalization, and the answer's way back. */
import { test } from "uvu";
import { messageFromIr, requestToIr } from "../../generated/abi/component/convert/cchat.ts";
import { mapList, parseJsonObject } from "../../generated/abi/component/convert/runtime.ts";
import { callOptionsToIr } from "../../generated/abi/component/convert/types.ts";
import type * as wit from "../../generated/abi/component/wit/cchat.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { JsonValue } from "../../generated/ir/json.ts";
import { createCchat } from "../../src/hostcall/cchat.ts";
import { CchatSession } from "../../src/hostcall/cchat-session.ts";
import { createEmb } from "../../src/hostcall/emb.ts";
import { createLog } from "../../src/hostcall/log.ts";
import { createTransform } from "../../src/hostcall/transform.ts";
import { createTts } from "../../src/hostcall/tts.ts";
import { chatRequest, message } from "../helpers/chat.ts";
import { assertLinear, type GrowthCase } from "../helpers/growth.ts";
import { scriptedScope } from "../helpers/guest-scope.ts";
import { stubScope } from "../helpers/stub-scope.ts";

const scope = stubScope();
const many = <T>(size: number, make: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => make(index));
const tool = (index: number): cchat.Tool => ({ name: `t${index}`, parameters: { type: "object" } });
const call = (index: number): cchat.ToolCall => ({ id: `c${index}`, name: "t0", arguments: "{}" });
const asking = (size: number): cchat.Message => ({ role: "assistant", content: [], tool_calls: many(size, call) });
const result = (index: number): cchat.Message => ({ ...message("tool", "r"), tool_call_id: `c${index}` });
const sessionOf = (request: Partial<cchat.Request> = {}): CchatSession =>
	new CchatSession(scriptedScope([]), chatRequest({ messages: [], ...request }), undefined);

/** Tries an action that the host refuses. */
function refused(act: () => unknown): void {
	try {
		act();
	} catch {
		// The refusal costs what is measured.
	}
}

const SESSIONS: readonly GrowthCase[] = [
	{
		name: "messages that are written to a session",
		make: (size) => size,
		run: (size: number) => {
			const session = sessionOf();
			for (let each = 0; each < size; each++) session.writeMessage(message("user", "a"));
		},
	},
	{
		name: "tools that are registered twice in a session",
		make: (size) => many(size, tool),
		run: (tools: cchat.Tool[]) => {
			const session = sessionOf();
			for (const each of [...tools, ...tools]) session.registerTool(each);
		},
	},
	{
		name: "results of the tool calls of a session",
		make: (size) => chatRequest({ messages: [message("user", "a"), asking(size)] }),
		run: (request: cchat.Request) => {
			const session = sessionOf(request);
			for (const { id } of request.messages[1]?.tool_calls ?? []) session.writeToolResult({ call_id: id, output: "r", is_error: false });
		},
	},
	{
		name: "messages that a session refuses because tool calls are open",
		make: (size) => chatRequest({ messages: [message("user", "a"), asking(size)] }),
		run: (request: cchat.Request) => {
			const session = sessionOf(request);
			for (const _ of request.messages[1]?.tool_calls ?? []) refused(() => session.writeMessage(message("user", "a")));
		},
	},
];

const chat = (messages: readonly cchat.Message[], more: Partial<cchat.Request> = {}): cchat.Request =>
	chatRequest({ messages: [...messages], ...more });
const complete = (request: cchat.Request): unknown => createCchat(scope).complete(request, undefined);
const wireMessage = { role: "user", content: [{ type: "text", text: "a" }], tool_calls: [] };
const witPart: wit.ContentPart = { tag: "text", val: "a" };

const CALLS: readonly GrowthCase[] = [
	{ name: "a chat of many messages", make: (size) => chat(many(size, () => message("user", "a"))), run: complete, from: 1 << 10 },
	{
		name: "a chat of many parts",
		make: (size) => chat([{ role: "user", content: many(size, () => ({ type: "text", text: "a" })), tool_calls: [] }]),
		run: complete,
	},
	{ name: "a chat of many tools", make: (size) => chat([message("user", "a")], { tools: many(size, tool) }), run: complete, from: 1 << 11 },
	{
		name: "a chat of many tool calls and results",
		make: (size) => chat([message("user", "a"), asking(size), ...many(size, result)]),
		run: complete,
		from: 1 << 10,
	},
	{
		name: "JSON of a chat of many messages",
		make: (size) => ({ messages: many(size, () => wireMessage), tools: [] }),
		run: (payload: JsonValue) => createTransform(scope).call("chat_completions", payload, undefined),
	},
	{
		name: "many texts",
		make: (size) => many(size, () => "a"),
		run: (input: string[]) => createEmb(scope).embed({ input }, undefined),
		from: 128,
	},
	{
		name: "speech of SSML",
		make: (size) => `<speak>${'<break time="1ms"/>'.repeat(size)}</speak>`,
		run: (input: string) => createTts(scope).synthesize({ input: { type: "ssml", ssml: input } }, undefined),
	},
	{
		name: "log fields",
		make: (size) => many(size, () => ({ key: "", value: "" })),
		run: (fields: { key: string; value: string }[]) => createLog(scriptedScope([])).log("info", "a", fields),
	},
	{
		name: "a request from WIT and its messages back",
		make: (size): wit.Request => ({ messages: many(size, () => ({ role: "user", content: [witPart, witPart] })) }),
		run: (request: wit.Request) => mapList(requestToIr(request).messages, "messages", messageFromIr),
		from: 1 << 12,
	},
	{
		name: "options from WIT with much JSON",
		make: (size) => JSON.stringify(Object.fromEntries(many(size, (index) => [`m${index}`, [index]]))),
		run: (text: string) => [callOptionsToIr({ providerOptions: text }), parseJsonObject(text, "")],
	},
];

for (const each of SESSIONS) test(`${each.name} have a cost that grows linearly`, () => assertLinear({ from: 512, to: 1 << 12, ...each }));
for (const each of CALLS) test(`${each.name}: the cost grows linearly`, () => assertLinear({ from: 256, to: 1 << 12, ...each }));

test.run();
