import { SpearError } from "../../../errors/spear-error.ts";
import { parseJson } from "../../../formats/json.ts";
import { guestText } from "../../../redaction/guest-text.ts";
import { redactBeginning } from "../../../redaction/redact-beginning.ts";
import type { JsonAnswer } from "../../../transport/http/answer.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import { quotaError, type StatusFailure, statusCause, statusError } from "../../../transport/http/status-error.ts";
import { cutErrorText, errorText } from "../../kit/error-text.ts";
import { isObject, type JsonObject, textOf } from "../../kit/json/guards.ts";
import { meaningOf, STATUSES } from "./error-table.ts";

/** Returns the error for a status that is not a success. */
export function anthropicStatusError(failure: StatusFailure): SpearError {
	const error = parseBody(failure.body);
	return toSpearError(failure, failure.status, error.type, error.message);
}

/**
 * Returns the error that an upstream reports within a successful answer: in an event of a stream, or in place of a message.
 *
 * @param value The whole event or answer.
 */
export function anthropicReportedError(exchange: Exchange, value: unknown): SpearError {
	const body = redactBeginning(JSON.stringify(value), exchange.redact);
	// Descriptions are cut, so they come from redacted text. Otherwise a cut through a key would leave a part that no redactor finds.
	return toSpearError(
		{ ...exchange, status: 200, headers: {}, body, retryAfterMs: undefined },
		500,
		typeOf(value),
		parseBody(body).message,
	);
}

/** Returns true for an answer or an event that reports an error. */
export function isReportedError(value: unknown): boolean {
	return isObject(value) && (value.type === "error" || isObject(value.error));
}

/**
 * Returns a successful answer as an object.
 *
 * @param wrong Makes the error for an answer that is not an object.
 * @throws SpearError the error that the upstream reports in place of a result.
 */
export function resultObject({ value, exchange }: JsonAnswer, wrong: (what: string) => Error): JsonObject {
	if (isReportedError(value)) throw anthropicReportedError(exchange, value);
	if (!isObject(value)) throw wrong("it is not an object");
	return value;
}

function toSpearError(failure: StatusFailure, status: number, type: string | undefined, detail: string | undefined): SpearError {
	const means = meaningOf(status, type, detail);
	if (means === "quota") return quotaError(failure, detail);
	if (means === "overloaded") return overloadedError(failure, detail);
	const statuses = means === undefined ? undefined : STATUSES[means];
	return statusError(failure, { status: statuses === undefined || statuses.includes(status) ? status : statuses[0], detail });
}

/** The error for an upstream without capacity. The same request may succeed later, and other backends are not affected. */
function overloadedError(failure: StatusFailure, detail: string | undefined): SpearError {
	const suffix = detail === undefined ? "" : `: ${guestText(detail, failure)}`;
	return new SpearError("backend_error", `the backend is overloaded${suffix}`, {
		retryable: true,
		attribution: "capacity",
		processed: "no",
		...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
		cause: statusCause(failure, 529),
	});
}

function parseBody(body: string): { readonly type: string | undefined; readonly message: string | undefined } {
	try {
		const value: unknown = parseJson(body);
		return { type: typeOf(value), message: errorText(value) };
	} catch {
		return { type: undefined, message: cutErrorText(body) };
	}
}

function typeOf(value: unknown): string | undefined {
	return isObject(value) && isObject(value.error) ? textOf(value.error.type) : undefined;
}
