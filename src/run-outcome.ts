import { runErrorToIr } from "../generated/ir/convert/types.ts";
import { GuestError } from "./errors/guest-error.ts";
import { SpearError } from "./errors/spear-error.ts";
import type { RunOutcome } from "./host/load.ts";

/** The guest's answer, or its failure thrown: a hostcall's error it passed on as that SpearError again, its own as a GuestError. */
export function unwrapOutcome(outcome: RunOutcome): string {
	if ("ok" in outcome) return outcome.ok;
	const error = runErrorToIr(outcome.err);
	if (error.type === "failed") throw new GuestError("failed", error.failed);
	const { hostcall } = error;
	throw new SpearError(hostcall.code, hostcall.message, {
		retryable: hostcall.retryable,
		...(hostcall.retry_after_ms === undefined ? {} : { retryAfterMs: hostcall.retry_after_ms }),
		...(hostcall.operation === undefined ? {} : { operation: hostcall.operation }),
		...(hostcall.explanation === undefined ? {} : { explanation: hostcall.explanation }),
	});
}
