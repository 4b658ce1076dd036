import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import type { OpaqueBlock } from "../../../kit/chat/answer.ts";
import { finishReasonOf } from "../../../kit/chat/finish-reason.ts";
import type { StreamedChat } from "../../../kit/http/chat-stream.ts";
import { CollectedAnswer } from "../../../kit/http/collected-answer.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { usageOf } from "../usage.ts";
import { DONE_REASONS } from "./done-reason.ts";

/**
 * The line that ends a stream. Only members with a word or a number may follow `done`, so that neither text of a model nor arguments of a
 * call can match. A last line of another form ends the stream too, but closes the connection.
 */
export const LAST_LINE: RegExp =
	/"done"\s{0,9}:\s{0,9}true(?:\s{0,9},\s{0,9}"\w{1,40}"\s{0,9}:\s{0,9}(?:"[\w-]{0,40}"|\d{1,20})){0,12}\s{0,9}\}\s{0,9}$/;

/** Marks reasoning, so that it returns only to the provider that sent it. The API itself seals nothing. */
const SEAL: OpaqueBlock = { kind: "thinking", json: '{"type":"thinking"}' };

/** Collects the lines of a stream. A whole answer has the form of one line. */
export class StreamedAnswer extends CollectedAnswer implements StreamedChat {
	#calls = 0;
	/** The last line. */
	#end: JsonObject | undefined;
	usage: types.Usage | undefined;

	/** Adds a line. Yields the events that it causes. Returns true for the last. */
	*add(value: JsonObject, { data }: Pick<StreamedEvent, "data">): Generator<cchat.Event, boolean, void> {
		const { message } = value;
		if (isObject(message)) yield* this.#addMessage(message, data);
		else if (message !== undefined) throw this.wrong("message is not an object", data);
		if (value.done !== true) return false;
		this.#end = value;
		this.usage = usageOf(value);
		if (this.usage !== undefined) yield { type: "usage", usage: this.usage };
		return true;
	}

	/** Yields the last event. */
	*complete(): Generator<cchat.Event, void, void> {
		if (this.#end === undefined) throw this.wrong("done is not true");
		yield* this.collector.emptyArguments();
		if (this.collector.has("thinking")) this.collector.seal("thinking", SEAL);
		const { hasCalls } = this.collector;
		const end = {
			model: textOf(this.#end.model),
			// Servers before 0.1.33 send no reason.
			finishReason: finishReasonOf(DONE_REASONS, textOf(this.#end.done_reason) ?? "stop", hasCalls),
			usage: this.usage,
		};
		// Reasoning comes first, as in a whole answer.
		const blocks = this.collector.blocks().sort((a, b) => Number(b.type === "reasoning") - Number(a.type === "reasoning"));
		yield this.completed(end, blocks);
	}

	*#addMessage({ content, thinking, tool_calls }: JsonObject, data: string): Generator<cchat.Event, void, void> {
		const thought = textOf(thinking);
		if (thought !== undefined) yield* this.collector.reasoning("thinking", thought);
		const text = textOf(content);
		if (text !== undefined) yield* this.collector.text("content", text);
		else if (typeof (content ?? "") !== "string") throw this.wrong("message.content is not a string", data);
		if (tool_calls === undefined || tool_calls === null) return;
		if (!Array.isArray(tool_calls)) throw this.wrong("message.tool_calls is not a list", data);
		const source = new JsonSource(data).member("message")?.member("tool_calls"); // Remembers the items that it has read.
		for (const [index, call] of tool_calls.entries()) yield* this.#addCall(call, source?.item(index), data);
	}

	/** Adds a call, which arrives whole. The index of a call is ignored, because servers count the calls of one line only. */
	*#addCall(call: unknown, source: JsonSource | undefined, data: string): Generator<cchat.Event, void, void> {
		const called = isObject(call) ? call.function : undefined;
		const name = isObject(called) ? textOf(called.name) : undefined;
		if (!isObject(call) || !isObject(called) || name === undefined) throw this.wrong("a tool call has no name", data);
		const { arguments: args = null } = called;
		// Some proxies send the arguments as text.
		if (args !== null && !isObject(args) && typeof args !== "string")
			throw this.wrong("the arguments of a tool call are not an object", data);
		const key = `call ${this.#calls++}`;
		yield* this.collector.call(key, name, textOf(call.id));
		const text = typeof args === "string" ? args : isObject(args) ? String(source?.member("function")?.member("arguments")) : "";
		yield* this.collector.callArguments(key, text);
	}
}
