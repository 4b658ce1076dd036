import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { CallIds } from "../call-ids.ts";
import { withToolPrompt } from "./tool-prompt.ts";
import { WrittenCalls, type WrittenPart } from "./written-calls.ts";

/**
 * Returns a backend whose upstream has no tools. The system message describes them, and calls are read out of the text of the answer.
 * Nothing forces the model to follow: it may write no call, or a wrong one, which then is text. So this is for the policy `lenient` alone.
 *
 * Requests without tools, and without calls in their history, pass unchanged.
 */
export function withToolsByPrompt(backend: ChatCompletionsBackend): ChatCompletionsBackend {
	return {
		async unary(envelope, context) {
			const { payload } = envelope;
			if (!concernsTools(payload)) return backend.unary(envelope, context);
			return readAnswer(await backend.unary({ ...envelope, payload: withToolPrompt(payload) }, context), readerOf(payload));
		},
		async *stream(envelope, context) {
			const { payload } = envelope;
			if (!concernsTools(payload)) yield* backend.stream(envelope, context);
			else {
				const events = backend.stream({ ...envelope, payload: withToolPrompt(payload) }, context);
				yield* readStream(events, readerOf(payload), (ids) => readerOf(payload, ids));
			}
		},
	};
}

function concernsTools({ tools, messages }: cchat.Request): boolean {
	return tools.length > 0 || messages.some(({ role, tool_calls }) => role === "tool" || tool_calls.length > 0);
}

/** @param known Ids of the first calls. The others get new ones. */
function readerOf({ tools, tool_choice, messages }: cchat.Request, known: readonly string[] = []): WrittenCalls {
	const ids = new CallIds(messages);
	const rest = [...known];
	return new WrittenCalls(tool_choice?.type === "none" ? [] : tools, () => rest.shift() ?? ids.claim(undefined));
}

/** Returns an answer with the calls that its text holds. */
function readAnswer(response: cchat.Response, reader: WrittenCalls): cchat.Response {
	const content = new Map<cchat.ContentPart, string>();
	const calls: cchat.ToolCall[] = [];
	let last: cchat.ContentPart | undefined;
	const take = (parts: Iterable<WrittenPart>, into: cchat.ContentPart): void => {
		for (const part of parts) {
			if (part.type === "call") calls.push(part.call);
			else content.set(into, (content.get(into) ?? "") + part.text);
		}
	};
	for (const part of response.message.content) {
		if (part.type !== "text") continue;
		take(reader.push(part.text), part);
		last = part;
	}
	if (last === undefined) return response;
	take(reader.end(), last);
	if (calls.length === 0) return response;
	return withCalls(response, calls, (part) => content.get(part) ?? "");
}

function withCalls(
	response: cchat.Response,
	calls: readonly cchat.ToolCall[],
	textOf: (part: cchat.ContentPart) => string,
): cchat.Response {
	const { message, finish_reason } = response;
	const content = message.content.flatMap((part): cchat.ContentPart[] => {
		// The ranges of citations count characters of the original text.
		if (part.type === "annotation") return [{ type: "annotation", annotation: withoutRange(part.annotation) }];
		if (part.type !== "text") return [part];
		const text = textOf(part);
		return text === "" ? [] : [{ type: "text", text }];
	});
	return {
		...response,
		message: { ...message, content, tool_calls: [...message.tool_calls, ...calls] },
		finish_reason: finish_reason === "stop" ? "tool_calls" : finish_reason,
	};
}

function withoutRange({ start_index: _, end_index: __, ...annotation }: cchat.Annotation): cchat.Annotation {
	return annotation;
}

async function* readStream(
	events: AsyncIterable<cchat.Event>,
	reader: WrittenCalls,
	again: (ids: readonly string[]) => WrittenCalls,
): AsyncGenerator<cchat.Event, void, void> {
	const calls: cchat.ToolCall[] = [];
	function* eventsOf(parts: Iterable<WrittenPart>): Generator<cchat.Event, void, void> {
		for (const part of parts) {
			if (part.type === "text") yield part;
			else yield { type: "tool_call", tool_call: { index: calls.push(part.call) - 1, ...part.call } };
		}
	}
	for await (const event of events) {
		if (event.type === "text") yield* eventsOf(reader.push(event.text));
		else if (event.type === "completed") {
			yield* eventsOf(reader.end());
			// The whole text has the same calls, which keep the ids of the events.
			yield { type: "completed", completed: readAnswer(event.completed, again(calls.map(({ id }) => id))) };
		} else yield event;
	}
}
