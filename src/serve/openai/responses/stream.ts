import type * as cchat from "../../../../generated/ir/cchat.ts";
import { type AnswerParts, answerParts } from "../assistant-parts.ts";
import type { AnswerFacts } from "../chat-api.ts";
import { apiErrorBody } from "../errors.ts";
import type { SseDialect, SseEvent } from "../sse.ts";
import { responsesField } from "./fields.ts";
import {
	callItem,
	hasReasoning,
	ItemIds,
	type ItemStatus,
	messageItem,
	reasoningItem,
	refusalPart,
	textPart,
	urlCitation,
} from "./output-items.ts";
import type { ResponsesEcho } from "./request.ts";
import { commonMembers, endingOf, finishedBody } from "./response.ts";

/** Facts about a streamed answer. */
export interface ResponsesStreamFacts extends AnswerFacts {
	/** Model that the client named. The upstream's name is known only at the end. */
	readonly model: string;
	readonly echo: ResponsesEcho;
}

/** Part of the message: its text, or its refusal. */
interface OpenPart {
	readonly index: number;
	text: string;
}

/** The item of all reasoning. */
interface OpenReasoning {
	readonly output: number;
	text: string;
}

/** A call that has started. */
interface OpenCall {
	readonly output: number;
	readonly call: { id: string; name: string; arguments: string };
}

/**
 * Makes typed events of the events of an answer. All reasoning is one item, and all text is one message, whose places are those of their
 * first events. Items end with the answer: the sealed form of reasoning is known only then.
 */
export class ResponsesEvents implements SseDialect<cchat.Event> {
	readonly #facts: ResponsesStreamFacts;
	readonly #ids: ItemIds;
	#sequence = 0;
	#hasBegun = false;
	/** Number of items. */
	#items = 0;
	#reasoning: OpenReasoning | undefined;
	#message: { readonly output: number; text: OpenPart | undefined; refusal: OpenPart | undefined } | undefined;
	readonly #calls = new Map<number, OpenCall>();

	constructor(facts: ResponsesStreamFacts) {
		this.#facts = facts;
		this.#ids = new ItemIds(facts.requestId);
	}

	*events(event: cchat.Event): Generator<SseEvent, void, void> {
		yield* this.#begin();
		switch (event.type) {
			case "text":
				yield* this.#say("text", event.text);
				break;
			case "refusal":
				yield* this.#say("refusal", event.refusal);
				break;
			case "reasoning":
				yield* this.#reason(event.reasoning);
				break;
			case "tool_call":
				yield* this.#call(event.tool_call);
				break;
			case "completed":
				yield* this.#end(event.completed);
				break;
			case "usage": // The last event has the whole usage.
			case "failed": // A failure of a client's stream is thrown.
				break;
		}
	}

	/** Returns the failed response, and the error, which the SDK throws. */
	*failed(thrown: unknown): Generator<SseEvent, void, void> {
		const { message, code, param } = apiErrorBody(thrown, responsesField).error;
		yield* this.#begin();
		const response = { ...this.#running(), status: "failed", error: { code: code ?? "server_error", message } };
		yield this.#event("response.failed", { response });
		yield this.#event("error", { code, message, param });
	}

	*#begin(): Generator<SseEvent, void, void> {
		if (this.#hasBegun) return;
		this.#hasBegun = true;
		yield this.#event("response.created", { response: this.#running() });
		yield this.#event("response.in_progress", { response: this.#running() });
	}

	#running(): object {
		const { echo, model } = this.#facts;
		return {
			...commonMembers(echo, this.#facts),
			status: "in_progress",
			incomplete_details: null,
			error: null,
			model,
			output: [],
			usage: null,
		};
	}

	*#reason(delta: string): Generator<SseEvent, void, void> {
		const open = this.#reasoning ?? (yield* this.#openReasoning());
		open.text += delta;
		yield this.#event("response.reasoning_summary_text.delta", { ...this.#summaryPlace(open.output), delta });
	}

