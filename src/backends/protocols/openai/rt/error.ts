import { SpearError } from "../../../../errors/spear-error.ts";
import { guestText } from "../../../../redaction/guest-text.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { openAiReportedError } from "../errors.ts";

/** The code of the error with which the upstream ends a session that has lasted as long as it may. */
export const EXPIRED = "session_expired";

/**
 * What an error event tells. An event has no status, and what its code says is not found is an item or an answer: the mistake is
 * in what was sent.
 */
export function eventError(exchange: Exchange, error: unknown): SpearError {
	if (!isObject(error)) return openAiReportedError(exchange, error);
	const reported = openAiReportedError(exchange, error.type === "invalid_request_error" ? { ...error, status: 400 } : error);
	if (error.code !== EXPIRED) return reported;
	const said = textOf(error.message);
	const detail = said === undefined ? "" : `: ${guestText(said, exchange)}`;
	return new SpearError("timeout", `the backend ended the session, which lasted as long as it may${detail}`, {
		attribution: "caller",
		processed: "yes",
		cause: reported.cause,
	});
}
