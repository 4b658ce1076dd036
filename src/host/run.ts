import type * as types from "../../generated/ir/types.ts";
import type { RunOutput } from "../hostcall/emitted.ts";
import { type AnswerValidator, jsonAnswer } from "./json-answer.ts";
import { OutputChannel } from "./output-channel.ts";
import { type RunDecision, RunRecord } from "./run-record.ts";

/**
 * A run of a guest: the promise of its answer, and the output that the guest emits before.
 *
 * ```ts
 * const run = agent.run("hello");
 * for await (const output of run) if (output.type === "text") process.stdout.write(output.text);
 * const answer = await run;
 * ```
 *
 * - The loop receives the output in the order in which the guest emits it. While the loop is behind by `stream_buffer_bytes`, the guest waits.
 * - Output is discarded until the loop begins. To receive all of it, begin the loop right after the call, without an `await` between.
 * - A failure of the run is thrown by the loop, and by the promise if it is awaited. After an abort, the loop receives the failure next, and
 *   otherwise after the output that the guest had emitted.
 * - Leaving the loop early, by `break`, `return` or an exception, cancels the run, and waits for its end. The promise then rejects with `cancelled`.
 * - `cancel` ends the run from outside. `usage`, `cost`, `decisions` and `cpuMs` tell what the run has consumed so far, and after its end in all.
 * - The output is read once. A second loop throws SpearError `invalid_request`.
 */
export class Run extends Promise<string> implements AsyncIterable<RunOutput> {
	/** Promises that follow from a run are plain ones. */
	static override get [Symbol.species](): PromiseConstructor {
		return Promise;
	}

	readonly #output: OutputChannel;
	readonly #record: RunRecord;

	/**
	 * @internal
	 * @param maxBytes Size of the output that may wait for the reader, in bytes.
	 * @param start Runs the guest. Aborts when `output.left` is aborted.
	 * @param record Receives the events of the run.
	 */
	constructor(maxBytes: number, start: (output: OutputChannel) => Promise<string>, record = new RunRecord()) {
		const output = new OutputChannel(maxBytes);
		super((resolve, reject) => {
			start(output).then(
				(answer) => {
					output.end();
					resolve(answer);
				},
				(thrown: unknown) => {
					output.end({ thrown });
					reject(thrown);
				},
			);
		});
		this.#output = output;
		this.#record = record;
	}

	/** Tokens that the answers to the guest reported so far, summed. */
	get usage(): types.Usage {
		return this.#record.usage;
	}

	/** Cost of the answers so far, in the currency of the prices. `undefined` if the cost of one of them is unknown, such as without a price. */
	get cost(): number | undefined {
		return this.#record.cost;
	}

	/**
	 * Decisions of the router on the requests of the guest that have ended, oldest first. At most the last 256. Events of type `decision` have the full
	 * explanation too.
	 */
	get decisions(): readonly RunDecision[] {
		return this.#record.decisions;
	}

	/** CPU time of the guest so far, in milliseconds. 0 for a guest that is not metered. */
	get cpuMs(): number {
		return this.#record.cpuMs;
	}

	/**
	 * Ends the run: every hostcall in flight is cancelled, at the upstream too. The promise rejects with `cancelled`. Has no effect after the end.
	 *
	 * @param message Reason, for the error. The default is that the run was cancelled.
	 * @returns A promise that resolves when the run has ended.
	 */
	async cancel(message = "the run was cancelled"): Promise<void> {
		this.#output.cancel(message);
		await this.catch(() => {});
	}

	/**
	 * Returns the value of the answer, which must be JSON.
	 *
	 * ```ts
	 * const { city } = await agent.runJson({ question: "where?" }).json(z.object({ city: z.string() }));
	 * ```
	 *
	 * @param validator Checks the value, and has its type: of any library that follows Standard Schema. The default checks nothing.
	 * @throws GuestError of failure `failed` for an answer that is no JSON, or that the validator refuses. As the promise of the run otherwise.
	 */
	async json<Output = unknown>(validator?: AnswerValidator<Output>): Promise<Output> {
		// Without a validator, the type is the caller's word.
		return (await jsonAnswer(await this, validator)) as Output;
	}

	/** Begins to receive the output of the run. */
	[Symbol.asyncIterator](): AsyncIterator<RunOutput, void, void> {
		const reader = this.#output.read(this);
		// The loop throws the failure.
		this.catch(() => {});
		return reader;
	}
}
