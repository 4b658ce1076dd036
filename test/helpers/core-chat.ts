import type { Chat } from "../../generated/hostcall/core/chat.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { JsonObject, JsonValue } from "../../generated/ir/json.ts";
import { createChat } from "../../src/hostcall/core/chat/chat.ts";
import type { CoreScope } from "../../src/hostcall/core/core-scope.ts";
import { FdTable } from "../../src/hostcall/core/fd-table.ts";
import type { GuestFunctions, ToolCall } from "../../src/hostcall/core/guest-functions.ts";

/** Time of the tests' answers: 2023-11-14T22:13:20Z. */
export const WALL_CLOCK_MS = 1_700_000_000_000;

/** A function of the guest: returns its output, or its return code. */
export type GuestTool = (input: string, call: ToolCall) => string | Uint8Array | number | Promise<string | Uint8Array | number>;

export interface CoreChat {
	readonly chat: Chat;
	readonly fds: FdTable;
	/** Calls of the guest's functions, oldest first. */
	readonly called: ToolCall[];
	/** Opens a session with one message of the user, and sets parameters. */
	open(params?: Readonly<Record<string, JsonValue>>, text?: string): number;
	/** Sends a session and returns the body of its response. */
	send(session: number, flags?: number): Promise<JsonObject>;
}

/** Creates the chat of a core module whose table has functions by index. */
export function coreChat(scope: CoreScope, functions: Readonly<Record<number, GuestTool>> = {}): CoreChat {
	const fds = new FdTable(scope.limits.maxHandles);
	const called: ToolCall[] = [];
	const guest: GuestFunctions = {
		async callTool(call) {
			called.push(call);
			const result = await functions[call.index]?.(new TextDecoder().decode(call.input), call);
			if (typeof result === "number" || result === undefined) return { code: result ?? -5 };
			return { output: typeof result === "string" ? new TextEncoder().encode(result) : result };
		},
	};
	const chat = createChat(scope, fds, guest, () => WALL_CLOCK_MS);
	return {
		chat,
		fds,
		called,
		open(params = {}, text = "hello") {
			const session = chat.create();
			chat.writeMessage(session, "user", text);
			for (const [key, value] of Object.entries(params)) chat.setParam(session, { key, value });
			return session;
		},
		send: async (session, flags = 0) => bodyOf(chat, await chat.send(session, flags)),
	};
}

/** Returns the body of a response. */
export function bodyOf(chat: Chat, response: number): JsonObject {
	const body = chat.receive(response);
	if (typeof body === "number") throw new Error(`the response ${response} has no body: ${body}`);
	return JSON.parse(new TextDecoder().decode(body));
}

/** Returns a model's answer that calls tools, by name and arguments. */
export function toolCalls(...calls: readonly (readonly [name: string, args: string])[]): cchat.Response {
	const tool_calls = calls.map(([name, args], index) => ({ id: `c${index}`, name, arguments: args }));
	return { model: "m", message: { role: "assistant", content: [], tool_calls }, finish_reason: "tool_calls" };
}

/** Returns a tool in OpenAI's form. */
export function toolDefinition(name: string): string {
	return JSON.stringify({ type: "function", function: { name, description: "adds", parameters: { type: "object" } } });
}
