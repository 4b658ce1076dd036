import { test } from "uvu";
import * as assert from "uvu/assert";
import { SendFlags } from "../../../../generated/hostcall/core/chat.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import type { CallOptions } from "../../../../generated/ir/types.ts";
import { createCchat } from "../../../../src/hostcall/cchat.ts";
import { systemClock } from "../../../../src/time/clock.ts";
import { message } from "../../../helpers/chat.ts";
import { coreChat } from "../../../helpers/core-chat.ts";
import { stubScope } from "../../../helpers/stub-scope.ts";

/** The key of a conversation is random. */
const KEY = /"session_key":"conversation [0-9a-f-]{36}"/;

function withoutKeys(requests: readonly string[]): string[] {
	return requests.map((request) => {
		assert.match(request, KEY);
		return request.replace(KEY, '"session_key":"…"');
	});
}

const PARAMETERS = { type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } } };
const SUM: cchat.Tool = { name: "sum", parameters: PARAMETERS, description: "Adds two numbers.", strict: false };
const QUESTION = 'call sum {"a":7,"b":35}';

test("a conversation of a component and of a core module are the same requests", async () => {
	const component = stubScope();
	const options: CallOptions = { routing: { allowlist: [], denylist: [], preferred: [], backend: "stub" }, timeout_ms: 9_000 };
	const initial: cchat.Request = {
		model: "stub-chat",
		messages: [],
		tools: [SUM],
		tool_choice: { type: "auto" },
		params: { stop: ["END"], temperature: 0.5, max_output_tokens: 100, seed: 3 },
	};
	const session = createCchat(component).session.open(initial, options);
	session.writeMessage(message("system", "Be brief."));
	session.writeMessage(message("user", QUESTION));
	const asked = await session.send();
	const [call] = asked.message.tool_calls;
	assert.is(call?.name, "sum");
	session.writeToolResult({ call_id: call?.id ?? "", output: '{"sum":42}', is_error: false });
	await session.send();
	session.writeMessage(message("user", "Thank you."));
	await session.send();

	const core = stubScope();
	const { chat, send } = coreChat({ ...core, clock: systemClock }, { 7: () => '{"sum":42}' });
	const fd = chat.create();
	const params: Record<string, JsonValue> = {
		seed: 3,
		stop: "END",
		max_tokens: 100,
		temperature: 0.5,
		tool_choice: "auto",
		timeout_ms: 9_000,
		backend: "stub",
		model: "stub-chat",
	};
	for (const [key, value] of Object.entries(params)) chat.setParam(fd, { key, value });
	const { name, description, parameters, strict } = SUM;
	chat.writeFunction(fd, 7, JSON.stringify({ type: "function", function: { strict, parameters, description, name } }));
	chat.writeMessage(fd, "system", "Be brief.");
	chat.writeMessage(fd, "user", QUESTION);
	await send(fd, SendFlags.autoToolCalls);
	chat.writeMessage(fd, "user", "Thank you.");
	await send(fd, SendFlags.autoToolCalls);

	assert.is(component.requests.length, 3);
	assert.equal(withoutKeys(core.requests), withoutKeys(component.requests));
});

test("a failed tool is the same request, too", async () => {
	const failure = '{"error":{"code":"tool_exec_failed","message":"tool rc: -5"}}';
	const component = stubScope();
	const session = createCchat(component).session.open({ messages: [message("user", QUESTION)], tools: [SUM] }, undefined);
	const asked = await session.send();
	session.writeToolResult({ call_id: asked.message.tool_calls[0]?.id ?? "", output: failure, is_error: true });
	await session.send();

	const core = stubScope();
	const { chat, send, open } = coreChat({ ...core, clock: systemClock }, { 7: () => -5 });
	const fd = open({}, QUESTION);
	chat.writeFunction(fd, 7, JSON.stringify({ type: "function", function: SUM }));
	await send(fd, SendFlags.autoToolCalls);
	assert.is(core.requests.length, 2);
	assert.equal(withoutKeys(core.requests), withoutKeys(component.requests));
});

test("the rules of conversations are error bodies of the real pipeline", async () => {
	const scope = stubScope();
	const { chat, send, open } = coreChat({ ...scope, clock: systemClock });
	const refusalOf = async (fd: number): Promise<unknown> => (await send(fd)).error;
	const refused = (text: string) => ({ code: "invalid_request", message: `Invalid request: ${text}` });

	assert.equal(await refusalOf(chat.create()), refused("messages: must contain at least one message"));
	const result = open();
	chat.writeMessage(result, "tool", "42");
	assert.equal(await refusalOf(result), refused("messages[1].tool_call_id: is required in a tool message"));
	const odd = open();
	chat.writeFunction(odd, 1, '{"name":"file.read ☃"}');
	assert.match(String(((await refusalOf(odd)) as { message: string }).message), /^Invalid request: tools\[0\]\.name: must match pattern/);
	const nowhere = open({ backend: "nowhere" });
	assert.match(
		String(((await refusalOf(nowhere)) as { message: string }).message),
		/^Operation not supported: no candidate backend: no backend can serve/,
	);
});

test.run();
