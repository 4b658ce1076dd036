import type * as rt from "../../../generated/ir/rt.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { JsonRecord } from "../openai/fields.ts";
import { type ItemView, newId, type ServerEvent } from "./server-event.ts";

/** Bounds the text of one response, in UTF-16 units: its events at the end repeat the text. */
const MAX_UNITS = 1024 * 1024;

/** Bounds the items of one response. */
const MAX_ITEMS = 1024;

/** A part of a message: spoken audio with its transcript, or text. */
interface Part {
	readonly type: "audio" | "text";
	readonly index: number;
	text: string;
}

/** A message of the response. */
interface OpenItem {
	readonly id: string;
	readonly index: number;
	readonly previous: string | null;
	readonly parts: Part[];
}

/** Makes the events of one response: its items and their parts, from their first piece to their end. */
export class ResponseEvents {
	readonly id: string;
	readonly #open = new Map<string, OpenItem>();
	/** Items in the order of their beginning. Each is replaced by its last state. */
	readonly #output: ItemView[] = [];
	#last: string | null;
	#units = 0;
	/** Set when the client cancels the response. */
	isCancelled = false;

	/**
	 * @param id The upstream's id. Empty for an upstream without ids.
	 * @param previous Id of the last item of the conversation.
	 */
	constructor(id: string, previous: string | null) {
		this.id = id === "" ? newId("resp") : id;
		this.#last = previous;
	}

	/** Id of the last item. */
	get last(): string | null {
		return this.#last;
	}

	begin(): ServerEvent[] {
		return [{ type: "response.created", response: this.#view("in_progress") }];
	}

	audio({ item_id, audio }: rt.AudioDelta): ServerEvent[] {
		const { events, item, part } = this.#partOf(item_id, "audio");
		const delta = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString("base64");
		return [...events, { type: "response.output_audio.delta", ...this.#place(item, part), delta }];
	}

	transcript({ item_id, text }: rt.TextDelta): ServerEvent[] {
		const { events, item, part } = this.#partOf(item_id, "audio");
		this.#keep(part, text);
		return [...events, { type: "response.output_audio_transcript.delta", ...this.#place(item, part), delta: text }];
	}

	text({ item_id, text }: rt.TextDelta): ServerEvent[] {
		const { events, item, part } = this.#partOf(item_id, "text");
		this.#keep(part, text);
		return [...events, { type: "response.output_text.delta", ...this.#place(item, part), delta: text }];
	}

	toolCall({ id: call_id, name, arguments: written }: rt.ToolCall): ServerEvent[] {
		const id = newId("item");
		const view = (status: string, text: string): ItemView => ({
			id,
			object: "realtime.item",
			type: "function_call",
			status,
			call_id,
			name,
			arguments: text,
		});
		const { events, index } = this.#added(view("in_progress", ""));
		const item = view("completed", written);
		const previous = this.#last;
		this.#output[index] = item;
		this.#last = id;
		const place = { response_id: this.id, item_id: id, output_index: index, call_id };
		return [
			...events,
			{ type: "response.function_call_arguments.delta", ...place, delta: written },
			{ type: "response.function_call_arguments.done", ...place, name, arguments: written },
			{ type: "response.output_item.done", response_id: this.id, output_index: index, item },
			{ type: "conversation.item.done", previous_item_id: previous, item },
		];
	}

	/** Ends the response and every item of it. */
	end(): ServerEvent[] {
		const status = this.isCancelled ? "cancelled" : "completed";
		const events: ServerEvent[] = [];
		for (const item of this.#open.values()) {
			for (const part of item.parts) events.push(...this.#partEnd(item, part));
			const view = messageView(item, this.isCancelled ? "incomplete" : "completed");
			this.#output[item.index] = view;
			events.push(
				{ type: "response.output_item.done", response_id: this.id, output_index: item.index, item: view },
				{ type: "conversation.item.done", previous_item_id: item.previous, item: view },
			);
		}
		return [...events, { type: "response.done", response: this.#view(status) }];
	}

	#partEnd(item: OpenItem, part: Part): ServerEvent[] {
		const place = this.#place(item, part);
		const end: ServerEvent[] =
			part.type === "text"
				? [{ type: "response.output_text.done", ...place, text: part.text }]
				: [
						{ type: "response.output_audio.done", ...place },
						{ type: "response.output_audio_transcript.done", ...place, transcript: part.text },
					];
		return [...end, { type: "response.content_part.done", ...place, part: partView(part) }];
	}

	/** Returns the part of a message, and the events of its beginning. */
	#partOf(itemId: string, type: Part["type"]): { events: ServerEvent[]; item: OpenItem; part: Part } {
		const { events, item } = this.#itemOf(itemId);
		const present = item.parts.find((each) => each.type === type);
		if (present !== undefined) return { events, item, part: present };
		const part: Part = { type, index: item.parts.length, text: "" };
		item.parts.push(part);
		events.push({ type: "response.content_part.added", ...this.#place(item, part), part: partView(part) });
		return { events, item, part };
	}

	#itemOf(itemId: string): { events: ServerEvent[]; item: OpenItem } {
		const present = this.#open.get(itemId);
		if (present !== undefined) return { events: [], item: present };
		const id = itemId === "" || itemId === this.id ? newId("item") : itemId;
		const item: OpenItem = { id, index: this.#output.length, previous: this.#last, parts: [] };
		const { events } = this.#added(messageView(item, "in_progress"));
		this.#open.set(itemId, item);
		this.#last = id;
		return { events, item };
	}

	/** Returns the events of a new item, which follows the last one. */
	#added(item: ItemView): { events: ServerEvent[]; index: number } {
		const index = this.#output.length;
		if (index >= MAX_ITEMS) throw new SpearError("backend_error", `a response has more than ${MAX_ITEMS} items`);
		this.#output.push(item);
		return {
			index,
			events: [
				{ type: "response.output_item.added", response_id: this.id, output_index: index, item },
				{ type: "conversation.item.added", previous_item_id: this.#last, item },
			],
		};
	}

	#place(item: OpenItem, part: Part): JsonRecord {
		return { response_id: this.id, item_id: item.id, output_index: item.index, content_index: part.index };
	}

	#keep(part: Part, text: string): void {
		this.#units += text.length;
		if (this.#units > MAX_UNITS) throw new SpearError("backend_error", "a response has more text than the server holds");
		part.text += text;
	}

	#view(status: string): JsonRecord {
		return {
			object: "realtime.response",
			id: this.id,
			status,
			status_details: this.isCancelled ? { type: "cancelled", reason: "client_cancelled" } : null,
			output: [...this.#output],
			output_modalities: ["audio"],
			metadata: null,
		};
	}
}

function messageView({ id, parts }: OpenItem, status: string): ItemView {
	const content = parts.map((part) =>
		part.type === "text" ? { type: "output_text", text: part.text } : { type: "output_audio", transcript: part.text },
	);
	return { id, object: "realtime.item", type: "message", status, role: "assistant", content };
}

function partView({ type, text }: Part): JsonRecord {
	return type === "text" ? { type, text } : { type, transcript: text };
}
