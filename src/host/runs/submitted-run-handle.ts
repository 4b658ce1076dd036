import { hasEnded } from "../../cluster/follow/end-of-run.ts";
import { unknownRun } from "../../cluster/follow/follow-run.ts";
import type { FollowedStep } from "../../cluster/follow/step-reader.ts";
import type { RunState } from "../../cluster/runs.ts";
import { abortError } from "../../errors/spear-error.ts";
import type { ReadOptions, RunAccess } from "./run-access.ts";
import type { RunDetails } from "./run-info.ts";

/** Time between two questions for the end of a run, in milliseconds, if no notification comes. */
const POLL_MS = 2_000;

/**
 * A submitted run. The handle holds nothing: another process with the same `[cluster]` has the same run by `host.runs.get(id)`.
 *
 * ```ts
 * for await (const { event, cursor } of run.events()) if (event.type === "text") process.stdout.write(event.text);
 * const answer = await run.result();
 * ```
 */
export class SubmittedRunHandle {
	readonly id: string;
	/** False for a run that was submitted before, with the same idempotency key. */
	readonly isNew: boolean;
	readonly #runs: RunAccess;

	/** Made by `Host.submit` and `HostRuns.get`. */
	constructor(id: string, runs: RunAccess, isNew: boolean) {
		this.id = id;
		this.#runs = runs;
		this.isNew = isNew;
	}

	/** Returns the state of the run, with the result if the run has ended. @throws SpearError `invalid_request` for a run that is kept no longer. */
	async status(): Promise<RunDetails> {
		const details = await this.#runs.status(this.id);
		if (details === undefined) throw unknownRun(this.id);
		return details;
	}

	/**
	 * Yields the output of the guest, as it comes, until the run has ended. `attempt` stands before each attempt after the first, and `gap` for output that is
	 * kept no longer. A reader that continues from the cursor of the last step misses nothing, and receives nothing twice, on any host.
	 *
	 * @throws SpearError `invalid_request` for a run that is kept no longer, and for a wrong cursor. The failure of the run is no error of the loop.
	 */
	events(options: ReadOptions & { readonly after?: string } = {}): AsyncGenerator<FollowedStep, void, void> {
		return this.#runs.events(this.id, options);
	}

	/**
	 * Waits for the end of the run, also while the store cannot be reached.
	 *
	 * @returns The answer of the agent.
	 * @throws SpearError the error of the last attempt; `cancelled` for a cancelled run; `timeout` for a run past its deadline; the error of `signal`.
	 * GuestError if the guest itself failed.
	 */
	async result({ signal }: ReadOptions = {}): Promise<string> {
		using watch = this.#runs.watch(this.id);
		const either = this.#runs.signalWith(signal);
		for (;;) {
			watch.reset();
			const details = await this.#runs.statusLater(this.id, either);
			if (details === undefined) throw unknownRun(this.id);
			const { state, answer, error } = details;
			if (answer !== undefined) return answer;
			if (hasEnded(state)) throw error;
			await watch.change(POLL_MS, either);
			if (either.aborted) throw abortError(either);
		}
	}

	/** Cancels the run. Returns its state before: a run in progress ends when its worker knows. */
	async cancel(): Promise<RunState> {
		const before = await this.#runs.cancel(this.id);
		if (before === undefined) throw unknownRun(this.id);
		return before;
	}
}
