import type { CallSite } from "../../generated/hostcall/runtime.ts";
import { ConversionError } from "../../generated/hostcall/runtime.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { Logger } from "../telemetry/logger.ts";

export interface GuestErrorContext {
	readonly logger: Logger;
	/** Removes keys from a text. */
	readonly redact: (text: string) => string;
}

/** Returns the error that a guest receives for an exception of a hostcall. Logs the details that the guest must not see. */
export function toGuestError(thrown: unknown, site: CallSite, { logger, redact }: GuestErrorContext): SpearError {
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
	return new SpearError(error.code, redact(error.message), {
		retryable: error.retryable,
		...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
		...(operation === undefined ? {} : { operation }),
		...(explanation === undefined ? {} : { explanation: redactExplanation(explanation, redact) }),
	});
}

/** Redacts the details of attempts: the only text of an explanation that may come from an upstream. */
function redactExplanation<E extends NonNullable<SpearError["explanation"]>>(explanation: E, redact: (text: string) => string): E {
	const attempts = explanation.attempts.map((attempt) =>
		attempt.detail === undefined ? attempt : { ...attempt, detail: redact(attempt.detail) },
	);
	return { ...explanation, attempts };
}
