import { abortError, SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";
import { untilStored } from "../work/until-stored.ts";
import type { RunCursor } from "./run-cursor.ts";
import type { RunWatches } from "./run-watches.ts";
import { type FollowedStep, StepReader, type StepReaderParts } from "./step-reader.ts";

/** Time between two reads, in milliseconds, if no notification comes. */
const POLL_MS = 2_000;

export interface FollowParts extends StepReaderParts {
	readonly changes: RunWatches;
	readonly clock: Clock;
}

/**
 * Yields the steps of a run after a cursor, as they come, until the run has ended. `gap` stands for steps that the store no longer has. While the store
 * cannot be reached, the reader waits.
 *
 * @throws SpearError `invalid_request` for a run that the store does not have, or has no longer; the error of `signal`.
 */
export async function* followRun(
	parts: FollowParts,
	id: string,
	from: RunCursor,
	signal: AbortSignal,
): AsyncGenerator<FollowedStep, void, void> {
	const { changes, clock } = parts;
	const reader = new StepReader(parts, id, from);
	using watch = changes.watch(id);
	for (;;) {
		watch.reset();
		const read = await untilStored(() => reader.read(), { clock, signal });
		if (signal.aborted) throw abortError(signal);
		if (read === undefined) throw unknownRun(id);
		yield* read.steps;
		if (read.ended) return;
		if (read.isEmpty) await watch.change(POLL_MS, signal);
	}
}

export function unknownRun(id: string): SpearError {
	return new SpearError("invalid_request", `there is no run ${id.slice(0, 300)}; runs are kept for a while after their end only`);
}
