import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { RawJson, stringifyJson } from "../../../../transport/http/raw-json.ts";
import type { AnswerBlock } from "../../../kit/chat/answer.ts";
import type { CallIds } from "../../../kit/chat/call-ids.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import type { JsonSource } from "../../../kit/json/source.ts";
import { textBlock, thinkingBlock } from "./answer.ts";
import { blockKind } from "./opaque.ts";

/** A block whose deltas arrive one after the other. Deltas of unknown types are ignored, unless the block cannot be whole without them. */
export interface StreamedBlock {
	/** Yields the events of a delta, or of the block's own beginning. */
	add(delta: JsonObject): Iterable<cchat.Event>;
	/** Yields the events of the block's end. Called once. */
	end(): Iterable<cchat.Event>;
	/** Returns the block so far. `undefined` for one that cannot be whole. */
	block(): AnswerBlock | undefined;
}

/** A text, with its citations. */
export class StreamedText implements StreamedBlock {
	#text = "";
	readonly #citations: unknown[];

	constructor({ citations }: JsonObject) {
		this.#citations = Array.isArray(citations) ? [...citations] : [];
	}

	*add({ text, citation }: JsonObject): Generator<cchat.Event, void, void> {
		if (isObject(citation)) this.#citations.push(citation);
		const added = textOf(text);
		if (added === undefined) return;
		this.#text += added;
		yield { type: "text", text: added };
	}

	*end(): Generator<cchat.Event, void, void> {}

	block(): AnswerBlock {
		return textBlock(this.#text, this.#citations);
	}
}

/** Thinking, with its signature. */
export class StreamedThinking implements StreamedBlock {
	#thinking = "";
	#signature = "";

	*add({ thinking, signature }: JsonObject): Generator<cchat.Event, void, void> {
		// A signature arrives whole.
		this.#signature = textOf(signature) ?? this.#signature;
		const added = textOf(thinking);
		if (added === undefined) return;
		this.#thinking += added;
		yield { type: "reasoning", reasoning: added };
	}

	*end(): Generator<cchat.Event, void, void> {}

	block(): AnswerBlock {
		return thinkingBlock(this.#thinking, this.#signature);
	}
}

/** The call of a tool. The input is JSON in pieces; a call without any has the input `{}`. */
export class StreamedCall implements StreamedBlock {
	readonly #index: number;
	readonly #id: string;
	readonly #name: string;
	/** Input that the beginning of the block holds. Used if no piece follows. */
	readonly #first: string;
	#arguments = "";

	/** @param json The text of the block. */
	constructor(
		index: number,
		name: string,
		start: JsonObject,
		{ ids, json }: { readonly ids: CallIds; readonly json: () => JsonSource | undefined },
	) {
		const { id, input } = start;
		this.#index = index;
		this.#name = name;
		this.#id = ids.claim(textOf(id));
		this.#first = isObject(input) && Object.keys(input).length > 0 ? String(json()?.member("input")) : "{}";
	}

	/** Yields the first event of the call. */
	*start(): Generator<cchat.Event, void, void> {
		yield { type: "tool_call", tool_call: { index: this.#index, id: this.#id, name: this.#name, arguments: "" } };
	}

	*add({ partial_json }: JsonObject): Generator<cchat.Event, void, void> {
		const piece = textOf(partial_json);
		if (piece === undefined) return;
		this.#arguments += piece;
		yield { type: "tool_call", tool_call: { index: this.#index, arguments: piece } };
	}

	*end(): Generator<cchat.Event, void, void> {
		if (this.#arguments !== "") return;
		this.#arguments = this.#first;
		yield { type: "tool_call", tool_call: { index: this.#index, arguments: this.#first } };
	}

	block(): AnswerBlock {
		return { type: "call", call: { id: this.#id, name: this.#name, arguments: this.#arguments } };
	}
}

/** A block that only the provider understands. The input may arrive in pieces. Other deltas cannot be joined, so such a block is dropped. */
export class StreamedOpaque implements StreamedBlock {
	readonly #type: string;
	readonly #start: JsonObject;
	readonly #json: string;
	#input = "";
	#isWhole = true;

	constructor(type: string, start: JsonObject, json: string) {
		this.#type = type;
		this.#start = start;
		this.#json = json;
	}

	add({ type, partial_json }: JsonObject): readonly cchat.Event[] {
		if (type === "input_json_delta" && typeof partial_json === "string") this.#input += partial_json;
		else this.#isWhole = false;
		return [];
	}

	*end(): Generator<cchat.Event, void, void> {}

	block(): AnswerBlock | undefined {
		if (!this.#isWhole) return undefined;
		const kind = blockKind(this.#type);
		if (this.#input === "") return { type: "opaque", kind, json: this.#json };
		const input = RawJson.from(new TextEncoder().encode(this.#input));
		return input === undefined ? undefined : { type: "opaque", kind, json: stringifyJson({ ...this.#start, input }) };
	}
}
