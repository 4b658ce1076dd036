import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { appendText } from "../append-text.ts";
import { countScalars } from "../scalars.ts";
import { StopMatcher } from "./stop-matcher.ts";

export interface StopSequencesOptions {
	/** Most stop sequences that the upstream accepts. 0: none. More than that are all applied by the host. */
	readonly max: number;
	/** Returns the model of an answer that is cut before the upstream names it. */
	readonly model: (payload: cchat.Request) => string;
}

/**
 * Returns a backend that ends answers before a stop sequence, for an upstream that accepts fewer than a request has. Applies to text alone,
 * not to reasoning and arguments. A stream is cancelled where it is cut, so its usage is the one that was reported until then.
 */
export function withStopSequences(backend: ChatCompletionsBackend, { max, model }: StopSequencesOptions): ChatCompletionsBackend {
	const stopsOf = ({ params }: cchat.Request): readonly string[] => (params === undefined || params.stop.length <= max ? [] : params.stop);
	const without = (payload: cchat.Request): cchat.Request =>
		payload.params === undefined ? payload : { ...payload, params: { ...payload.params, stop: [] } };
	return {
		async unary(envelope, context) {
			const stops = stopsOf(envelope.payload);
			if (stops.length === 0) return backend.unary(envelope, context);
			return cutAnswer(await backend.unary({ ...envelope, payload: without(envelope.payload) }, context), stops);
		},
		stream(envelope, context) {
			const stops = stopsOf(envelope.payload);
			if (stops.length === 0) return backend.stream(envelope, context);
			const events = backend.stream({ ...envelope, payload: without(envelope.payload) }, context);
			return cutStream(events, stops, () => model(envelope.payload));
		},
	};
}

/** Returns a whole answer that ends before the first stop sequence in its text. */
function cutAnswer(response: cchat.Response, stops: readonly string[]): cchat.Response {
	const matcher = new StopMatcher(stops);
	const content: cchat.ContentPart[] = [];
	let length = 0;
	for (const part of response.message.content) {
		if (part.type !== "text") {
			content.push(part);
			continue;
		}
		const { text, found } = matcher.push(part.text);
		length += text.length;
		content.push(part);
		if (found) {
			const kept = ending(content, length);
			const scalars = countScalars(textOf(kept));
			const annotations = response.message.content.flatMap((other) => (other.type === "annotation" ? within(other, scalars) : []));
			const message = {
				...response.message,
				content: [...kept.filter(({ type }) => type !== "annotation"), ...annotations],
				tool_calls: [],
			};
			return { ...response, message, finish_reason: "stop" };
		}
	}
	return response;
}

/** Returns the parts with the first characters of their text. Parts without any text left are gone. */
function ending(content: readonly cchat.ContentPart[], characters: number): cchat.ContentPart[] {
	let rest = characters;
	return content.flatMap((part): cchat.ContentPart[] => {
		if (part.type !== "text") return [part];
		const text = part.text.slice(0, rest);
		rest -= text.length;
		return text === "" ? [] : [{ type: "text", text }];
	});
}

function textOf(content: readonly cchat.ContentPart[]): string {
	return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** Returns a citation of the text that remains. */
function within(part: Extract<cchat.ContentPart, { type: "annotation" }>, length: number): cchat.ContentPart[] {
	const { start_index, end_index } = part.annotation;
	if (start_index !== undefined && start_index >= length) return [];
	if (end_index === undefined || end_index <= length) return [part];
	return [{ type: "annotation", annotation: { ...part.annotation, end_index: length } }];
}

async function* cutStream(
	events: AsyncIterable<cchat.Event>,
	stops: readonly string[],
	model: () => string,
): AsyncGenerator<cchat.Event, void, void> {
	const matcher = new StopMatcher(stops);
	const content: cchat.ContentPart[] = [];
	let usage: types.Usage | undefined;
	for await (const event of events) {
		if (event.type === "text") {
			const { text, found } = matcher.push(event.text);
			appendText(content, text);
			if (text !== "") yield { type: "text", text };
			if (found) {
				const message: cchat.Message = { role: "assistant", content, tool_calls: [] };
				// Leaving the loop cancels the upstream.
				yield {
					type: "completed",
					completed: { model: model(), message, finish_reason: "stop", ...(usage === undefined ? {} : { usage }) },
				};
				return;
			}
			continue;
		}
		if (event.type === "reasoning") appendReasoning(content, event.reasoning);
		if (event.type === "usage") usage = event.usage;
		if (event.type === "completed") {
			const text = matcher.end();
			if (text !== "") yield { type: "text", text };
		}
		yield event;
	}
}

function appendReasoning(content: cchat.ContentPart[], text: string): void {
	const last = content.at(-1);
	if (last?.type === "reasoning") last.reasoning.text += text;
	else content.push({ type: "reasoning", reasoning: { text } });
}
