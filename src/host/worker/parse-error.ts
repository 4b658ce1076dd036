import type * as types from "../../../generated/ir/types.ts";
import { CODE_DEFAULTS } from "../../errors/code-defaults.ts";
import { duration, list, members, oneOf, optionalText, text, whole } from "./guards.ts";
import { require } from "./violation.ts";

const TRANSPORTS: readonly types.Transport[] = ["unary", "server_stream", "bidi_stream"];

const REASONS: readonly types.RejectionReason[] = [
	"operation",
	"feature",
	"transport",
	"model",
	"degradation",
	"limit",
	"not_allowed",
	"denied",
	"no_key",
	"unhealthy",
	"saturated",
	"rate_limited",
	"already_tried",
];

/**
 * Returns an error record of a worker. The explanation may be one that the host has sent before, or made up by the guest, as every member.
 *
 * @throws Violation for a value that is no error record.
 */
export function parseError(value: unknown): types.Error {
	const { code, message, retryable, retry_after_ms, operation, explanation } = members(value);
	require(isCode(code), "an error has an unknown code");
	return {
		code,
		message: text(message),
		retryable: retryable === true,
		...(retry_after_ms === undefined ? {} : { retry_after_ms: duration(retry_after_ms) }),
		...(operation === undefined ? {} : { operation: text(operation) }),
		...(explanation === undefined ? {} : { explanation: parseExplanation(explanation) }),
	};
}

/** Returns true for a code of errors. A name that objects inherit is none. */
function isCode(code: unknown): code is types.ErrorCode {
	return typeof code === "string" && Object.hasOwn(CODE_DEFAULTS, code);
}

function parseExplanation(value: unknown): types.Explanation {
	const explanation = members(value);
	const model = optionalText(explanation.model);
	const chosen = optionalText(explanation.chosen);
	return {
		operation: text(explanation.operation),
		...(model === undefined ? {} : { model }),
		required_features: list(explanation.required_features).map(text),
		required_transports: list(explanation.required_transports).map((item) => oneOf(item, TRANSPORTS)),
		candidates_checked: whole(explanation.candidates_checked),
		eligible: list(explanation.eligible).map(text),
		rejected: list(explanation.rejected).map(parseRejection),
		policy: text(explanation.policy),
		...(chosen === undefined ? {} : { chosen }),
		attempts: list(explanation.attempts).map(parseAttempt),
	};
}

function parseRejection(value: unknown): types.Rejection {
	const { backend, reason, detail } = members(value);
	const more = optionalText(detail);
	return { backend: text(backend), reason: oneOf(reason, REASONS), ...(more === undefined ? {} : { detail: more }) };
}

function parseAttempt(value: unknown): types.Attempt {
	const { backend, latency_ms, failure, detail } = members(value);
	require(failure === undefined || isCode(failure), "an attempt has an unknown failure");
	const more = optionalText(detail);
	return {
		backend: text(backend),
		latency_ms: duration(latency_ms),
		...(failure === undefined ? {} : { failure }),
		...(more === undefined ? {} : { detail: more }),
	};
}
