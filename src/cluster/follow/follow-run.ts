import { abortError, SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";
import type { RunContents } from "../run-contents/run-contents.ts";
import type { StepEvent } from "../run-contents/run-step.ts";
import type { RunEvents, SharedRuns } from "../runs.ts";
import { untilStored } from "../work/until-stored.ts";
import type { RunChanges } from "./run-changes.ts";
import { formatCursor, type RunCursor } from "./run-cursor.ts";

/** Time between two reads, in milliseconds, if no notification comes. */
const POLL_MS = 2_000;

/** Size of the steps of one read, in bytes. */
const READ_BYTES = 262_144;

/** A step of a run, as its readers receive it. */
export interface FollowedStep {
	/** Cursor after the step: a reader that continues from there receives what follows. */
	readonly cursor: string;
	readonly attempt: number;
	readonly event: StepEvent | { readonly type: "gap" };
}

export interface FollowParts {
	readonly runs: Pick<SharedRuns, "events">;
	readonly contents: RunContents;
	readonly changes: RunChanges;
	readonly clock: Clock;
}

/**
 * Yields the steps of a run after a cursor, as they come, until the run has ended. Each step of an attempt is yielded once. `gap` stands for steps that the
 * store no longer has. While the store cannot be reached, the reader waits.
 *
 * @throws SpearError `invalid_request` for a run that the store does not have, or has no longer; the error of `signal`.
 */
export async function* followRun(
	{ runs, contents, changes, clock }: FollowParts,
	id: string,
	from: RunCursor,
	signal: AbortSignal,
): AsyncGenerator<FollowedStep, void, void> {
	using watch = changes.watch(id);
	for (let at = from; ; ) {
		watch.reset();
		const read: RunEvents | undefined = await untilStored(() => runs.events(id, at.position, READ_BYTES), { clock, signal });
		if (signal.aborted) throw abortError(signal);
		if (read === undefined) throw unknownRun(id);
		if (read.gap) yield { cursor: formatCursor(at), attempt: at.attempt, event: { type: "gap" } };
		for (const { position, attempt, content } of read.events) {
			const { execution, number, event } = contents.openStep(id, attempt, content);
			const before = at;
			const isRepeated = execution === before.execution && number <= before.number;
			at = isRepeated ? { ...before, position } : { position, attempt, number, execution };
			if (isRepeated || isKnownBeginning(event, attempt, before)) continue;
			const cursor = formatCursor(at);
			if (isRetry(event, attempt, execution, before))
				yield {
					cursor: formatCursor({ ...at, position: before.position, number: number - 1 }),
					attempt,
					event: { type: "attempt", reason: "retried" },
				};
			yield { cursor, attempt, event };
		}
		if (read.ended) return;
		if (read.events.length === 0) await watch.change(POLL_MS, signal);
	}
}

/** Returns true for the beginning of an attempt that has begun before, and was handed back then. */
function isKnownBeginning({ type }: StepEvent, attempt: number, before: RunCursor): boolean {
	return type === "attempt" && attempt === before.attempt;
}

/** Returns true for the first step after the operator has queued the run again: attempts count from 1 again, and the first one has no beginning. */
function isRetry({ type }: StepEvent, attempt: number, execution: string, before: RunCursor): boolean {
	return type !== "attempt" && before.execution !== "" && execution !== before.execution && attempt <= before.attempt;
}

export function unknownRun(id: string): SpearError {
	return new SpearError("invalid_request", `there is no run ${id.slice(0, 300)}; runs are kept for a while after their end only`);
}
