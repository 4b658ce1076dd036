import { followRun, unknownRun } from "../../cluster/follow/follow-run.ts";
import { parseCursor, type RunCursor } from "../../cluster/follow/run-cursor.ts";
import { type RunWatch, RunWatches } from "../../cluster/follow/run-watches.ts";
import { type FollowedStep, StepReader } from "../../cluster/follow/step-reader.ts";
import type { RunContents } from "../../cluster/run-contents/run-contents.ts";
import { agentOfRun } from "../../cluster/run-id.ts";
import type { RunCounts, RunState, SharedRuns, SubmittedRun } from "../../cluster/runs.ts";
import { StoreError } from "../../cluster/store-error.ts";
import { untilStored } from "../../cluster/work/until-stored.ts";
import type { RunsSettings } from "../../config/runs-settings.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";
import type { ReadOptions, RunAccess } from "./run-access.ts";
import { detailsOf, infoOf, type RunDetails, type RunInfo } from "./run-info.ts";
import { fromStore, storeFailure } from "./store-failure.ts";
import { checkAgentName, EMBEDDER, type SubmitOptions, submissionOf } from "./submit-options.ts";
import { SubmittedRunHandle } from "./submitted-run-handle.ts";

/** Parts of a host that its queue of runs uses. */
export interface HostRunsParts {
	readonly runs: SharedRuns;
	readonly contents: RunContents;
	readonly clock: Clock;
	/** True if other hosts share the queue. */
	readonly isShared: boolean;
	readonly settings: () => RunsSettings;
	/** Share of the starts of a guest. `undefined` for the embedder. */
	readonly weight: (guest: string | undefined) => number;
	/** Aborted when the host closes. */
	readonly signal: AbortSignal;
}

export interface RunListOptions {
	/** States of the runs. The default is all. */
	readonly states?: readonly RunState[];
	/** Guest that submitted the runs. The default is all. */
	readonly guest?: string;
	/** Most runs, 1 to 1,000. The default is 50. */
	readonly most?: number;
}

/** Steps of a run that are stored now. */
export interface RunSteps {
	readonly steps: readonly FollowedStep[];
	/** Cursor after the steps. */
	readonly cursor: string;
	/** True if no step follows. */
	readonly ended: boolean;
}

/** Most runs of a list. */
const MAX_LISTED = 1_000;

/** The submitted runs of a host: all of the hosts that share its `[cluster]`, or those of the process. */
export class HostRuns implements RunAccess {
	readonly #parts: HostRunsParts;
	readonly #changes: RunWatches;

	/** Made by `createHost`. */
	constructor(parts: HostRunsParts) {
		this.#parts = parts;
		this.#changes = new RunWatches(parts.runs, parts.clock);
	}

	/** True if the queue is in the shared store. False: it is in this process, and ends with it. */
	get isShared(): boolean {
		return this.#parts.isShared;
	}

	/** @internal As `Host.submit`. */
	async submit(agent: string, input: string, options: SubmitOptions = {}): Promise<SubmittedRunHandle> {
		const { runs, contents, settings, weight } = this.#parts;
		contents.check();
		const submission = submissionOf(agent, input, options, { settings: settings(), weight: weight(options.guest), contents });
		const { id, isNew } = await this.#submitOnce(() => runs.submit(submission));
		return new SubmittedRunHandle(id, this, isNew);
	}

