import { SpearError } from "../../errors/spear-error.ts";
import { guestText } from "../../redaction/guest-text.ts";
import type { Exchange } from "../http/exchange.ts";
import { UpstreamFailure } from "../http/failure.ts";

/**
 * Returns the error for a close frame of the other side, or `undefined` for an orderly close.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4
 */
export function closeError(exchange: Exchange, code: number, reason: string): SpearError | undefined {
	if (code === 1000 || code === 1005) return undefined;
	const detail = reason === "" ? "" : `: ${guestText(reason, exchange)}`;
	const cause = new UpstreamFailure(`${exchange.target}: closed with code ${code}: ${exchange.redact(reason)}`);
	const error = (what: string, retryable: boolean) =>
		new SpearError("backend_error", `${what} (close code ${code})${detail}`, { retryable, cause });
	const processed = { cause, processed: "yes" } as const; // The session was being served until then.
	switch (code) {
		case 1001:
			return error("the backend is going away", true);
		case 1008:
			return error("the backend ended the session by its policy", false);
		case 1009:
			return new SpearError("invalid_request", `a message was too large for the backend (close code 1009)${detail}`, processed);
		case 1011:
		case 1012:
		case 1014:
			return error("the backend failed", true);
		case 1013:
			return new SpearError("rate_limited", `the backend asks to try again later (close code 1013)${detail}`, processed);
		default:
			return error("the backend ended the session", false);
	}
}
