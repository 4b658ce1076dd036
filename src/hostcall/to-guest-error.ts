import type { CallSite } from "../../generated/hostcall/runtime.ts";
import { ConversionError } from "../../generated/hostcall/runtime.ts";
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
	const fields = {
		hostcall: `${site.interface}.${site.function}`,
		code: error.code,
		...(error.cause === undefined ? {} : { err: error.cause }),
	};
	if (error.code === "internal") logger.error(fields, error.message);
	else if (error.code === "backend_error") logger.warn(fields, error.message);
	else logger.debug(fields, error.message);
	const operation = error.operation ?? site.operation;
	const { explanation } = error;
	return new SpearError(error.code, error.message, {
		retryable: error.retryable,
		...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
		...(operation === undefined ? {} : { operation }),
		...(explanation === undefined ? {} : { explanation }),
	});
}
