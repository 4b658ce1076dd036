import type { RunContents } from "../run-contents/run-contents.ts";
import type { StepEvent } from "../run-contents/run-step.ts";
import type { SharedRuns } from "../runs.ts";
import { formatCursor, type RunCursor } from "./run-cursor.ts";

/** Size of the steps of one read, in bytes. */
const READ_BYTES = 262_144;

/** A step of a run, as its readers receive it. */
export interface FollowedStep {
	/** Cursor after the step: a reader that continues from there receives what follows. */
	readonly cursor: string;
	readonly attempt: number;
	readonly event: StepEvent | { readonly type: "gap" };
}

/** Steps of one read. */
export interface ReadSteps {
	readonly steps: readonly FollowedStep[];
	/** True if the store has returned nothing after the cursor. The next read may find more only after a change of the run. */
	readonly isEmpty: boolean;
	/** True if no step follows. */
	readonly ended: boolean;
}

export interface StepReaderParts {
	readonly runs: Pick<SharedRuns, "events">;
	readonly contents: RunContents;
}

/** Reads the steps of a run after a cursor. Each step of an attempt is returned once. */
export class StepReader {
	readonly #parts: StepReaderParts;
	readonly #id: string;
	#at: RunCursor;
	/** True after a gap that no step has followed. */
	#isGapTold = false;

	constructor(parts: StepReaderParts, id: string, from: RunCursor) {
		this.#parts = parts;
		this.#id = id;
		this.#at = from;
	}

	/** Cursor after the steps so far. */
	get cursor(): string {
		return formatCursor(this.#at);
	}

	/** Returns the next steps; `undefined` for a run that the store does not have. @throws StoreError */
	async read(): Promise<ReadSteps | undefined> {
		const read = await this.#parts.runs.events(this.#id, this.#at.position, READ_BYTES);
		if (read === undefined) return undefined;
		const steps: FollowedStep[] = [];
		if (read.gap && !this.#isGapTold) steps.push({ cursor: this.cursor, attempt: this.#at.attempt, event: { type: "gap" } });
		this.#isGapTold = read.gap && read.events.length === 0;
		for (const { position, attempt, content } of read.events) {
			const { execution, number, event } = this.#parts.contents.openStep(this.#id, attempt, content);
			const before = this.#at;
			const isRepeated = execution === before.execution && number <= before.number;
			this.#at = isRepeated ? { ...before, position } : { position, attempt, number, execution };
			if (isRepeated || isKnownBeginning(event, attempt, before)) continue;
			if (isRetry(event, attempt, execution, before)) {
				const cursor = formatCursor({ ...this.#at, position: before.position, number: number - 1 });
				steps.push({ cursor, attempt, event: { type: "attempt", reason: "retried" } });
			}
			steps.push({ cursor: this.cursor, attempt, event });
		}
		return { steps, isEmpty: read.events.length === 0, ended: read.ended };
	}
}

/** Returns true for the beginning of an attempt that has a beginning already, because the attempt was handed back. */
function isKnownBeginning({ type }: StepEvent, attempt: number, before: RunCursor): boolean {
	return type === "attempt" && attempt === before.attempt;
}

/** Returns true for the first step after the operator has queued the run again: attempts count from 1 again, and the first one has no beginning. */
function isRetry({ type }: StepEvent, attempt: number, execution: string, before: RunCursor): boolean {
	return type !== "attempt" && before.execution !== "" && execution !== before.execution && attempt <= before.attempt;
}
