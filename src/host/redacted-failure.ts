import { SpearError } from "../errors/spear-error.ts";
import { createUpstreamRedactor } from "../redaction/upstream-redactor.ts";

/**
 * Returns the failure of a backend's call without the key of that call: an adapter may repeat text of its upstream. A refusal of the
 * request before anything was sent repeats only the guest's own words, so it stays as it is. Otherwise a guest could try guesses of the key.
 */
export function redactedFailure(thrown: unknown, key: string | undefined): unknown {
	if (!(thrown instanceof SpearError) || key === undefined || isOwnRefusal(thrown)) return thrown;
	const message = createUpstreamRedactor([key])(thrown.message);
	if (message === thrown.message) return thrown;
	const { code, retryable, retryAfterMs, operation, explanation, reason, attribution, processed, usage, cause } = thrown;
	return new SpearError(code, message, {
		retryable,
		attribution,
		processed,
		cause,
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
		...(operation === undefined ? {} : { operation }),
		...(explanation === undefined ? {} : { explanation }),
		...(reason === undefined ? {} : { reason }),
		...(usage === undefined ? {} : { usage }),
	});
}

/** Returns true for a refusal of the request by the adapter. A failure that the upstream reported has a cause. */
function isOwnRefusal({ attribution, processed, cause }: SpearError): boolean {
	return attribution === "request" && processed === "no" && cause === undefined;
}
