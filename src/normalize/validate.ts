import type * as cchat from "../../generated/ir/cchat.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import * as chat from "../../generated/schema/validate/cchat.js";
import { payloads } from "../../generated/schema/validate/operations.js";
import { callOptions } from "../../generated/schema/validate/types.js";
import type { Validator } from "../../generated/schema/validate/validator.d.ts";
import { describeFaults, firstFaults } from "../errors/describe-faults.ts";
import { SpearError } from "../errors/spear-error.ts";

/** Bounds the faults that one message names. */
const MAX_FAULTS = 10;

/**
 * Checks values from outside with the generated validators. Each function returns its value.
 *
 * @throws SpearError `invalid_request`, listing the first faults.
 */
export const validated = {
	payload<O extends Operation>(operation: O, value: unknown): OperationMap[O]["payload"] {
		const validators: { readonly [K in Operation]: Validator<OperationMap[K]["payload"]> } = payloads;
		return check(validators[operation], value);
	},
	chatRequest: (value: unknown): cchat.Request => check(chat.payload, value),
	message: (value: unknown): cchat.Message => check(chat.message, value),
	tool: (value: unknown): cchat.Tool => check(chat.tool, value),
	callOptions: (value: unknown): types.CallOptions => check(callOptions, value, "options"),
};

function check<T>(validator: Validator<T>, value: unknown, root = ""): T {
	if (validator(value)) return value;
	const faults = (validator.errors ?? []).map((fault) => ({
		...fault,
		instancePath: `${root === "" ? "" : `/${root}`}${fault.instancePath}`,
	}));
	throw new SpearError("invalid_request", firstFaults(describeFaults(faults), MAX_FAULTS).join("; "));
}
