import { SpearError } from "../../../../errors/spear-error.ts";
import { guestText } from "../../../../redaction/guest-text.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { openAiErrors } from "../errors.ts";

/** Code of the error that ends a session at the upstream's maximum duration. */
export const EXPIRED = "session_expired";

/**
 * Returns the error that an error event describes. Events have no status. A code for "not found" means an item or a response, not a model,
 * so the request is invalid.
 */
export function eventError(exchange: Exchange, error: unknown): SpearError {
	if (!isObject(error)) return openAiErrors.reportedError(exchange, error);
	const reported = openAiErrors.reportedError(exchange, error.type === "invalid_request_error" ? { ...error, status: 400 } : error);
	if (error.code !== EXPIRED) return reported;
	const message = textOf(error.message);
	const detail = message === undefined ? "" : `: ${guestText(message, exchange)}`;
	return new SpearError("timeout", `the backend ended the session at its maximum duration${detail}`, {
		attribution: "caller",
		processed: "yes",
		cause: reported.cause,
	});
}
