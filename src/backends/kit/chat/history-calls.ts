/**
 * Arguments of the conversation's tool calls in the form that upstreams accept again. Models write arguments that are no JSON object, and
 * many upstreams refuse a conversation that contains them.
 */
import { parseJson } from "../../../formats/json.ts";
import { isObject } from "../json/guards.ts";

/** Member that holds arguments which are no JSON object. The model recognizes its own text in it. */
const INVALID = "invalid_arguments";

/**
 * Returns the arguments of a call as the text of a JSON object. Absent arguments become `{}`. All other text, such as arguments that were
 * cut off, becomes a member of an object.
 */
export function historyArguments(text: string): string {
	if (text.trim() === "") return "{}";
	try {
		const value = parseJson(text);
		if (isObject(value)) return text;
		if (value === null) return "{}";
	} catch {
		// Not JSON, or nested too deeply.
	}
	return JSON.stringify({ [INVALID]: text });
}
