import { isObject, type JsonObject } from "../../../kit/json/guards.ts";
import { reasoningOf } from "./answer.ts";

/** The parts of an answer that its deltas held. */
export interface Streamed {
	readonly text: string;
	readonly reasoning: string;
	readonly refusal: string;
	readonly hasCalls: boolean;
}

/**
 * Returns the part of a message that the deltas before it did not hold. Some servers end a stream with the whole message, or send the
 * message so far with each delta.
 *
 * @returns `undefined` if the content of the message neither is in the deltas nor continues them, as far as the comparison can tell.
 */
export function missingPart(message: JsonObject, streamed: Streamed): JsonObject | undefined {
	const { content, refusal, tool_calls, reasoning_content: _, reasoning: __, ...rest } = message;
	const text = textOf(content);
	const missing = text === undefined ? undefined : missingText(text, streamed.text);
	if (missing === undefined) return undefined;
	const reasoning = streamed.reasoning === "" ? reasoningOf(message) : undefined;
	return {
		...rest,
		content: missing,
		...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
		...(streamed.refusal === "" ? { refusal } : {}),
		...(streamed.hasCalls ? {} : { tool_calls }),
	};
}

/** Compares beginnings and ends only: a search for one text within another can cost the product of their lengths. */
function missingText(whole: string, streamed: string): string | undefined {
	if (whole.startsWith(streamed)) return whole.slice(streamed.length);
	const text = whole.trim();
	return streamed.trimStart().startsWith(text) || streamed.trimEnd().endsWith(text) ? "" : undefined;
}

/** Returns content as one text. `undefined` if the content holds anything else. */
function textOf(content: unknown): string | undefined {
	if (content === null || content === undefined) return "";
	if (typeof content === "string") return content;
	const texts = (Array.isArray(content) ? content : [content]).map((item: unknown) =>
		isObject(item) && item.type === "text" && typeof item.text === "string" ? item.text : undefined,
	);
	return texts.includes(undefined) ? undefined : texts.join("");
}
