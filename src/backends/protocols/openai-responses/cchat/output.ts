import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { AnswerBlock, AnswerContext } from "../../../kit/chat/answer.ts";
import { AnswerCollector } from "../../../kit/chat/answer-collector.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { type JsonSource, readOnce } from "../../../kit/json/source.ts";
import { contentKind, itemKind, PHASE } from "./opaque.ts";
import { citationOf, ITEM_OF, ItemList, type ItemPlace, type OutputItem, type OutputPart, type PartType, partKey } from "./output-item.ts";
import { PARAGRAPH, reasoningText, sealedReasoning } from "./reasoning.ts";

type Events = Generator<cchat.Event, void, void>;

/**
 * Collects the output of a response. Pieces that a stream sends come first. A whole item adds what its pieces did not hold, so an answer
 * without pieces and a stream have the same result. If a whole item contradicts its pieces, the pieces count: the guest has them.
 */
export class Output {
	readonly #collector: AnswerCollector;
	readonly #items = new ItemList();
	readonly #isStored: boolean;
	readonly #wrong: (what: string) => Error;
	/** Keys of the calls whose name has not arrived. */
	readonly #unnamed = new Set<string>();
	#calls = 0;

	/**
	 * @param isStored True if the upstream keeps its answers.
	 * @param wrong Makes the error for output that breaks the protocol.
	 */
	constructor(context: AnswerContext, isStored: boolean, wrong: (what: string) => Error) {
		this.#collector = new AnswerCollector(context, wrong);
		this.#isStored = isStored;
		this.#wrong = wrong;
	}

	get hasCalls(): boolean {
		return this.#collector.hasCalls;
	}

	/** Begins an item. */
	*begin(value: unknown, place: ItemPlace): Events {
		const type = this.#typeOf(value);
		const item = this.#add(type, place);
		if (type === "reasoning") yield* this.#piece(item, "reasoning", 0, "");
		if (type === "message") this.#phase(item, value);
		if (type === "function_call") yield* this.#name(item, value);
	}

	/** Begins a part of a message. Later pieces of its type belong to it. */
	*beginPart(type: "text" | "refusal", place: ItemPlace): Events {
		const item = this.#items.find("message", place);
		if (item !== undefined) yield* this.#piece(item, type, item.parts[type].length, "");
	}

	/** Adds a piece to the latest part of a type. Begins the item if the upstream has not. */
	*piece(type: PartType, place: ItemPlace, piece: string): Events {
		const item = this.#itemOf(ITEM_OF[type], place);
		yield* this.#piece(item, type, Math.max(item.parts[type].length - 1, 0), piece);
	}

	/** Adds a piece of reasoning. Each section is a paragraph. */
	*reasoning(place: ItemPlace, section: number, piece: string): Events {
		const item = this.#itemOf("reasoning", place);
		const isNext = item.section !== undefined && item.section !== section;
		item.section = section;
		yield* this.#piece(item, "reasoning", 0, isNext ? PARAGRAPH + piece : piece);
	}

	/** Adds what the pieces of the latest part of a type did not hold. `name` is that of a call. */
	*whole(type: PartType, place: ItemPlace, text: unknown, name?: unknown): Events {
		const item = this.#itemOf(ITEM_OF[type], place);
		yield* this.#name(item, { name });
		yield* this.#rest(item, type, Math.max(item.parts[type].length - 1, 0), text);
	}

	/** Adds a source of the latest text. */
	cite(place: ItemPlace, annotation: unknown): void {
		const part = this.#items.find("message", place)?.parts.text.at(-1);
		if (part !== undefined) this.#cite(part, [annotation]);
	}

	/** Adds a whole item. */
	*end(value: unknown, place: ItemPlace, source: () => JsonSource | undefined): Events {
		yield* this.#end(this.#itemOf(this.#typeOf(value), place), value, source);
	}

