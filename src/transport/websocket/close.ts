import { SpearError } from "../../errors/spear-error.ts";
import { guestText } from "../../redaction/redact.ts";
import { type Exchange, UpstreamFailure } from "../http/failure.ts";

/**
 * The error for a connection that the other side closed; none when it did so in order.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4
 */
export function closeError(exchange: Exchange, code: number, reason: string): SpearError | undefined {
	if (code === 1000 || code === 1005) return undefined;
	const said = reason === "" ? "" : `: ${guestText(reason, exchange)}`;
	const cause = new UpstreamFailure(`${exchange.target}: closed with code ${code}: ${exchange.redact(reason)}`);
	const error = (what: string, retryable: boolean) =>
		new SpearError("backend_error", `${what} (close code ${code})${said}`, { retryable, cause });
	const ended = { cause, processed: "yes" } as const; // It was at work until then.
	switch (code) {
		case 1001:
			return error("the backend is going away", true);
		case 1008:
			return error("the backend ended the session by its policy", false);
		case 1009:
			return new SpearError("invalid_request", `a message was too large for the backend (close code 1009)${said}`, ended);
		case 1011:
		case 1012:
		case 1014:
			return error("the backend failed", true);
		case 1013:
			return new SpearError("rate_limited", `the backend asks to try again later (close code 1013)${said}`, ended);
		default:
			return error("the backend ended the session", false);
	}
}
