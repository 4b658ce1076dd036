import type { ErrorCode } from "../../../generated/ir/types.ts";
import { GuestError } from "../../errors/guest-error.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { HttpError } from "../http-error.ts";

/**
 * Codes that close a connection after a failure. Others are 1011.
 *
 * @see https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number
 */
const CLOSE_CODES: Partial<Readonly<Record<ErrorCode, number>>> = {
	invalid_request: 1008,
	missing_capabilities: 1008,
	not_permitted: 1008,
	rate_limited: 1013,
	no_candidate_backend: 1013,
	cancelled: 1001,
};

/** Returns the code of a close after this failure. */
export function closeCodeOf(thrown: unknown): number {
	if (thrown instanceof GuestError) return 1011;
	if (thrown instanceof HttpError) return thrown.status === 429 || thrown.status === 503 ? 1013 : 1008;
	return CLOSE_CODES[SpearError.from(thrown).code] ?? 1011;
}

/** Returns the reason of a close after this failure. The text of an unexpected one is withheld. */
export function closeReasonOf(thrown: unknown): string {
	return thrown instanceof HttpError || thrown instanceof GuestError ? thrown.message : SpearError.from(thrown).message;
}
