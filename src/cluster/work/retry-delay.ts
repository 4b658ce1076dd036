import type { Random } from "../../time/random.ts";
import type { RunFailure } from "../run-contents/run-failure.ts";

/** Wait after the first attempt, in milliseconds. Each further one is twice as long. */
const BASE_MS = 1_000;

/** Longest wait, in milliseconds. */
const MAX_MS = 60_000;

/** Longest wait that an upstream may ask for, in milliseconds. */
const MAX_ASKED_MS = 300_000;

/**
 * Returns the time until the next attempt of a run whose attempt has failed, in milliseconds; `undefined` for no further attempt.
 *
 * | failure | next attempt |
 * | --- | --- |
 * | a SpearError that is retryable | yes |
 * | another SpearError | no: the same call fails again |
 * | of the guest itself | only if the submission asks for it: the same input mostly fails again, and side effects happen twice |
 *
 * @param attempt Number of the attempt, from 1.
 */
export function retryDelay(failure: RunFailure, attempt: number, retryGuestFailures: boolean, random: Random): number | undefined {
	if ("guest" in failure ? !retryGuestFailures : !failure.retryable) return undefined;
	const asked = "guest" in failure ? 0 : Math.min(failure.retryAfterMs ?? 0, MAX_ASKED_MS);
	const backoff = Math.min(BASE_MS * 2 ** (attempt - 1), MAX_MS);
	// Runs that fail together would start together otherwise.
	return Math.round(Math.max(asked, backoff) * (0.75 + 0.5 * random()));
}
