import { SpearError } from "../../errors/spear-error.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import type { Random } from "../../time/random.ts";
import { MAX_CONTENT_BYTES } from "../run-bounds.ts";
import type { RunContents } from "../run-contents/run-contents.ts";
import { failureOf, type RunFailure } from "../run-contents/run-failure.ts";
import type { RunInput } from "../run-contents/run-input.ts";
import type { RunResult } from "../run-contents/run-result.ts";
import { newExecution, type StepEvent } from "../run-contents/run-step.ts";
import type { AttemptOutcome, SharedRuns, TakenRun } from "../runs.ts";
import { retryDelay } from "./retry-delay.ts";
import { StepWriter } from "./step-writer.ts";
import { untilStored } from "./until-stored.ts";
import type { WorkAgents, WorkPlace } from "./work-agents.ts";

/** Parts of a worker that its attempts use. */
export interface AttemptContext {
	readonly runs: SharedRuns;
	readonly contents: RunContents;
	readonly agents: WorkAgents;
	readonly clock: Clock;
	readonly random: Random;
	readonly logger: Logger;
	/** Aborted when the worker must end at once: what is not stored then is lost, and others take the run over. */
	readonly abandoned: AbortSignal;
	/** Called if the agent could not begin. */
	readonly onUnavailable: (agent: string, thrown: unknown) => void;
}

/**
 * Reason for which a worker ends an attempt.
 *
 * | reason | then |
 * | --- | --- |
 * | `lost` | nothing is stored: another worker has the run |
 * | `cancelled` | the run ends as cancelled |
 * | `expired` | the run ends as failed: its deadline has passed |
 * | `stopped` | a run that has not started is handed back; another one is queued again while attempts are left |
 */
export type StopReason = "lost" | "cancelled" | "expired" | "stopped";

/** End of an attempt, for the counts of its worker. */
export type AttemptEnd = "completed" | "failed" | "retried" | "cancelled" | "lost" | "released";

/** An attempt of a run on this host. */
export class Attempt {
	readonly run: TakenRun;
	/** Resolves when the outcome is stored, or never will be. Never rejects. */
	readonly ended: Promise<AttemptEnd>;
	readonly #context: AttemptContext;
	readonly #abort = new AbortController();
	readonly #writer: StepWriter;
	readonly #startedAt: number;
	#stop: StopReason | undefined;
	#hasBegun = false;
	/** True from the end of the guest on. The answer of the store then decides, and not a lease. */
	#isStoring = false;
	#cpuMs: () => number = () => 0;

	/** Starts the attempt. */
	constructor(run: TakenRun, context: AttemptContext) {
		this.run = run;
		this.#context = context;
		const { clock, runs, contents } = context;
		this.#startedAt = clock.now();
		this.#writer = new StepWriter({
			clock,
			execution: newExecution(),
			signal: AbortSignal.any([this.#abort.signal, context.abandoned]),
			seal: (step) => contents.sealStep(run.id, run.attempt, step),
			append: (steps) => runs.append(run, steps),
			onEnd: (thrown) => this.#writerEnded(thrown),
		});
		this.ended = this.#work();
	}

	/** Ends the attempt. Has no effect once the guest has ended. */
	stop(reason: StopReason): void {
		if (this.#stop !== undefined || this.#isStoring) return;
		this.#stop = reason;
		this.#abort.abort(stopError(reason));
	}

	/** True once the guest has started. */
	get hasBegun(): boolean {
		return this.#hasBegun;
	}

	async #work(): Promise<AttemptEnd> {
		const { clock } = this.#context;
		const { leftMs } = this.run;
		const cancelDeadline = leftMs === undefined ? () => {} : clock.after(leftMs, () => this.stop("expired"));
		let input: RunInput | undefined;
		try {
			input = this.#context.contents.openInput(this.run.id, this.run.input);
			const answer = await this.#execute(input);
			return await this.#completed(answer);
		} catch (thrown) {
			return await this.#ended(thrown, input?.retryGuestFailures ?? false);
		} finally {
			cancelDeadline();
			this.#writer.discard();
		}
	}

