import type { RunOutcome } from "../abi/guest-module.ts";
import { GuestError } from "../errors/guest-error.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";

/**
 * Returns the guest's answer.
 *
 * @throws The reason of `signal` when that is aborted, whatever the guest returned. SpearError the error of a hostcall that the guest passed
 * on. GuestError the guest's own failure, or a trap.
 */
export function unwrapOutcome(outcome: RunOutcome, signal: AbortSignal): string {
	if (signal.aborted) throw abortError(signal);
	if ("ok" in outcome) return outcome.ok;
	if ("trap" in outcome) {
		const { message, stderr, cause } = outcome.trap;
		throw new GuestError("trapped", message, { stderr, cause });
	}
	const error = outcome.err;
	throw error.type === "failed" ? new GuestError("failed", error.failed) : SpearError.fromRecord(error.hostcall);
}
