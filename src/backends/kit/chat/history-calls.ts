/**
 * Tool calls of the conversation in the form that upstreams accept again. Models write arguments that are no JSON object, and servers
 * repeat the ids of earlier answers. Many upstreams refuse a conversation that contains either.
 */
import type * as cchat from "../../../../generated/ir/cchat.ts";
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

/**
 * Returns the conversation with an id for each call that no earlier call has. The results of a call follow it. The ids depend only on
 * earlier messages, so the beginning of a conversation stays equal from request to request.
 */
export function withUniqueCallIds(messages: readonly cchat.Message[]): readonly cchat.Message[] {
	const taken = new Set<string>();
	const repetitions = new Map<string, number>();
	const unique = (id: string): string => {
		let candidate = id;
		while (candidate === "" || taken.has(candidate)) {
			const count = (repetitions.get(id) ?? 1) + 1;
			repetitions.set(id, count);
			candidate = `${id === "" ? "call" : id}_${count}`;
		}
		taken.add(candidate);
		return candidate;
	};
	let ids = new Map<string, string>();
	return messages.map((message) => {
		if (message.role === "tool") {
			const id = ids.get(message.tool_call_id ?? "");
			return id === undefined ? message : { ...message, tool_call_id: id };
		}
		if (message.tool_calls.length === 0) return message;
		ids = new Map(message.tool_calls.map(({ id }) => [id, unique(id)]));
		return { ...message, tool_calls: message.tool_calls.map((call) => ({ ...call, id: ids.get(call.id) ?? call.id })) };
	});
}
