import { SpearError } from "../../errors/spear-error.ts";
import type { MeteredGuest } from "../metering/metered-guest.ts";

/**
 * Returns the error of a guest that failed while it was instantiated.
 *
 * @param unnamed Reason for a thrown value that is no error. The default is the value as text.
 */
export function failedToStart(name: string, guest: MeteredGuest, cause: unknown, unnamed?: string): SpearError {
	if (cause instanceof SpearError) return cause;
	const text = guest.ended?.message ?? (cause instanceof Error ? cause.message : (unnamed ?? String(cause)));
	return new SpearError("invalid_request", `${name} failed while it was being instantiated: ${text}`, { cause });
}
