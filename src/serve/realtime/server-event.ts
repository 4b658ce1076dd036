import { randomBytes } from "node:crypto";
import type { JsonRecord } from "../openai/fields.ts";

/** An event of the server, without its id. */
export type ServerEvent = JsonRecord & { readonly type: string };

/** Item of a conversation, as events describe it. */
export type ItemView = JsonRecord & { readonly id: string };

/** Returns a new id: a prefix that names the kind, such as `item`, and 96 random bits. */
export function newId(prefix: string): string {
	return `${prefix}_${randomBytes(12).toString("hex")}`;
}

/** Returns the user's message of an item. */
export function userMessage(id: string, content: readonly JsonRecord[]): ItemView {
	return { id, object: "realtime.item", type: "message", status: "completed", role: "user", content };
}

/** Returns the events of a new item that is complete. */
export function newItem(item: ItemView, previous: string | null): ServerEvent[] {
	return [
		{ type: "conversation.item.added", previous_item_id: previous, item },
		{ type: "conversation.item.done", previous_item_id: previous, item },
	];
}