	*#openReasoning(): Generator<SseEvent, OpenReasoning, void> {
		const open = { output: this.#items++, text: "" };
		this.#reasoning = open;
		yield this.#event("response.output_item.added", { output_index: open.output, item: reasoningItem(this.#ids, "in_progress") });
		yield this.#event("response.reasoning_summary_part.added", {
			...this.#summaryPlace(open.output),
			part: { type: "summary_text", text: "" },
		});
		return open;
	}

	#summaryPlace(output: number): object {
		return { item_id: this.#ids.reasoning, output_index: output, summary_index: 0 };
	}

	*#say(kind: "text" | "refusal", delta: string): Generator<SseEvent, void, void> {
		const { output, part } = yield* this.#openPart(kind);
		part.text += delta;
		const place = this.#partPlace(output, part);
		if (kind === "text") yield this.#event("response.output_text.delta", { ...place, delta, logprobs: [] });
		else yield this.#event("response.refusal.delta", { ...place, delta });
	}

	*#openPart(kind: "text" | "refusal"): Generator<SseEvent, { readonly output: number; readonly part: OpenPart }, void> {
		let message = this.#message;
		if (message === undefined) {
			message = { output: this.#items++, text: undefined, refusal: undefined };
			this.#message = message;
			const item = messageItem(this.#ids, "in_progress", []);
			yield this.#event("response.output_item.added", { output_index: message.output, item });
		}
		let part = message[kind];
		if (part === undefined) {
			part = { index: message.text === undefined && message.refusal === undefined ? 0 : 1, text: "" };
			message[kind] = part;
			yield this.#event("response.content_part.added", {
				...this.#partPlace(message.output, part),
				part: kind === "text" ? textPart("") : refusalPart(""),
			});
		}
		return { output: message.output, part };
	}

	#partPlace(output: number, { index }: OpenPart): object {
		return { item_id: this.#ids.message, output_index: output, content_index: index };
	}

	*#call({ index, id, name, arguments: delta }: cchat.ToolCallDelta): Generator<SseEvent, void, void> {
		let open = this.#calls.get(index);
		if (open === undefined) {
			open = { output: this.#items++, call: { id: id ?? "", name: name ?? "", arguments: "" } };
			this.#calls.set(index, open);
			const item = callItem(this.#ids, index, "in_progress", open.call);
			yield this.#event("response.output_item.added", { output_index: open.output, item });
		}
		if (delta === "") return;
		open.call.arguments += delta;
		yield this.#event("response.function_call_arguments.delta", { item_id: this.#ids.call(index), output_index: open.output, delta });
	}

	*#end(response: cchat.Response): Generator<SseEvent, void, void> {
		const parts = answerParts(response.message);
		const { status } = endingOf(response);
		const output = new Map<number, object>();
		yield* this.#endReasoning(parts, output);
		yield* this.#endMessage(parts, status, output);
		for (const [index, call] of response.message.tool_calls.entries()) yield* this.#endCall(index, call, output);
		const items = [...output].sort(([a], [b]) => a - b).map(([, item]) => item);
		const { echo } = this.#facts;
		yield this.#event(`response.${status}`, { response: finishedBody(response, items, echo, this.#facts) });
	}

	*#endReasoning(parts: AnswerParts, output: Map<number, object>): Generator<SseEvent, void, void> {
		if (!hasReasoning(parts) && this.#reasoning === undefined) return;
		const open = this.#reasoning ?? (yield* this.#openReasoning());
		const text = parts.reasoning;
		const place = this.#summaryPlace(open.output);
		yield this.#event("response.reasoning_summary_text.done", { ...place, text });
		yield this.#event("response.reasoning_summary_part.done", { ...place, part: { type: "summary_text", text } });
		yield* this.#endItem(open.output, reasoningItem(this.#ids, "completed", parts), output);
	}

	*#endMessage(parts: AnswerParts, status: ItemStatus, output: Map<number, object>): Generator<SseEvent, void, void> {
		if (parts.annotations.length > 0) yield* this.#openPart("text");
		const message = this.#message;
		if (message === undefined) return;
		const content: object[] = [];
		if (message.text !== undefined) {
			const place = this.#partPlace(message.output, message.text);
			for (const [index, annotation] of parts.annotations.entries())
				yield this.#event("response.output_text.annotation.added", {
					...place,
					annotation_index: index,
					annotation: urlCitation(annotation),
				});
			yield this.#event("response.output_text.done", { ...place, text: parts.text, logprobs: [] });
			const part = textPart(parts.text, parts.annotations);
			yield this.#event("response.content_part.done", { ...place, part });
			content[message.text.index] = part;
		}
		if (message.refusal !== undefined) {
			const place = this.#partPlace(message.output, message.refusal);
			const refusal = parts.refusal ?? message.refusal.text;
			yield this.#event("response.refusal.done", { ...place, refusal });
			const part = refusalPart(refusal);
			yield this.#event("response.content_part.done", { ...place, part });
			content[message.refusal.index] = part;
		}
		yield* this.#endItem(message.output, messageItem(this.#ids, status, content), output);
	}

	*#endCall(index: number, call: cchat.ToolCall, output: Map<number, object>): Generator<SseEvent, void, void> {
		yield* this.#call({ index, id: call.id, name: call.name, arguments: "" });
		const place = this.#calls.get(index)?.output ?? 0;
		yield this.#event("response.function_call_arguments.done", {
			item_id: this.#ids.call(index),
			output_index: place,
			name: call.name,
			arguments: call.arguments,
		});
		yield* this.#endItem(place, callItem(this.#ids, index, "completed", call), output);
	}

	*#endItem(place: number, item: object, output: Map<number, object>): Generator<SseEvent, void, void> {
		output.set(place, item);
		yield this.#event("response.output_item.done", { output_index: place, item });
	}

	#event(type: string, members: object): SseEvent {
		return { event: type, data: JSON.stringify({ type, sequence_number: this.#sequence++, ...members }) };
	}
}
