import type * as cchat from "../../../generated/ir/cchat.ts";

/** Mark of a text that was cut. */
const CUT = "…";

/** Parts of a message by the conventions. */
interface MessagePart {
	readonly type: string;
	readonly content?: string;
	readonly id?: string;
	readonly name?: string;
	readonly arguments?: string;
	readonly response?: string;
}

export interface ContentOptions {
	/** Largest size of the text of one attribute, in bytes of UTF-8. */
	readonly maxBytes: number;
	/** Replaces secrets in a text. */
	readonly redact: (text: string) => string;
}

/**
 * Returns messages as JSON for `gen_ai.input.messages` or `gen_ai.output.messages`: redacted, and not larger than the bound. The latest
 * messages are kept, because they hold the question. Media are named by their type alone.
 *
 * @param finishReason Reason of the end of an answer. Absent for input.
 */
export function messageContent(messages: readonly cchat.Message[], { maxBytes, redact }: ContentOptions, finishReason?: string): string {
	const shown: string[] = [];
	// The brackets, and a comma for each message.
	let left = maxBytes - 2;
	for (const message of messages.toReversed()) {
		const text = shownMessage(message, left - 1, redact, finishReason);
		if (text === undefined) break;
		left -= Buffer.byteLength(text.json) + 1;
		shown.unshift(text.json);
		if (text.isCut) break;
	}
	return `[${shown.join(",")}]`;
}

/** Returns one message as JSON, with its texts cut to fit. `undefined` if nothing of it fits. */
function shownMessage(
	message: cchat.Message,
	maxBytes: number,
	redact: (text: string) => string,
	finishReason: string | undefined,
): { readonly json: string; readonly isCut: boolean } | undefined {
	const parts = partsOf(message).map((part) => redacted(part, redact));
	const ended = finishReason === undefined ? {} : { finish_reason: finishReason };
	const json = (max: number): string => JSON.stringify({ role: message.role, parts: parts.map((part) => shortened(part, max)), ...ended });
	// Each step halves the texts, so that few steps are needed.
	for (let max = maxBytes; max >= 1; max = Math.floor(max / 2)) {
		const text = json(max);
		if (Buffer.byteLength(text) <= maxBytes) return { json: text, isCut: max < maxBytes || text !== json(Number.POSITIVE_INFINITY) };
	}
	return undefined;
}

function partsOf({ role, content, tool_calls, tool_call_id }: cchat.Message): MessagePart[] {
	const texts = content.map((part): MessagePart => {
		if (part.type !== "text") return { type: part.type };
		if (role === "tool")
			return { type: "tool_call_response", ...(tool_call_id === undefined ? {} : { id: tool_call_id }), response: part.text };
		return { type: "text", content: part.text };
	});
	return [...texts, ...tool_calls.map(({ id, name, arguments: json }): MessagePart => ({ type: "tool_call", id, name, arguments: json }))];
}

/** The whole text is redacted before it is cut. Otherwise a cut would leave a part of a secret that no pattern matches. */
function redacted(part: MessagePart, redact: (text: string) => string): MessagePart {
	return mapped(part, redact);
}

function shortened(part: MessagePart, maxUnits: number): MessagePart {
	return mapped(part, (text) => (text.length <= maxUnits ? text : `${text.slice(0, maxUnits).toWellFormed()}${CUT}`));
}

function mapped(part: MessagePart, change: (text: string) => string): MessagePart {
	const texts = Object.entries(part).map(([name, text]: [string, string]) => [name, name === "type" ? text : change(text)]);
	return { type: part.type, ...Object.fromEntries(texts) };
}
