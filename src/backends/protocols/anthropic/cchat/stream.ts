import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import type { StreamedChat } from "../../../kit/http/chat-stream.ts";
import { CollectedAnswer } from "../../../kit/http/collected-answer.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { laterUsage, usageOf } from "../usage.ts";
import { annotation, answerEnd, explanationOf, thinkingSeal } from "./answer.ts";
import { type StreamedBlock, StreamedOpaque } from "./streamed-block.ts";

/** Type of the event that ends a stream. */
export const LAST = "message_stop";

/** Collects the events of a stream. */
export class StreamedAnswer extends CollectedAnswer implements StreamedChat {
	/** Blocks that have not ended, by the upstream's index. */
	readonly #open = new Map<number, StreamedBlock>();
	/** Number of blocks that have started. */
	#started = 0;
	#message: JsonObject | undefined;
	#usage: JsonObject = {};
	#stopReason: string | undefined;
	#explanation: string | undefined;

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

	/** Yields the last events. */
	*complete(): Generator<cchat.Event, void, void> {
		if (this.#message === undefined) throw this.wrong("the stream ends without message_start");
		if (this.#stopReason === undefined) throw this.wrong("the stream ends without a stop_reason");
		for (const block of this.#open.values()) yield* this.#end(block); // Some proxies send no content_block_stop.
		const blocks = this.collector.blocks();
		if (this.#explanation !== undefined) blocks.push({ type: "refusal", text: this.#explanation });
		const end = answerEnd(this.#message, { stopReason: this.#stopReason, usage: this.usage, hasCalls: this.collector.hasCalls });
		yield this.completed(end, blocks);
	}

	*#add(type: string, event: JsonObject, data: string): Generator<cchat.Event, void, void> {
		switch (type) {
			case "message_start":
				if (!isObject(event.message)) throw this.wrong("message_start has no message", data);
				this.#message ??= event.message;
				this.#usage = laterUsage(this.#usage, event.message.usage);
				return;
			case "content_block_start":
				return yield* this.#begin(event, data);
			case "content_block_delta": {
				if (!isObject(event.delta)) throw this.wrong("content_block_delta has no delta", data);
				return yield* this.#addDelta(this.#opened(event, data), event.delta);
			}
			case "content_block_stop":
				yield* this.#end(this.#opened(event, data));
				this.#open.delete(countOf(event.index) ?? 0);
				return;
			case "message_delta":
				return yield* this.#addMessageDelta(event, data);
		}
	}

	*#begin(event: JsonObject, data: string): Generator<cchat.Event, void, void> {
		const { content_block: start } = event;
		const index = countOf(event.index);
		const type = isObject(start) ? textOf(start.type) : undefined;
		if (!isObject(start) || type === undefined || index === undefined) throw this.wrong("content_block_start has no block or index", data);
		if (this.#open.has(index)) throw this.wrong(`content block ${index} begins twice`, data);
		const key = this.#started++;
		const source = (): JsonSource | undefined => new JsonSource(data).member("content_block");
		if (type === "text" || type === "thinking") {
			const block: StreamedBlock = { key, type };
			this.#open.set(index, block);
			for (const citation of Array.isArray(start.citations) ? start.citations : []) this.collector.cite(key, annotation(citation));
			yield* this.#addDelta(block, start);
		} else if (type === "tool_use") {
			const name = textOf(start.name);
			if (name === undefined) throw this.wrong("a tool call has no name", data);
			const isEmpty = !isObject(start.input) || Object.keys(start.input).length === 0;
			this.#open.set(index, { key, type: "call", input: isEmpty ? "{}" : String(source()?.member("input")) });
			yield* this.collector.call(key, name, textOf(start.id));
		} else {
			this.collector.expectOpaque();
			const part = new StreamedOpaque(type, start, String(source()));
			this.#open.set(index, { key, type: "opaque", part });
			this.collector.opaque(part);
		}
	}

	/** Adds a delta of a block, or the start of a block, which has the same members. */
	*#addDelta(block: StreamedBlock, delta: JsonObject): Generator<cchat.Event, void, void> {
		const { key } = block;
		switch (block.type) {
			case "text":
				if (isObject(delta.citation)) this.collector.cite(key, annotation(delta.citation));
				return yield* this.collector.text(key, textOf(delta.text) ?? "");
			case "thinking": {
				const signature = textOf(delta.signature) ?? "";
				yield* this.collector.reasoning(key, textOf(delta.thinking) ?? "");
				if (signature !== "") this.collector.seal(key, thinkingSeal(signature)); // A signature arrives whole.
				return;
			}
			case "call":
				return yield* this.collector.callArguments(key, textOf(delta.partial_json) ?? "");
			case "opaque":
				block.part.add(delta);
		}
	}

	/** Ends a block. A call without pieces has the input of its start. */
	*#end(block: StreamedBlock): Generator<cchat.Event, void, void> {
		if (block.type === "call" && this.collector.argumentsOf(block.key) === "") yield* this.collector.callArguments(block.key, block.input);
	}

	*#addMessageDelta({ delta, usage }: JsonObject, data: string): Generator<cchat.Event, void, void> {
		if (!isObject(delta)) throw this.wrong("message_delta has no delta", data);
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

	/** Returns the open block that an event names. */
	#opened(event: JsonObject, data: string): StreamedBlock {
		const block = this.#open.get(countOf(event.index) ?? -1);
		if (block === undefined) throw this.wrong("an event names a content block that has not begun or has ended", data);
		return block;
	}
}
