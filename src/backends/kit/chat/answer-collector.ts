import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { AnswerBlock } from "./answer.ts";
import type { CallIds } from "./call-ids.ts";
import { MAX_CITATIONS, MAX_OPAQUE_PARTS } from "./part-bounds.ts";

/** A tool call whose arguments arrive in pieces. */
interface OpenCall {
	readonly type: "call";
	readonly index: number;
	readonly id: string;
	readonly name: string;
	arguments: string;
}

/** A part that only its provider understands. A part that arrives in pieces is written once the answer is complete. */
export interface CollectedOpaque {
	/** Provider's name for the kind. */
	readonly kind: string;
	/** Text of the part, or a function that returns it. `undefined`: the part cannot be whole, and is left out. */
	readonly json: string | (() => string | undefined);
}

/** The sealed form of a block of reasoning. A function receives the text of the block. */
export interface CollectedSeal {
	/** Provider's name for the kind. */
	readonly kind: string;
	readonly json: string | ((text: string) => string);
}

type OpenBlock =
	| { readonly type: "text"; text: string; readonly citations: cchat.Annotation[] }
	| { readonly type: "reasoning"; text: string; sealed: CollectedSeal | undefined }
	| { readonly type: "refusal"; text: string }
	| OpenCall
	| ({ readonly type: "opaque" } & CollectedOpaque);

/** Key of a block: the upstream's index or id. `undefined`: the last block, if the type fits, else a new one. */
export type BlockKey = number | string | undefined;

/**
 * Collects the blocks of a streamed answer in the order of their beginnings. Each function yields the IR events that an addition causes.
 * `blocks` returns what a whole answer would have held.
 */
export class AnswerCollector {
	readonly #ids: CallIds;
	readonly #wrong: (what: string) => Error;
	readonly #blocks: OpenBlock[] = [];
	readonly #byKey = new Map<BlockKey, OpenBlock>();
	#calls = 0;
	#opaque = 0;
	#citations = 0;

	/** @param wrong Makes the error for an answer that breaks the protocol. */
	constructor({ ids }: { readonly ids: CallIds }, wrong: (what: string) => Error) {
		this.#ids = ids;
		this.#wrong = wrong;
	}

	/** True if a tool call has started. */
	get hasCalls(): boolean {
		return this.#calls > 0;
	}

	/** Adds a piece of text, which may be empty. */
	*text(key: BlockKey, text: string): Generator<cchat.Event, void, void> {
		const block = this.#open(key, "text") ?? this.#begin(key, { type: "text", text: "", citations: [] });
		block.text += text;
		if (text !== "") yield { type: "text", text };
	}

