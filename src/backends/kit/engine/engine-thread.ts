import { extname } from "node:path";
import process from "node:process";
import { abortError, cancelledError, SpearError } from "../../../errors/spear-error.ts";
import type { CheckedFile } from "./checked-file.ts";
import { RequestQueue } from "./request-queue.ts";
import { RunningThread, type TaskOptions, ThreadEndedError } from "./running-thread.ts";

/** An engine that runs in a thread of its own. */
export interface EngineOptions {
	/** Name of the engine in messages, such as `speech recognition`. */
	readonly title: string;
	/** Module of the thread, which ends with a call of `serveEngine`. */
	readonly entry: URL;
	/**
	 * Returns the settings for each start of the thread, such as the paths of a model's files.
	 *
	 * @throws SpearError if the engine cannot be started, for example because its model is not there.
	 */
	readonly settings: () => Promise<unknown>;
	/** Returns the files whose content the thread checks at each start, before the engine is loaded. The default is none. */
	readonly checks?: () => readonly CheckedFile[];
	/** Most tasks that wait. */
	readonly maxPending: number;
	/** Time without a task after which the thread ends and its memory is free, in milliseconds. 0: never. */
	readonly idleMs: number;
}

/** Returns the URL of a thread's module beside the calling module, in the sources and in the compiled package. */
export function threadModule(name: string, caller: string): URL {
	return new URL(`${name}${extname(new URL(caller).pathname)}`, caller);
}

/**
 * An engine in a thread, which computes without blocking the event loop. The thread starts with the first task, whatever the number of tasks
 * that wait for the start, and runs tasks one after another. Guests take turns, and the tasks of one guest run in the order of their arrival.
 * If the thread ends in the middle of a task, a second thread starts and runs the task once more, and a warning of the process says so.
 */
export class EngineThread<Task, Event = never, Result = void> {
	readonly #options: EngineOptions;
	readonly #queue: RequestQueue;
	readonly #closing = new AbortController();
	#thread: RunningThread<Task, Event, Result> | undefined;
	#idleTimer: NodeJS.Timeout | undefined;
	/** Number of holders that need this very thread. */
	#held = 0;

	constructor(options: EngineOptions) {
		this.#options = options;
		this.#queue = new RequestQueue(options.maxPending);
	}

	/** True while the thread runs and takes memory. */
	get isLoaded(): boolean {
		return this.#thread !== undefined;
	}

	/**
	 * Runs a task and returns its result.
	 *
	 * @throws SpearError `rate_limited` if too many tasks wait; the signal's error once that is aborted; `backend_error` if the engine ends
	 * twice; the errors of `settings` and of the task.
	 */
	async run(task: Task, options: TaskOptions<Event>): Promise<Result> {
		const signal = AbortSignal.any([options.signal, this.#closing.signal]);
		const leave = await this.#queue.enter(signal, options.guest);
		clearTimeout(this.#idleTimer);
		let settled: Promise<unknown> = Promise.resolve();
		try {
			const running = this.#attempts(task, { ...options, signal }, (ended) => {
				settled = ended;
			});
			return await running;
		} finally {
			// An aborted task still keeps the thread busy until its next step.
			void settled.finally(() => {
				leave();
				this.#watchIdle();
			});
		}
	}

	/**
	 * Starts the thread before its first task, and resolves once its engine is loaded.
	 *
	 * @throws SpearError as {@link run} does.
	 */
	async load({ signal, guest }: Pick<TaskOptions<Event>, "signal" | "guest">): Promise<void> {
		const either = AbortSignal.any([signal, this.#closing.signal]);
		const leave = await this.#queue.enter(either, guest);
		try {
			await this.#loaded(either);
		} finally {
			leave();
			this.#watchIdle();
		}
	}

	/** Keeps the thread from ending while it is idle, for state that lives in the thread. Returns a function that ends the hold. */
	hold(): () => void {
		this.#held++;
		clearTimeout(this.#idleTimer);
		let released = false;
		return () => {
			if (released) return;
			released = true;
			this.#held--;
			this.#watchIdle();
		};
	}

	/**
	 * Loads the engine, and keeps it loaded until the returned function is called.
	 *
	 * @throws SpearError as {@link load} does.
	 */
	async holdLoaded(caller: Pick<TaskOptions<Event>, "signal" | "guest">): Promise<() => void> {
		const release = this.hold();
		try {
			await this.load(caller);
			return release;
		} catch (thrown) {
			release();
			throw thrown;
		}
	}

	/** Ends every task with `reason`, and the thread. Later tasks fail. */
	async close(reason: SpearError = cancelledError("the backend was shut down while it served this call")): Promise<void> {
		this.#closing.abort(reason);
		await this.#end();
	}

	async #attempts(task: Task, options: TaskOptions<Event>, onSettled: (ended: Promise<unknown>) => void): Promise<Result> {
		let hasEvents = false;
		const onEvent = (event: Event): void => {
			hasEvents = true;
			options.onEvent?.(event);
		};
		for (let isSecond = false; ; isSecond = true) {
			const thread = await this.#loaded(options.signal);
			const { result, settled } = thread.run(task, { ...options, onEvent });
			onSettled(settled);
			try {
				return await result;
			} catch (thrown) {
				if (!(thrown instanceof ThreadEndedError)) throw thrown;
				if (this.#thread === thread) this.#thread = undefined;
				const { title } = this.#options;
				if (isSecond || hasEvents || this.#held > 0 || (options.transfer?.length ?? 0) > 0)
					throw new SpearError("backend_error", `the engine of ${title} ended unexpectedly; the host's log has the reason`, {
						cause: thrown.cause,
						retryable: !isSecond,
					});
				process.emitWarning(`the engine of ${title} ended unexpectedly and is started again`, { detail: String(thrown.cause) });
			}
		}
	}

	/** Returns the thread once its engine is loaded. */
	async #loaded(signal: AbortSignal): Promise<RunningThread<Task, Event, Result>> {
		if (this.#thread?.hasEnded === true) this.#thread = undefined;
		if (this.#thread === undefined) {
			const { entry, settings, checks, title } = this.#options;
			const read = await settings();
			if (signal.aborted) throw abortError(signal);
			this.#thread = new RunningThread(entry, read, title, checks?.());
		}
		const thread = this.#thread;
		try {
			await thread.ready(signal);
			return thread;
		} catch (thrown) {
			// An aborted request leaves the start to the next one.
			if (!signal.aborted && this.#thread === thread) this.#thread = undefined;
			throw thrown;
		}
	}

	#watchIdle(): void {
		const { idleMs } = this.#options;
		clearTimeout(this.#idleTimer);
		if (idleMs === 0 || this.#held > 0 || this.#closing.signal.aborted) return;
		this.#idleTimer = setTimeout(() => {
			if (!this.#queue.isBusy && this.#held === 0) void this.#end();
		}, idleMs);
		this.#idleTimer.unref();
	}

	async #end(): Promise<void> {
		clearTimeout(this.#idleTimer);
		const thread = this.#thread;
		this.#thread = undefined;
		await thread?.terminate();
	}
}
