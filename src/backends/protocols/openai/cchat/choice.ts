import { isObject, type JsonObject } from "../../../kit/json/guards.ts";
import { openAiErrors } from "../errors.ts";
import { finishReasonOf, isFailure } from "./finish-reason.ts";

/**
 * Returns the error that an upstream reports in a choice of a successful answer: its member `error`, or a finish reason that stands for a
 * failure. `undefined` if the choice reports none.
 */
export function choiceError(choice: JsonObject): unknown {
	const reported = openAiErrors.reported(choice);
	if (reported !== undefined) return reported;
	const reason = finishReasonOf(choice);
	return reason !== undefined && isFailure(reason) ? { message: `the answer ended with finish_reason ${reason}` } : undefined;
}

/** Returns true for the choice that was asked for. Some servers send its index as text or leave it out. */
export function isRequested(choice: unknown): choice is JsonObject {
	return isObject(choice) && (choice.index === undefined || choice.index === null || choice.index === 0 || choice.index === "0");
}

/** Returns the message in a choice that has only a `text`, as in the older API for completions. `undefined` without a text. */
export function textMessage({ text }: JsonObject): JsonObject | undefined {
	return typeof text === "string" ? { content: text } : undefined;
}

/** Returns true if a message or a delta holds more than a role. */
export function hasContent(message: JsonObject): boolean {
	return Object.entries(message).some(([name, value]) => {
		if (name === "role" || value === null || value === undefined || value === "") return false;
		return !Array.isArray(value) || value.length > 0;
	});
}
