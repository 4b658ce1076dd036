import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";

/** The place of an item as an event states it. Servers rotate ids, repeat indexes, or leave them out. */
export interface ItemPlace {
	readonly index: number | undefined;
	readonly id: string | undefined;
}

/** Types of parts: texts and refusals of a message, the text of reasoning, the arguments of a call. */
export type PartType = "text" | "refusal" | "reasoning" | "arguments";

/** Types of the items that hold the parts. */
export const ITEM_OF: Readonly<Record<PartType, string>> = {
	text: "message",
	refusal: "message",
	reasoning: "reasoning",
	arguments: "function_call",
};

/** A part of an item so far. */
export interface OutputPart {
	readonly key: string;
	text: string;
	/** Number of annotations that were read. */
	annotations: number;
}

/** An item of an answer so far. */
export interface OutputItem {
	readonly type: string;
	readonly key: string;
	/** Number of function calls of the answer before the item. */
	readonly calls: number;
	readonly parts: { readonly [T in PartType]: OutputPart[] };
	hasPhase: boolean;
	/** Paragraph of the reasoning that the latest piece belongs to. */
	section: number | undefined;
	isEnded: boolean;
}

/** Returns the place that an event states. */
export function placeOf({ output_index, item_id, item }: JsonObject): ItemPlace {
	return { index: countOf(output_index), id: textOf(item_id) ?? (isObject(item) ? textOf(item.id) : undefined) };
}

/** Returns the key of a part of an item. */
export function partKey({ key }: OutputItem, type: PartType, position: number): string {
	return `${key}.${type}.${position}`;
}

/** The items of an answer in the order of their beginnings. */
export class ItemList {
	readonly #all = new Map<string, OutputItem[]>();
	readonly #byId = new Map<string, OutputItem>();
	readonly #byIndex = new Map<number, OutputItem>();
	#count = 0;

	/** Adds an item. `calls` is the number of function calls before it. */
	add(type: string, { index, id }: ItemPlace, calls: number): OutputItem {
		const parts = { text: [], refusal: [], reasoning: [], arguments: [] };
		const item: OutputItem = { type, key: `${this.#count++}`, calls, parts, hasPhase: false, section: undefined, isEnded: false };
		this.#of(type).push(item);
		if (id !== undefined) this.#byId.set(id, item);
		if (index !== undefined) this.#byIndex.set(index, item);
		return item;
	}

	/**
	 * Returns the item of a type that an event belongs to: that of its id, else that of its index, else the latest one that has not ended.
	 * An index without an item begins one, and so does another id of a call. Otherwise two calls would be merged.
	 *
	 * @see https://github.com/vercel/ai/pull/18548 (a new id in each event)
	 * @see https://github.com/vllm-project/vllm/pull/31761 (another index at the end of an item)
	 */
	find(type: string, { index, id }: ItemPlace): OutputItem | undefined {
		const byId = id === undefined ? undefined : this.#byId.get(id);
		const byIndex = index === undefined ? undefined : this.#byIndex.get(index);
		const known = [byId, byIndex].find((item) => item?.type === type);
		if (known !== undefined) return known;
		const isNew = index === undefined ? type === "function_call" && id !== undefined : byIndex === undefined;
		const latest = this.#of(type).at(-1);
		return isNew || latest?.isEnded !== false ? undefined : latest;
	}

	/** Returns the item of a type at a position among the items of this type. */
	at(type: string, position: number): OutputItem | undefined {
		return this.#of(type)[position];
	}

	#of(type: string): OutputItem[] {
		const items = this.#all.get(type) ?? [];
		this.#all.set(type, items);
		return items;
	}
}

/** Returns the citation in an annotation. A file has no URL, so its name is the title. `undefined` for a place without a source. */
export function citationOf(annotation: unknown): cchat.Annotation | undefined {
	if (!isObject(annotation)) return undefined;
	const url = textOf(annotation.url);
	const title = textOf(annotation.title) ?? textOf(annotation.filename);
	const start = countOf(annotation.start_index);
	const end = countOf(annotation.end_index);
	if (url === undefined && title === undefined) return undefined;
	return {
		...(url === undefined ? {} : { url }),
		...(title === undefined ? {} : { title }),
		...(start === undefined ? {} : { start_index: start }),
		...(end === undefined ? {} : { end_index: end }),
	};
}
