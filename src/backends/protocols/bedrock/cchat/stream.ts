import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import type { StreamedChat } from "../../../kit/http/chat-stream.ts";
import { CollectedAnswer } from "../../../kit/http/collected-answer.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { usageOf } from "../usage.ts";
import { annotation, answerEnd } from "./answer.ts";
import { sealedReasoning } from "./opaque.ts";

/** Name of the event with the usage, which follows `messageStop`. Others may follow, so that the stream ends with its body. */
export const LAST = "metadata";

/**
 * Collects the events of a stream.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export class StreamedAnswer extends CollectedAnswer implements StreamedChat {
	/** Signatures and encrypted bytes of the reasoning so far, by the index of the block. */
	readonly #signatures = new Map<number, string>();
	readonly #redacted = new Map<number, Buffer[]>();
	/** Indexes of tool calls. */
	readonly #calls = new Set<number>();
	/** Indexes of calls that the upstream carries out itself. */
	readonly #foreign = new Set<number>();
	#usage: types.Usage | undefined;
	#stopReason: string | undefined;

	get usage(): types.Usage | undefined {
		return this.#usage;
	}

	get isWhole(): boolean {
		return this.#stopReason !== undefined && this.#usage !== undefined;
	}

	/** Adds an event. Events of unknown types cause none, because the API may add types. The stream ends with its body. */
	*add(value: JsonObject, { event, data }: StreamedEvent): Generator<cchat.Event, boolean, void> {
		if (event === "contentBlockStart") yield* this.#start(value, data);
		else if (event === "contentBlockDelta") yield* this.#addDelta(value, data);
		else if (event === "contentBlockStop") yield* this.#stop(this.#keyOf(value, data));
		else if (event === "messageStop") {
			this.#stopReason = textOf(value.stopReason);
			if (this.#stopReason === undefined) throw this.wrong("messageStop has no stopReason", data);
		} else if (event === LAST) yield* this.#addUsage(value.usage);
		return false;
	}

	*complete(): Generator<cchat.Event, void, void> {
		for (const [key, signature] of this.#signatures)
			this.collector.seal(key, { kind: sealedReasoning({ reasoningText: {} }).kind, json: (text) => signed(text, signature) });
		for (const [key, bytes] of this.#redacted)
			this.collector.seal(key, sealedReasoning({ redactedContent: Buffer.concat(bytes).toString("base64") }));
		yield* this.collector.emptyArguments();
		const end = answerEnd(this.#stopReason ?? "", this.collector.hasCalls, this.#usage);
		yield this.completed(end);
	}

	*#start(value: JsonObject, data: string): Generator<cchat.Event, void, void> {
		const key = this.#keyOf(value, data);
		const toolUse = isObject(value.start) ? value.start.toolUse : undefined;
		if (!isObject(toolUse)) return;
		if (toolUse.type !== undefined) {
			this.#foreign.add(key);
			return;
		}
		const name = textOf(toolUse.name);
		if (name === undefined) throw this.wrong("a tool call has no name", data);
		this.#calls.add(key);
		yield* this.collector.call(key, name, textOf(toolUse.toolUseId));
	}

	*#addDelta(value: JsonObject, data: string): Generator<cchat.Event, void, void> {
		const key = this.#keyOf(value, data);
		const { delta } = value;
		if (!isObject(delta)) throw this.wrong("contentBlockDelta has no delta", data);
		if (typeof delta.text === "string") yield* this.collector.text(key, delta.text);
		else if (isObject(delta.reasoningContent)) yield* this.#addReasoning(key, delta.reasoningContent);
		else if (isObject(delta.citation)) this.collector.cite(key, annotation(delta.citation));
		else if (isObject(delta.toolUse) && !this.#foreign.has(key))
			yield* this.collector.callArguments(key, textOf(delta.toolUse.input) ?? "");
	}

	/** Ends a block. A call without arguments has the arguments `{}`. */
	*#stop(key: number): Generator<cchat.Event, void, void> {
		if (this.#calls.has(key) && this.collector.argumentsOf(key) === "") yield* this.collector.callArguments(key, "{}");
	}

	*#addReasoning(key: number, { text, signature, redactedContent }: JsonObject): Generator<cchat.Event, void, void> {
		yield* this.collector.reasoning(key, textOf(text) ?? "");
		const piece = textOf(signature);
		if (piece !== undefined) this.#signatures.set(key, (this.#signatures.get(key) ?? "") + piece);
		if (typeof redactedContent !== "string") return;
		// Each piece is base64 by itself.
		const pieces = this.#redacted.get(key) ?? [];
		pieces.push(Buffer.from(redactedContent, "base64"));
		this.#redacted.set(key, pieces);
	}

	/** A later event without a usage, such as one with only metrics, leaves the usage as it is. */
	*#addUsage(value: unknown): Generator<cchat.Event, void, void> {
		const usage = usageOf(value);
		if (usage === undefined) return;
		this.#usage = usage;
		yield { type: "usage", usage };
	}

	#keyOf({ contentBlockIndex }: JsonObject, data: string): number {
		const index = countOf(contentBlockIndex);
		if (index === undefined) throw this.wrong("an event has no contentBlockIndex", data);
		return index;
	}
}

function signed(text: string, signature: string): string {
	return sealedReasoning({ reasoningText: { text, signature } }).json;
}
