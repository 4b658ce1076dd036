import type * as rt from "../../../../../generated/ir/rt.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import type { ServerEvent } from "./event.ts";

/** Bounds the text that is held for the calls of one response, in UTF-16 units. */
const MAX_HELD = 16 * 1024 * 1024;

/** Units that each held entry counts besides its text. */
const ENTRY_UNITS = 64;

/** Statuses of a function call that is complete. Some servers send none. */
const COMPLETE: readonly unknown[] = ["completed", undefined, null, ""];

/**
 * Tool calls of a response, each delivered once. Servers report a call in up to three places: the end of its arguments, the end of its
 * item, and the end of the response. Some servers use only one of them.
 */
export class ToolCalls {
	/** Makes the error for a malformed call. */
	readonly #wrong: (what: string, item: JsonObject) => Error;
	readonly #delivered = new Set<string>();
	/** Calls whose arguments are complete and whose item is not. */
	readonly #open = new Map<string, rt.ToolCall>();
	/** Names by the id of the item. */
	readonly #names = new Map<string, string>();
	#heldUnits = 0;

	constructor(wrong: (what: string, item: JsonObject) => Error) {
		this.#wrong = wrong;
	}

	/** Forgets the calls of the previous response. */
	start(): void {
		this.#heldUnits = 0;
		this.#delivered.clear();
		this.#open.clear();
		this.#names.clear();
	}

	/** Records the name of a call whose arguments follow. */
	itemAdded(item: JsonObject): void {
		const [id, name] = [textOf(item.id), textOf(item.name)];
		if (item.type !== "function_call" || id === undefined || name === undefined) return;
		this.#hold(id, name);
		this.#names.set(id, name);
	}

	/** Records the end of a call's arguments. The call is delivered with its item or with the end of the response. */
	argumentsDone(event: ServerEvent): void {
		const itemId = textOf(event.any("item_id"));
		const id = textOf(event.any("call_id")) ?? itemId;
		const name = textOf(event.any("name")) ?? (itemId === undefined ? undefined : this.#names.get(itemId));
		if (id === undefined || name === undefined) return;
		const call = { id, name, arguments: argumentsOf(event.any("arguments")) };
		this.#hold(id, name, call.arguments);
		this.#open.set(id, call);
	}

	/** Yields the call of a complete item. Skips a call that was cut off. */
	*itemDone(item: unknown): Generator<rt.ToolCall, void, void> {
		if (!isObject(item) || item.type !== "function_call" || !COMPLETE.includes(item.status)) return;
		const id = textOf(item.call_id) ?? textOf(item.id);
		const name = textOf(item.name);
		if (id === undefined || name === undefined) throw this.#wrong("a function call without call_id or name", item);
		yield* this.#deliver({ id, name, arguments: argumentsOf(item.arguments) });
	}

	/** Yields the calls that no earlier event delivered, and forgets all. A cancelled response has no more. */
	*responseDone(response: JsonObject): Generator<rt.ToolCall, void, void> {
		if (Array.isArray(response.output)) for (const item of response.output) yield* this.itemDone(item);
		if (COMPLETE.includes(response.status)) for (const call of [...this.#open.values()]) yield* this.#deliver(call);
		this.start();
	}

	*#deliver(call: rt.ToolCall): Generator<rt.ToolCall, void, void> {
		this.#open.delete(call.id);
		if (this.#delivered.has(call.id)) return;
		this.#hold(call.id);
		this.#delivered.add(call.id);
		yield call;
	}

	/** @throws SpearError `backend_error` beyond the bound. */
	#hold(...texts: readonly string[]): void {
		for (const { length } of texts) this.#heldUnits += length + ENTRY_UNITS;
		if (this.#heldUnits > MAX_HELD) throw this.#wrong("the function calls of one response are too large", {});
	}
}

/** Returns the arguments as text. Some servers send the object itself, and none for a tool without parameters. */
function argumentsOf(value: unknown): string {
	if (typeof value === "string") return value;
	return value === undefined || value === null ? "" : JSON.stringify(value);
}
