import type { GuestError } from "../../errors/guest-error.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { errorOf } from "../run-contents/run-failure.ts";
import type { RunResult } from "../run-contents/run-result.ts";
import type { RunState } from "../runs.ts";

const ENDED: ReadonlySet<RunState> = new Set(["completed", "failed", "cancelled", "expired", "poisoned"]);

/** Returns true for the state of a run that has ended. A poisoned run begins again if the operator says so. */
export function hasEnded(state: RunState): boolean {
	return ENDED.has(state);
}

/**
 * Returns how a run has ended.
 *
 * @param result Result of the last attempt. Absent for a run without an attempt that has stored one.
 */
export function endOfRun(
	state: RunState,
	result: RunResult | undefined,
): { readonly answer: string } | { readonly error: SpearError | GuestError } {
	if (state === "completed" && result !== undefined && "answer" in result.ended) return { answer: result.ended.answer };
	if (state === "cancelled") return { error: new SpearError("cancelled", "the run was cancelled") };
	if (state === "expired")
		return {
			error: new SpearError("timeout", "the run had not ended at its deadline; submit it with a later one", {
				attribution: "caller",
				retryable: false,
			}),
		};
	if (result !== undefined && "failure" in result.ended) return { error: errorOf(result.ended.failure) };
	return {
		error: new SpearError(
			"internal",
			state === "poisoned"
				? "every attempt of the run ended with its worker; the operator can queue it again"
				: "the result of the run is not in the shared store",
		),
	};
}
