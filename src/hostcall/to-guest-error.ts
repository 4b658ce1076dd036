import type { CallSite } from "../../generated/hostcall/runtime.ts";
import { ConversionError } from "../../generated/hostcall/runtime.ts";
import { causeChain } from "../errors/cause-chain.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { Logger } from "../telemetry/logger.ts";

/**
 * Returns the error that a guest receives for an exception of a hostcall. Logs the details that the guest must not see.
 *
 * The message is not redacted here, because it may repeat the guest's own words: a guest could try guesses of a key. Text of an upstream
 * was redacted with the key of its exchange, where it was received.
 */
export function toGuestError(thrown: unknown, site: CallSite, logger: Logger): SpearError {
	const error = thrown instanceof ConversionError ? new SpearError("invalid_request", thrown.message) : SpearError.from(thrown);
	const { cause, reason } = error;
	const fields = { hostcall: `${site.interface}.${site.function}`, code: error.code, ...(reason === undefined ? {} : { reason }) };
	if (error.code === "internal") logger.error(cause === undefined ? fields : { ...fields, err: cause }, error.message);
	// The log of upstreams reports the failures of requests that passed the router.
	else if (error.code === "backend_error" && error.explanation === undefined) logger.warn(fields, causeChain(error));
	else logger.debug(fields, causeChain(error));
	const operation = error.operation ?? site.operation;
	const { explanation } = error;
	return new SpearError(error.code, error.message, {
		retryable: error.retryable,
		...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
		...(operation === undefined ? {} : { operation }),
		...(explanation === undefined ? {} : { explanation }),
	});
}
