import { runErrorToIr } from "../../generated/ir/convert/types.ts";
import type { RunOutcome } from "../abi/component/run-outcome.ts";
import { GuestError } from "../errors/guest-error.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";

/**
 * The guest's answer, or its failure thrown: a hostcall's error that it passed on as that SpearError again, its own as a
 * GuestError, and the reason of `signal` once that is aborted, whatever the guest made of it.
 */
export function unwrapOutcome(outcome: RunOutcome, signal: AbortSignal): string {
	if (signal.aborted) throw abortError(signal);
	if ("ok" in outcome) return outcome.ok;
	if ("trap" in outcome) {
		const { message, stderr, cause } = outcome.trap;
		throw new GuestError("trapped", message, { stderr, cause });
	}
	const error = runErrorToIr(outcome.err);
	throw error.type === "failed" ? new GuestError("failed", error.failed) : SpearError.fromRecord(error.hostcall);
}