	/** Adds the items of a whole response. An item is that of its position among the items of its type. */
	*all(output: readonly unknown[], source: () => JsonSource | undefined): Events {
		const list = readOnce(source);
		const counts = new Map<string, number>();
		for (const [index, value] of output.entries()) {
			const type = this.#typeOf(value);
			const position = counts.get(type) ?? 0;
			counts.set(type, position + 1);
			const item = this.#items.at(type, position) ?? this.#add(type, { index: undefined, id: undefined });
			yield* this.#end(item, value, () => list()?.item(index));
		}
		if (this.#unnamed.size > 0) throw this.#wrong("a tool call has no name");
		yield* this.#collector.emptyArguments();
	}

	blocks(): AnswerBlock[] {
		return this.#collector.blocks();
	}

	*#end(item: OutputItem, value: unknown, source: () => JsonSource | undefined): Events {
		const isFirst = !item.isEnded;
		item.isEnded = true;
		if (!isObject(value)) return;
		switch (item.type) {
			case "message":
				if (item.parts.text.length === 0) this.#phase(item, value);
				return yield* this.#endMessage(item, value.content, () => (isFirst ? source()?.member("content") : undefined));
			case "reasoning": {
				yield* this.#rest(item, "reasoning", 0, reasoningText(value));
				const sealed = sealedReasoning(value, { calls: item.calls, isStored: this.#isStored });
				if (sealed !== undefined) this.#collector.seal(partKey(item, "reasoning", 0), sealed);
				return;
			}
			case "function_call": {
				const { arguments: args } = value;
				yield* this.#name(item, value);
				return yield* this.#rest(item, "arguments", 0, isObject(args) ? String(source()?.member("arguments")) : args);
			}
			default:
				if (isFirst) this.#collector.opaque({ kind: itemKind(item.type, item.calls), json: String(source()) });
		}
	}

	*#endMessage(item: OutputItem, content: unknown, source: () => JsonSource | undefined): Events {
		const list = readOnce(source);
		const counts = { text: 0, refusal: 0 };
		const parts: readonly unknown[] = Array.isArray(content) ? content : [{ type: "text", text: content }]; // Some servers have no parts.
		for (const [index, part] of parts.entries()) {
			if (!isObject(part)) continue;
			if (part.type === "refusal") yield* this.#rest(item, "refusal", counts.refusal++, part.refusal);
			else if (part.type === "output_text" || part.type === "text") {
				yield* this.#rest(item, "text", counts.text, part.text);
				const text = item.parts.text[counts.text++];
				if (text !== undefined && Array.isArray(part.annotations)) this.#cite(text, part.annotations.slice(text.annotations));
			} else {
				const json = list()?.item(index);
				if (json !== undefined) this.#collector.opaque({ kind: contentKind(part.type), json: String(json) });
			}
		}
	}

	/** Adds the part of a whole text that its pieces did not hold. */
	*#rest(item: OutputItem, type: PartType, position: number, value: unknown): Events {
		const whole = typeof value === "string" ? value : "";
		const sent = item.parts[type][position]?.text ?? "";
		if (whole.length >= sent.length && whole.startsWith(sent)) yield* this.#piece(item, type, position, whole.slice(sent.length));
	}

	*#piece(item: OutputItem, type: PartType, position: number, piece: string): Events {
		const known = item.parts[type][position];
		const part = known ?? { key: partKey(item, type, position), text: "", annotations: 0 };
		if (known === undefined) item.parts[type].push(part);
		part.text += piece;
		if (type !== "arguments") yield* this.#collector[type](part.key, piece);
		else if (!this.#unnamed.has(item.key)) yield* this.#collector.callArguments(item.key, piece);
	}

	/** Begins a call once its name is known, with the arguments that came before it. */
	*#name(item: OutputItem, value: unknown): Events {
		const { name, call_id, id } = isObject(value) ? value : {};
		const known = textOf(name);
		if (known === undefined || !this.#unnamed.delete(item.key)) return;
		yield* this.#collector.call(item.key, known, textOf(call_id) ?? textOf(id));
		yield* this.#collector.callArguments(item.key, item.parts.arguments[0]?.text ?? "");
	}

	#phase(item: OutputItem, value: unknown): void {
		const phase = isObject(value) ? textOf(value.phase) : undefined;
		if (phase === undefined || item.hasPhase) return;
		item.hasPhase = true;
		this.#collector.opaque({ kind: PHASE, json: JSON.stringify(phase) });
	}

	#cite(part: OutputPart, annotations: readonly unknown[]): void {
		for (const annotation of annotations) {
			part.annotations++;
			const citation = citationOf(annotation);
			if (citation !== undefined) this.#collector.cite(part.key, citation);
		}
	}

	#itemOf(type: string, place: ItemPlace): OutputItem {
		return this.#items.find(type, place) ?? this.#add(type, place);
	}

	#add(type: string, place: ItemPlace): OutputItem {
		const item = this.#items.add(type, place, this.#calls);
		if (type === "function_call") {
			this.#calls++;
			this.#unnamed.add(item.key);
		}
		return item;
	}

	#typeOf(value: unknown): string {
		const type = isObject(value) ? textOf(value.type) : undefined;
		if (type === undefined) throw this.#wrong("an item of the output has no type");
		return type;
	}
}