	async #execute({ input, cpuMs }: RunInput): Promise<string> {
		const { id, agent, attempt, timeoutMs, traceparent } = this.run;
		const place = await this.#begin(agent);
		try {
			this.#abort.signal.throwIfAborted();
			if (attempt > 1) await this.#writer.push(await this.#beginning());
			const execution = place.run(input, {
				runId: id,
				signal: this.#abort.signal,
				onStart: () => {
					this.#hasBegun = true;
				},
				...(timeoutMs === undefined ? {} : { timeoutMs }),
				...(cpuMs === undefined ? {} : { cpuMs }),
				...(traceparent === undefined ? {} : { traceparent }),
			});
			this.#cpuMs = () => execution.cpuMs;
			for await (const output of execution) await this.#writer.push(output);
			const answer = await execution;
			this.#abort.signal.throwIfAborted();
			return answer;
		} finally {
			place.end();
		}
	}

	async #begin(agent: string): Promise<WorkPlace> {
		try {
			return await this.#context.agents.begin(agent);
		} catch (thrown) {
			this.#context.onUnavailable(agent, thrown);
			this.stop("stopped");
			throw thrown;
		}
	}

	/** Returns the first step of an attempt after the first one: why there is another. */
	async #beginning(): Promise<StepEvent> {
		const { runs, contents } = this.#context;
		const { id, attempt } = this.run;
		try {
			const outcome = (await runs.status(id))?.outcome;
			const last = outcome === undefined ? undefined : contents.openResult(id, outcome);
			if (last?.attempt === attempt - 1 && "failure" in last.ended) return { type: "attempt", reason: "failed", error: last.ended.failure };
		} catch {
			// The reason is for readers. The attempt itself does not need the reason.
		}
		return { type: "attempt", reason: "worker_lost" };
	}

	async #completed(answer: string): Promise<AttemptEnd> {
		await this.#writer.flush();
		this.#abort.signal.throwIfAborted();
		const content = this.#sealed({ answer });
		if (content.length > MAX_CONTENT_BYTES)
			throw new SpearError(
				"invalid_request",
				`the answer of the run has ${content.length} bytes, and at most ${MAX_CONTENT_BYTES} can be stored; put large results into the media store`,
			);
		return this.#finish({ state: "completed", content }, "completed");
	}

	async #ended(thrown: unknown, retryGuestFailures: boolean): Promise<AttemptEnd> {
		const { random, logger } = this.#context;
		const { attempt, maxAttempts } = this.run;
		if (this.#stop === "lost") return this.#lost();
		if (this.#stop === "stopped" && !this.#hasBegun) return this.#release();
		// A stopped writer would wait for its own signal.
		if (this.#stop === undefined) await this.#writer.flush();
		const failure = failureOf(this.#stop === undefined ? thrown : stopError(this.#stop));
		const content = this.#sealed({ failure });
		if (this.#stop === "cancelled") return this.#finish({ state: "cancelled", content }, "cancelled");
		const retryInMs = this.#stop === "stopped" ? 0 : retryDelay(failure, attempt, retryGuestFailures, random);
		const isRetried = retryInMs !== undefined && attempt < maxAttempts;
		const next = isRetried ? `attempt ${attempt + 1} of ${maxAttempts} follows in ${retryInMs} ms` : "no further attempt follows";
		logger.warn(this.#fields({ attempt, ...fieldsOf(failure) }), `a run of ${this.run.agent} failed, and ${next}: ${failure.message}`);
		return this.#finish({ state: "failed", content, ...(retryInMs === undefined ? {} : { retryInMs }) }, isRetried ? "retried" : "failed");
	}

	/** Stores the outcome, when the store can be reached, if the run is still this worker's then. */
	async #finish(outcome: AttemptOutcome, end: AttemptEnd): Promise<AttemptEnd> {
		const { runs, clock, abandoned, logger } = this.#context;
		this.#isStoring = true;
		let isReported = false;
		const onFault = ({ message }: Error): void => {
			if (!isReported) logger.warn(this.#fields(), `the outcome of a run of ${this.run.agent} waits for the shared store: ${message}`);
			isReported = true;
		};
		try {
			const state = await untilStored(() => runs.finish(this.run, outcome), { clock, signal: abandoned, onFault });
			return state === undefined ? this.#lost() : end;
		} catch (thrown) {
			if (abandoned.aborted) return this.#lost();
			logger.error(this.#fields({ err: thrown }), `the outcome of a run of ${this.run.agent} cannot be stored, and the run is taken over`);
			return "lost";
		}
	}

	async #release(): Promise<AttemptEnd> {
		this.#isStoring = true;
		// Without the call, the run waits for the end of its lease.
		await this.#context.runs.release(this.run).catch(() => {});
		return "released";
	}

	#lost(): AttemptEnd {
		this.#context.logger.warn(
			this.#fields({ attempt: this.run.attempt }),
			`a run of ${this.run.agent} was taken over by another worker, and the outcome of this one was dropped`,
		);
		return "lost";
	}

	#writerEnded(thrown: unknown): void {
		if (thrown === undefined) {
			this.stop("lost");
			return;
		}
		this.#context.logger.error(this.#fields({ err: thrown }), `the output of a run of ${this.run.agent} cannot be stored`);
		this.#abort.abort(SpearError.from(thrown));
	}

	#sealed(ended: RunResult["ended"]): Uint8Array {
		const { contents, clock } = this.#context;
		const result = { attempt: this.run.attempt, durationMs: clock.now() - this.#startedAt, cpuMs: this.#cpuMs(), ended };
		return contents.sealResult(this.run.id, result);
	}

	#fields(more: object = {}): Record<string, unknown> {
		return { agent: this.run.agent, run_id: this.run.id, ...more };
	}
}

function fieldsOf(failure: RunFailure): object {
	return { code: "guest" in failure ? `guest_${failure.guest}` : failure.code };
}

function stopError(reason: StopReason): SpearError {
	switch (reason) {
		case "lost":
			return new SpearError("cancelled", "the run was taken over by another worker");
		case "cancelled":
			return new SpearError("cancelled", "the run was cancelled");
		case "expired":
			return new SpearError("timeout", "the run had not ended at its deadline; submit it with a later one", {
				attribution: "caller",
				retryable: false,
			});
		case "stopped":
			return new SpearError("cancelled", "the worker of the run stopped before the end", { retryable: true });
	}
}
