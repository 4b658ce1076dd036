import * as assert from "uvu/assert";

interface SentCall {
	readonly id: string;
	readonly function: { readonly name: string; readonly arguments: string };
}

interface SentMessage {
	readonly role: string;
	readonly content: unknown;
	readonly refusal?: string;
	readonly tool_calls?: readonly SentCall[];
	readonly tool_call_id?: string;
}

/**
 * Checks that a request holds a conversation that strict servers accept. Each tool call has a unique id, an object as arguments, and its
 * result directly after it. No assistant message is empty.
 */
export function assertValidHistory(request: unknown): void {
	const { messages } = request as { readonly messages: readonly SentMessage[] };
	const text = JSON.stringify(messages);
	assert.ok(messages.length > 0, "the conversation is empty");
	const ids = new Set<string>();
	let open = new Set<string>();
	for (const { role, content, refusal, tool_calls = [], tool_call_id = "" } of messages) {
		if (role === "tool") {
			assert.ok(open.delete(tool_call_id), `a result answers no call: ${text}`);
			continue;
		}
		assert.is(open.size, 0, `a call has no result: ${text}`);
		if (role === "assistant" && tool_calls.length === 0)
			assert.ok((content !== null && content !== "") || refusal !== undefined, `an assistant message is empty: ${text}`);
		for (const call of tool_calls) {
			assert.not.ok(ids.has(call.id), `two calls have one id: ${text}`);
			ids.add(call.id);
			const args: unknown = JSON.parse(call.function.arguments);
			assert.ok(typeof args === "object" && args !== null && !Array.isArray(args), `arguments are no object: ${text}`);
		}
		open = new Set(tool_calls.map(({ id }) => id));
	}
	assert.is(open.size, 0, `a call has no result: ${text}`);
}
