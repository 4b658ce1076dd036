import type { ErrorCode } from "../../../../generated/ir/types.ts";
import type { SpearError } from "../../../errors/spear-error.ts";

/** Beginnings of messages, by which guests tell kinds of failures. */
const UNSUPPORTED = "Operation not supported: ";
const NO_CANDIDATE = `${UNSUPPORTED}no candidate backend: `;
const INVALID = "Invalid request: ";
const FAILED = "Runtime error: ";

const PREFIXES: Readonly<Record<ErrorCode, string>> = {
	no_candidate_backend: NO_CANDIDATE,
	missing_capabilities: NO_CANDIDATE,
	backend_not_enabled: UNSUPPORTED,
	not_permitted: UNSUPPORTED,
	invalid_request: INVALID,
	rate_limited: FAILED,
	timeout: FAILED,
	backend_error: FAILED,
	cancelled: FAILED,
	internal: FAILED,
};

/** Returns the body of a response for a request that failed. */
export function errorBody(code: string, message: string): object {
	return { error: { code, message } };
}

/** Returns the body of a response for an error of a layer below. */
export function failureBody({ code, message }: SpearError): object {
	return errorBody(code, PREFIXES[code] + message);
}
