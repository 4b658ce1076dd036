import type { RunOutput } from "../hostcall/emitted.ts";
import { OutputChannel } from "./output-channel.ts";

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
 * - The output is read once. A second loop throws SpearError `invalid_request`.
 */
export class Run extends Promise<string> implements AsyncIterable<RunOutput> {
	/** Promises that follow from a run are plain ones. */
	static override get [Symbol.species](): PromiseConstructor {
		return Promise;
	}

	readonly #output: OutputChannel;

	/**
	 * @internal
	 * @param maxBytes Size of the output that may wait for the reader, in bytes.
	 * @param start Runs the guest. Aborts when `output.left` is aborted.
	 */
	constructor(maxBytes: number, start: (output: OutputChannel) => Promise<string>) {
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
	}

	/** Begins to receive the output of the run. */
	[Symbol.asyncIterator](): AsyncIterator<RunOutput, void, void> {
		const reader = this.#output.read(this);
		// The loop throws the failure.
		this.catch(() => {});
		return reader;
	}
}