	/** Sends a submission again if the store may have taken it. The store adds a run with the same id once. */
	async #submitOnce(submit: () => Promise<SubmittedRun>): Promise<SubmittedRun> {
		try {
			return await submit();
		} catch (thrown) {
			if (!(thrown instanceof StoreError)) throw thrown;
			if (!thrown.mayHaveRun) throw storeFailure(thrown);
			return await fromStore(submit());
		}
	}

	/** Returns the handle of a run. Contacts no store: a handle of an unknown run fails at its first use. */
	get(id: string): SubmittedRunHandle {
		return new SubmittedRunHandle(id, this, false);
	}

	/** Returns a run, with its result if it has ended; `undefined` for a run that is unknown, or kept no longer. */
	async status(id: string): Promise<RunDetails | undefined> {
		if (agentOfRun(id) === undefined) return undefined;
		const { runs, contents } = this.#parts;
		const read = async (): Promise<RunDetails | undefined> => {
			const status = await runs.status(id);
			return status === undefined ? undefined : detailsOf(status, EMBEDDER, contents);
		};
		return fromStore(read());
	}

	/** @internal As `status`, and waits while the store cannot be reached. @throws The error of `signal`, too. */
	async statusLater(id: string, signal: AbortSignal): Promise<RunDetails | undefined> {
		const { runs, contents, clock } = this.#parts;
		const status = await fromStore(untilStored(() => runs.status(id), { clock, signal }));
		return status === undefined ? undefined : detailsOf(status, EMBEDDER, contents);
	}

	/** Returns runs of an agent, newest first, without their results. */
	async list(agent: string, { states, guest, most = 50 }: RunListOptions = {}): Promise<readonly RunInfo[]> {
		checkAgentName(agent);
		if (!Number.isSafeInteger(most) || most < 1 || most > MAX_LISTED)
			throw new SpearError("invalid_request", `most: it must be a whole number from 1 to ${MAX_LISTED}`);
		const options = { ...(states === undefined ? {} : { states }), ...(guest === undefined ? {} : { guest }), most };
		const found = await fromStore(this.#parts.runs.list(agent, options));
		return found.map((status) => infoOf(status, EMBEDDER));
	}

	/** Returns the numbers of runs of agents, in the same order. */
	async counts(agents: readonly string[]): Promise<readonly RunCounts[]> {
		for (const agent of agents) checkAgentName(agent);
		return fromStore(this.#parts.runs.counts(agents));
	}

	/** Cancels a run. Returns its state before; `undefined` for an unknown run. */
	async cancel(id: string): Promise<RunState | undefined> {
		return agentOfRun(id) === undefined ? undefined : fromStore(this.#parts.runs.cancel(id));
	}

	/** Queues a poisoned run again, with all attempts. Returns false for a run in another state. */
	async retry(id: string): Promise<boolean> {
		return agentOfRun(id) === undefined ? false : fromStore(this.#parts.runs.retry(id));
	}

	/**
	 * Returns the steps after a cursor that are stored now, at most about 256 KiB.
	 *
	 * @throws SpearError as `SubmittedRunHandle.events`.
	 */
	async steps(id: string, after = ""): Promise<RunSteps> {
		const { runs, contents } = this.#parts;
		const reader = new StepReader({ runs, contents }, id, cursorOf(after));
		const read = await fromStore(reader.read());
		if (read === undefined) throw unknownRun(id);
		return { steps: read.steps, cursor: reader.cursor, ended: read.ended };
	}

	/** As `SubmittedRunHandle.events`. */
	async *events(
		id: string,
		{ after = "", signal }: ReadOptions & { readonly after?: string } = {},
	): AsyncGenerator<FollowedStep, void, void> {
		const from = cursorOf(after);
		const { runs, contents, clock } = this.#parts;
		try {
			yield* followRun({ runs, contents, changes: this.#changes, clock }, id, from, this.signalWith(signal));
		} catch (thrown) {
			throw thrown instanceof StoreError ? storeFailure(thrown) : thrown;
		}
	}

	/** @internal Watches a run. */
	watch(id: string): RunWatch {
		return this.#changes.watch(id);
	}

	/** @internal Returns a signal that the close of the host aborts too. */
	signalWith(signal: AbortSignal | undefined): AbortSignal {
		return signal === undefined ? this.#parts.signal : AbortSignal.any([this.#parts.signal, signal]);
	}
}

/** @throws SpearError `invalid_request` for a text that is no cursor. */
function cursorOf(after: string): RunCursor {
	const cursor = parseCursor(after);
	if (cursor === undefined) throw new SpearError("invalid_request", "after: it must be the cursor of a step of the run, or empty");
	return cursor;
}
