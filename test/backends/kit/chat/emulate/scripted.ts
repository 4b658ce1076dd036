import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { message } from "../../../../helpers/chat.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";

/** A backend that answers as written, and records its requests. */
export interface Scripted extends ChatCompletionsBackend {
	readonly payloads: cchat.Request[];
	/** Events that a consumer has read. */
	readonly read: cchat.Event[];
	/** Times that a stream was ended early. */
	cancelled: number;
}

/** @param events Events of a stream before its end. The default is none. */
export function scripted(answer: cchat.Response | Error, events: readonly cchat.Event[] = []): Scripted {
	const backend: Scripted = {
		payloads: [],
		read: [],
		cancelled: 0,
		async unary({ payload }) {
			backend.payloads.push(payload);
			if (answer instanceof Error) throw answer;
			return answer;
		},
		async *stream({ payload }) {
			backend.payloads.push(payload);
			let isComplete = false;
			try {
				for (const event of events) {
					backend.read.push(event);
					yield event;
				}
				isComplete = true;
				if (answer instanceof Error) throw answer;
				yield { type: "completed", completed: answer };
			} finally {
				if (!isComplete) backend.cancelled++;
			}
		},
	};
	return backend;
}

/** Returns an answer with these parts and calls. */
export function answer(
	content: readonly cchat.ContentPart[],
	more: Partial<cchat.Response> = {},
	tool_calls: cchat.ToolCall[] = [],
): cchat.Response {
	return {
		id: "r",
		model: "m",
		message: { ...message("assistant", ""), content: [...content], tool_calls },
		finish_reason: "stop",
		...more,
	};
}

export function text(text: string): { type: "text"; text: string } {
	return { type: "text", text };
}

export function whole(backend: ChatCompletionsBackend, payload: Partial<cchat.Request> = {}): Promise<cchat.Response> {
	return backend.unary(chatEnvelope(payload), contextOf());
}

export function streamed(backend: ChatCompletionsBackend, payload: Partial<cchat.Request> = {}): Promise<cchat.Event[]> {
	return collect(backend.stream(chatEnvelope(payload), contextOf()));
}

/** Returns all text of the events. */
export function textOf(events: readonly cchat.Event[]): string {
	return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

/** Returns the answer at the end of a stream. */
export function endOf(events: readonly cchat.Event[]): cchat.Response {
	const last = events.at(-1);
	if (last?.type !== "completed") throw new Error("the stream has no end");
	return last.completed;
}

/** Returns each division of a text in two, and the division into single characters. */
export function divisions(whole: string): string[][] {
	const pairs = Array.from({ length: whole.length + 1 }, (_, at) => [whole.slice(0, at), whole.slice(at)]);
	return [...pairs, whole.split("")];
}
