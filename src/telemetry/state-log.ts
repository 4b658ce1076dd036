import type { Logger } from "./logger.ts";

/** Least time between two lines that report the same subject as failing, in milliseconds. Otherwise a flapping upstream would flood the log. */
const MIN_INTERVAL_MS = 60_000;

export interface StateLogOptions {
	readonly logger: Logger;
	/** Returns the time in milliseconds. */
	readonly now: () => number;
}

/** A failure of a subject, such as a backend or a key. */
export interface SubjectFailure {
	/** Identifies what fails. */
	readonly subject: string;
	readonly message: string;
	readonly fields: Readonly<Record<string, unknown>>;
}

interface SubjectState {
	failures: number;
	/** Failures without a line since the last line. */
	unlogged: number;
	/** Time of the first failure since the last success. */
	since: number;
	/** Time of the last line that reported the subject as failing. */
	loggedAt: number;
	/** True if a line reported the subject as failing and no success has followed. */
	failing: boolean;
}

/** Logs the changes of state of subjects that fail and recover: one line when a subject begins to fail, one line when it succeeds again. */
export class StateLog {
	readonly #options: StateLogOptions;
	/** Subjects that have failed. Their number is bounded by the configuration: backends, keys and operations. */
	readonly #states = new Map<string, SubjectState>();
	/** Number of subjects whose last outcome was a failure. */
	#failed = 0;

	constructor(options: StateLogOptions) {
		this.#options = options;
	}

	/** True if the last outcome of every subject was a success. Then `succeed` has no effect. */
	get isQuiet(): boolean {
		return this.#failed === 0;
	}

	/** Records a failure. Logs the first since the last success, but not more often than once a minute. */
	fail({ subject, message, fields }: SubjectFailure): void {
		const now = this.#options.now();
		const known = this.#states.get(subject);
		const state = known ?? { failures: 0, unlogged: 0, since: now, loggedAt: Number.NEGATIVE_INFINITY, failing: false };
		if (known === undefined) this.#states.set(subject, state);
		if (state.failures === 0) {
			state.since = now;
			this.#failed += 1;
		}
		state.failures += 1;
		if (state.failing || now - state.loggedAt < MIN_INTERVAL_MS) {
			state.unlogged += 1;
			return;
		}
		const before = state.unlogged === 0 ? "" : `; ${state.unlogged} failures since the last line about it`;
		state.failing = true;
		state.loggedAt = now;
		state.unlogged = 0;
		this.#options.logger.warn(fields, `${message}${before}`);
	}

	/**
	 * Records a success. Logs it if a line reported the subject as failing.
	 *
	 * @param message What succeeds again. `undefined` for no line.
	 */
	succeed(subject: string, message: string | undefined, fields: Readonly<Record<string, unknown>>): void {
		const state = this.#states.get(subject);
		if (state === undefined) return;
		const { failures, failing, since } = state;
		if (failures > 0) this.#failed -= 1;
		state.failures = 0;
		state.failing = false;
		if (!failing) return;
		state.unlogged = 0;
		if (message === undefined) return;
		const seconds = Math.round((this.#options.now() - since) / 1000);
		const count = failures === 1 ? "1 failure" : `${failures} failures`;
		this.#options.logger.warn({ ...fields, failures }, `${message}, after ${count} in ${seconds} s`);
	}
}
