import { textOf } from "../../../kit/json/guards.ts";
import type { ServerEvent } from "./event.ts";

/** Ids of the items that the events of a session belong to. Some servers name the item only when it begins, or never. */
export class ItemIds {
	#output: string | undefined;
	#input: string | undefined;

	/** Forgets the items of the previous response. */
	responseStarted(): void {
		this.#output = undefined;
	}

	/** Records the item that a response adds. */
	added(event: ServerEvent): void {
		this.#output = textOf(event.object("item").id);
	}

	/** Records the item that audio became. */
	committed(event: ServerEvent): void {
		this.#input = textOf(event.any("item_id"));
	}

	/** Returns the id of the item in the output: the event's own, else that of the latest item, else the id of the response. */
	output(event: ServerEvent): string {
		return textOf(event.any("item_id")) ?? this.#output ?? textOf(event.any("response_id")) ?? "";
	}

	/** Returns the id of the item in the input: the event's own, else that of the latest item. */
	input(event: ServerEvent): string {
		return textOf(event.any("item_id")) ?? this.#input ?? "";
	}
}
