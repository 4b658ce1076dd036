import type * as cchat from "../../../generated/ir/cchat.ts";
import type { SseDialect, SseEvent } from "../openai/sse.ts";
import { errorBody } from "./errors.ts";
import { detailsBlocks, ending, messageId, messageSpear, messagesUsage } from "./response.ts";

/** Block that is open. Blocks follow each other: a block ends before the next one starts. */
interface OpenBlock {
	readonly type: "text" | "thinking" | "tool_use";
	/** Index of the call. */
	readonly call?: number;
}

/**
 * Makes events of Messages of the events of an answer. The first call stays open until the end, because its pieces may come between others:
 * further calls, and text after a call, are sent after it.
 */
export class MessageEvents implements SseDialect<cchat.Event> {
	readonly #requestId: string;
	readonly #model: string;
	#hasStarted = false;
	#blocks = 0;
	#open: OpenBlock | undefined;
	/** Number of characters of the first call's arguments that were sent. */
	#sent = 0;
	/** Text and reasoning after the first call. */
	readonly #held: { readonly type: "text" | "thinking"; readonly delta: object }[] = [];

	constructor(requestId: string, model: string) {
		this.#requestId = requestId;
		this.#model = model;
	}

	*events(event: cchat.Event): Generator<SseEvent, void, void> {
		if (!this.#hasStarted) yield this.#start();
		if (event.type === "text") yield* this.#delta("text", { type: "text_delta", text: event.text });
		else if (event.type === "refusal") yield* this.#delta("text", { type: "text_delta", text: event.refusal });
		else if (event.type === "reasoning") yield* this.#delta("thinking", { type: "thinking_delta", thinking: event.reasoning });
		else if (event.type === "tool_call") yield* this.#call(event.tool_call);
		else if (event.type === "completed") yield* this.#end(event.completed);
	}

	failed(thrown: unknown): SseEvent[] {
		return [named("error", errorBody(thrown, this.#requestId))];
	}

	#start(): SseEvent {
		this.#hasStarted = true;
		const message = { id: messageId(this.#requestId), type: "message", role: "assistant", model: this.#model, content: [] };
		return named("message_start", { message: { ...message, stop_reason: null, stop_sequence: null, usage: messagesUsage({}) } });
	}

	*#delta(type: "text" | "thinking", delta: object): Generator<SseEvent, void, void> {
		if (this.#open?.type === "tool_use") {
			this.#held.push({ type, delta });
			return;
		}
		if (this.#open?.type !== type)
			yield* this.#begin({ type }, type === "text" ? { type, text: "", citations: null } : { type, thinking: "", signature: "" });
		yield named("content_block_delta", { index: this.#blocks - 1, delta });
	}

	*#call({ index, id, name, arguments: args }: cchat.ToolCallDelta): Generator<SseEvent, void, void> {
		if (this.#open?.type !== "tool_use") {
			if (id === undefined || name === undefined) return;
			yield* this.#begin({ type: "tool_use", call: index }, { type: "tool_use", id, name, input: {} });
		}
		if (this.#open?.call !== index || args === "") return;
		this.#sent += args.length;
		yield this.#input(args);
	}

	#input(partial_json: string): SseEvent {
		return named("content_block_delta", { index: this.#blocks - 1, delta: { type: "input_json_delta", partial_json } });
	}

	*#begin(block: OpenBlock, content_block: object): Generator<SseEvent, void, void> {
		yield* this.#stop();
		this.#open = block;
		yield named("content_block_start", { index: this.#blocks++, content_block });
	}

	*#stop(): Generator<SseEvent, void, void> {
		if (this.#open !== undefined) yield named("content_block_stop", { index: this.#blocks - 1 });
		this.#open = undefined;
	}

	*#end(response: cchat.Response): Generator<SseEvent, void, void> {
		const calls = response.message.tool_calls;
		const first = this.#open?.call;
		const rest = first === undefined ? "" : (calls[first]?.arguments.slice(this.#sent) ?? "");
		if (rest !== "") yield this.#input(rest);
		for (const [index, { id, name, arguments: args }] of calls.entries()) {
			if (index === first) continue;
			yield* this.#begin({ type: "tool_use", call: index }, { type: "tool_use", id, name, input: {} });
			if (args !== "") yield this.#input(args);
		}
		yield* this.#stop();
		for (const { type, delta } of this.#held) yield* this.#delta(type, delta);
		yield* this.#stop();
		for (const block of detailsBlocks(response)) {
			yield named("content_block_start", { index: this.#blocks, content_block: block });
			yield named("content_block_stop", { index: this.#blocks++ });
		}
		yield named("message_delta", { delta: ending(response), usage: messagesUsage(response.usage ?? {}), ...messageSpear(response) });
		yield named("message_stop", {});
	}
}

function named(event: string, members: object): SseEvent {
	return { event, data: JSON.stringify({ type: event, ...members }) };
}
