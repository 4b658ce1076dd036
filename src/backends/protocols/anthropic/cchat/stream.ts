import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { type AnswerContext, chatResponse } from "../../../kit/chat/answer.ts";
import { MAX_OPAQUE_PARTS } from "../../../kit/chat/part-bounds.ts";
import type { StreamedChat } from "../../../kit/http/chat-stream.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { laterUsage, usageOf } from "../usage.ts";
import { answerEnd, explanationOf } from "./answer.ts";
import { type StreamedBlock, StreamedCall, StreamedOpaque, StreamedText, StreamedThinking } from "./streamed-block.ts";

/** Type of the event that ends a stream. */
export const LAST = "message_stop";

/** Collects the events of a stream. */
export class StreamedAnswer implements StreamedChat {
	readonly #exchange: Exchange;
	readonly #context: AnswerContext;
	/** Every block, in the order of their beginnings. */
	readonly #blocks: StreamedBlock[] = [];
	/** Blocks that have not ended, by the upstream's index. */
	readonly #open = new Map<number, StreamedBlock>();
	#calls = 0;
	#opaqueBlocks = 0;
	#message: JsonObject | undefined;
	#usage: JsonObject = {};
	#stopReason: string | undefined;
	#explanation: string | undefined;

	constructor(exchange: Exchange, context: AnswerContext) {
		this.#exchange = exchange;
		this.#context = context;
	}

	/** The usage so far. */
	get usage(): types.Usage | undefined {
		return usageOf(this.#usage);
	}

	/**
	 * Adds an event. Yields the events that it causes. Events of unknown types cause none, because the API may add types. Returns true for the
	 * last.
	 */
	*add(value: JsonObject, { data, event }: StreamedEvent): Generator<cchat.Event, boolean, void> {
		const type = textOf(value.type) ?? event ?? "";
		if (type !== LAST) yield* this.#add(type, value, data);
		return type === LAST;
	}

	*#add(type: string, event: JsonObject, data: string): Generator<cchat.Event, void, void> {
		switch (type) {
			case "message_start":
				if (!isObject(event.message)) throw this.#wrong("message_start has no message", data);
				this.#message ??= event.message;
				this.#usage = laterUsage(this.#usage, event.message.usage);
				return;
			case "content_block_start":
				return yield* this.#begin(event, data);
			case "content_block_delta": {
				if (!isObject(event.delta)) throw this.#wrong("content_block_delta has no delta", data);
				return yield* this.#opened(event, data).add(event.delta);
			}
			case "content_block_stop":
				yield* this.#opened(event, data).end();
				this.#open.delete(countOf(event.index) ?? 0);
				return;
			case "message_delta":
				return yield* this.#addDelta(event, data);
		}
	}

	/** Yields the last events. */
	*complete(): Generator<cchat.Event, void, void> {
		if (this.#message === undefined) throw this.#wrong("the stream ends without message_start");
		if (this.#stopReason === undefined) throw this.#wrong("the stream ends without a stop_reason");
		for (const block of this.#open.values()) yield* block.end(); // Some proxies send no content_block_stop.
		const blocks = this.#blocks.flatMap((block) => block.block() ?? []);
		if (this.#explanation !== undefined) blocks.push({ type: "refusal", text: this.#explanation });
		const end = answerEnd(this.#message, { stopReason: this.#stopReason, usage: this.usage, hasCalls: this.#calls > 0 });
		yield { type: "completed", completed: chatResponse(blocks, end, this.#context, (what) => this.#wrong(what)) };
	}

	*#begin(event: JsonObject, data: string): Generator<cchat.Event, void, void> {
		const { content_block: start } = event;
		const index = countOf(event.index);
		const type = isObject(start) ? textOf(start.type) : undefined;
		if (!isObject(start) || type === undefined || index === undefined) throw this.#wrong("content_block_start has no block or index", data);
		if (this.#open.has(index)) throw this.#wrong(`content block ${index} begins twice`, data);
		const keep = <B extends StreamedBlock>(block: B): B => {
			this.#blocks.push(block);
			this.#open.set(index, block);
			return block;
		};
		const json = (): JsonSource | undefined => new JsonSource(data).member("content_block");
		if (type === "text") yield* keep(new StreamedText(start)).add(start);
		else if (type === "thinking") yield* keep(new StreamedThinking()).add(start);
		else if (type === "tool_use") {
			const name = textOf(start.name);
			if (name === undefined) throw this.#wrong("a tool call has no name", data);
			yield* keep(new StreamedCall(this.#calls++, name, start, { ids: this.#context.ids, json })).start();
		} else {
			// Too many are refused before they are read, because each costs a copy.
			if (++this.#opaqueBlocks > MAX_OPAQUE_PARTS)
				throw this.#wrong(`it has more than ${MAX_OPAQUE_PARTS} blocks that only its provider understands`);
			keep(new StreamedOpaque(type, start, String(json())));
		}
	}

	*#addDelta({ delta, usage }: JsonObject, data: string): Generator<cchat.Event, void, void> {
		if (!isObject(delta)) throw this.#wrong("message_delta has no delta", data);
		this.#stopReason = textOf(delta.stop_reason) ?? this.#stopReason;
		const explanation = explanationOf(delta.stop_details);
		if (explanation !== undefined && this.#explanation === undefined) {
			this.#explanation = explanation;
			yield { type: "refusal", refusal: explanation };
		}
		this.#usage = laterUsage(this.#usage, usage);
		const total = this.usage;
		if (total !== undefined) yield { type: "usage", usage: total };
	}

	#opened(event: JsonObject, data: string): StreamedBlock {
		const block = this.#open.get(countOf(event.index) ?? -1);
		if (block === undefined) throw this.#wrong("an event names a content block that has not begun or has ended", data);
		return block;
	}

	#wrong(what: string, detail = ""): Error {
		return malformedError(this.#exchange, what, detail);
	}
}