	/** Adds a source of a text. A range counts scalar values of the block. */
	cite(key: BlockKey, citation: cchat.Annotation): void {
		if (++this.#citations > MAX_CITATIONS) throw this.#wrong(`it has more than ${MAX_CITATIONS} citations`);
		const block = this.#open(key, "text") ?? this.#begin(key, { type: "text", text: "", citations: [] });
		block.citations.push(citation);
	}

	/** Adds a piece of disclosed reasoning, which may be empty. */
	*reasoning(key: BlockKey, text: string): Generator<cchat.Event, void, void> {
		const block = this.#open(key, "reasoning") ?? this.#begin(key, { type: "reasoning", text: "", sealed: undefined });
		block.text += text;
		if (text !== "") yield { type: "reasoning", reasoning: text };
	}

	/** Sets the sealed form of a block of reasoning. A later one replaces it. */
	seal(key: BlockKey, sealed: CollectedSeal): void {
		const block = this.#open(key, "reasoning") ?? this.#begin(key, { type: "reasoning", text: "", sealed: undefined });
		if (block.sealed === undefined) this.#countOpaque();
		block.sealed = sealed;
	}

	/** Adds a piece of a refusal. */
	*refusal(key: BlockKey, text: string): Generator<cchat.Event, void, void> {
		const block = this.#open(key, "refusal") ?? this.#begin(key, { type: "refusal", text: "" });
		block.text += text;
		if (text !== "") yield { type: "refusal", refusal: text };
	}

	/** Begins a tool call. `id` is the upstream's; a made-up one replaces an absent or repeated id. */
	*call(key: BlockKey, name: string, id: string | undefined): Generator<cchat.Event, void, void> {
		const call: OpenCall = { type: "call", index: this.#calls++, id: this.#ids.claim(id), name, arguments: "" };
		this.#begin(key, call);
		yield { type: "tool_call", tool_call: { index: call.index, id: call.id, name, arguments: "" } };
	}

	/** Adds a piece of the arguments of the call that started under the key. */
	*callArguments(key: BlockKey, piece: string): Generator<cchat.Event, void, void> {
		const call = this.#open(key, "call");
		if (call === undefined) throw this.#wrong("arguments arrive for a tool call that has not started");
		call.arguments += piece;
		if (piece !== "") yield { type: "tool_call", tool_call: { index: call.index, arguments: piece } };
	}

	/** Returns the arguments of the call under the key so far; `undefined` if it has not started. */
	argumentsOf(key: BlockKey): string | undefined {
		return this.#open(key, "call")?.arguments;
	}

	/**
	 * Refuses a part beyond the bound. Call it before a large part is copied; `opaque` counts by itself.
	 */
	expectOpaque(): void {
		if (this.#opaque >= MAX_OPAQUE_PARTS) throw this.#tooManyOpaque();
	}

	/** Adds a part that only the provider understands. */
	opaque(part: CollectedOpaque): void {
		this.#countOpaque();
		this.#begin(undefined, { type: "opaque", kind: part.kind, json: part.json });
	}

	/** Returns true if a block has started under the key. */
	has(key: BlockKey): boolean {
		return this.#byKey.has(key);
	}

	/** Returns the blocks so far. Calls without arguments have the arguments `{}`. */
	blocks(): AnswerBlock[] {
		return this.#blocks.flatMap((block) => answerBlock(block) ?? []);
	}

	/** Yields the arguments `{}` of the calls that have none. Call it before the event `completed`. */
	*emptyArguments(): Generator<cchat.Event, void, void> {
		for (const block of this.#blocks) {
			if (block.type === "call" && block.arguments === "") yield { type: "tool_call", tool_call: { index: block.index, arguments: "{}" } };
		}
	}

	#open<T extends OpenBlock["type"]>(key: BlockKey, type: T): Extract<OpenBlock, { type: T }> | undefined {
		const block = key === undefined ? this.#blocks.at(-1) : this.#byKey.get(key);
		if (block === undefined || isOf(block, type)) return block;
		if (key === undefined) return undefined;
		throw this.#wrong(`the block ${String(key).slice(0, 64)} changes from ${block.type} to ${type}`);
	}

	#begin<B extends OpenBlock>(key: BlockKey, block: B): B {
		if (key !== undefined && this.#byKey.has(key)) throw this.#wrong(`the block ${String(key).slice(0, 64)} begins twice`);
		this.#blocks.push(block);
		if (key !== undefined) this.#byKey.set(key, block);
		return block;
	}

	/** Refuses too many parts before they are kept, because each costs a copy. */
	#countOpaque(): void {
		if (++this.#opaque > MAX_OPAQUE_PARTS) throw this.#tooManyOpaque();
	}

	#tooManyOpaque(): Error {
		return this.#wrong(`it has more than ${MAX_OPAQUE_PARTS} blocks that only its provider understands`);
	}
}

function isOf<T extends OpenBlock["type"]>(block: OpenBlock, type: T): block is Extract<OpenBlock, { type: T }> {
	return block.type === type;
}

/** Returns a block as a whole answer would have held it; `undefined` for a part that cannot be whole. */
function answerBlock(block: OpenBlock): AnswerBlock | undefined {
	switch (block.type) {
		case "call": {
			const { id, name, arguments: args } = block;
			return { type: "call", call: { id, name, arguments: args.trim() === "" ? "{}" : args } };
		}
		case "reasoning": {
			const { text, sealed } = block;
			if (sealed === undefined) return { type: "reasoning", text };
			return {
				type: "reasoning",
				text,
				sealed: { kind: sealed.kind, json: typeof sealed.json === "string" ? sealed.json : sealed.json(text) },
			};
		}
		case "opaque": {
			const json = typeof block.json === "string" ? block.json : block.json();
			return json === undefined ? undefined : { type: "opaque", kind: block.kind, json };
		}
		default:
			return block;
	}
}
