import type { RunWatch } from "../../cluster/follow/run-watches.ts";
import type { FollowedStep } from "../../cluster/follow/step-reader.ts";
import type { RunState } from "../../cluster/runs.ts";
import type { RunDetails } from "./run-info.ts";

export interface ReadOptions {
	/** Ends the wait. */
	readonly signal?: AbortSignal;
}

/** The functions of a queue that the handle of a run uses. */
export interface RunAccess {
	status(id: string): Promise<RunDetails | undefined>;
	/** As `status`, and waits while the store cannot be reached. @throws The error of `signal`, too. */
	statusLater(id: string, signal: AbortSignal): Promise<RunDetails | undefined>;
	events(id: string, options: ReadOptions & { readonly after?: string }): AsyncGenerator<FollowedStep, void, void>;
	cancel(id: string): Promise<RunState | undefined>;
	/** Watches a run. */
	watch(id: string): RunWatch;
	/** Returns a signal that the close of the host aborts too. */
	signalWith(signal: AbortSignal | undefined): AbortSignal;
}
