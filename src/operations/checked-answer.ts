import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { events, results } from "../../generated/schema/validate/operations.js";
import type { Validator } from "../../generated/schema/validate/validator.d.ts";
import { describeFaults } from "../errors/describe-faults.ts";
import { SpearError } from "../errors/spear-error.ts";
import { type AnswerFault, chatAnswerFault } from "./chat-answer.ts";
import { faultAttribution } from "./feature-parts.ts";

/** Bounds the faults that one message names. */
const MAX_FAULTS = 3;

/** Rules across the members of a result, which a schema cannot state. The default is none. */
const RULES: { readonly [O in Operation]?: (result: OperationMap[O]["result"]) => AnswerFault | undefined } = {
	chat_completions: chatAnswerFault,
};

/**
 * Returns a backend's result if it has the shape that the ABI defines.
 *
 * @param backend Name of the instance, for the message.
 * @throws SpearError `backend_error` that names the backend and the first faults.
 */
export function checkedResult<O extends Operation>(operation: O, value: unknown, backend: string): OperationMap[O]["result"] {
	const validators: { readonly [K in Operation]: Validator<OperationMap[K]["result"]> } = results;
	return withinRules(operation, checked(operation, validators[operation], value, "result", backend), backend);
}

/**
 * Returns an event of a backend's stream or session if it has the shape that the ABI defines.
 *
 * @param backend Name of the instance, for the message.
 * @throws SpearError `backend_error` that names the backend and the first faults.
 */
export function checkedEvent<O extends Operation>(operation: O, value: unknown, backend: string): OperationMap[O]["event"] {
	const validators: { readonly [K in Operation]: Validator<OperationMap[K]["event"]> } = events;
	const event = checked(operation, validators[operation], value, "event", backend);
	if (event.type === "completed") withinRules(operation, event.completed, backend);
	return event;
}

function withinRules<O extends Operation>(operation: O, result: OperationMap[O]["result"], backend: string): OperationMap[O]["result"] {
	const fault = RULES[operation]?.(result);
	if (fault === undefined) return result;
	throw new SpearError("backend_error", `backend '${backend}' returned an invalid result of ${operation}: ${fault.what}`, {
		attribution: fault.attribution,
		processed: "yes",
	});
}

function checked<T>(operation: Operation, validator: Validator<T>, value: unknown, what: "result" | "event", backend: string): T {
	if (validator(value)) return value;
	const faults = describeFaults(validator.errors ?? []).slice(0, MAX_FAULTS);
	throw new SpearError("backend_error", `backend '${backend}' returned an invalid ${what} of ${operation}: ${faults.join("; ")}`, {
		attribution: faultAttribution(operation, faults),
		processed: "yes",
	});
}
