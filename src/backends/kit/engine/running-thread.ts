import { Worker } from "node:worker_threads";
import { abortable } from "../../../async/abortable.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { CheckedFile } from "./checked-file.ts";
import type { TaskMessage, ThreadData, ThreadFailure, ThreadMessage } from "./messages.ts";

/**
 * Longest time from the abort of a task to its end, in milliseconds. Steps of engines are shorter. A thread that does not stop within this time is
 * ended, because it would hold up all other tasks.
 */
const MAX_STEP_MS = 10_000;

/** The error for a thread that ended by itself. The cause is the reason. */
export class ThreadEndedError extends Error {
	override readonly name = "ThreadEndedError";
}

/** Options of one task. */
export interface TaskOptions<Event> {
	/** Ends the wait for the task at once. The thread stops at its next step. */
	readonly signal: AbortSignal;
	/** Id of the guest that the task is for. Guests take turns. The default is the embedder. */
	readonly guest?: string | undefined;
	/** Receives the events of the task in order. The default ignores them. */
	readonly onEvent?: (event: Event) => void;
	/** Buffers of the task that move to the thread instead of being copied. A task with such buffers is not repeated after a crash. */
	readonly transfer?: readonly ArrayBuffer[];
}

/** A task that a thread works on. */
interface Running<Event, Result> {
	readonly id: number;
	readonly onEvent: ((event: Event) => void) | undefined;
	readonly resolve: (result: Result) => void;
	readonly reject: (reason: unknown) => void;
}

/** A thread with one engine. Runs tasks one after another. */
export class RunningThread<Task, Event, Result> {
	readonly #worker: Worker;
	readonly #title: string;
	readonly #cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
	readonly #ready = Promise.withResolvers<void>();
	#task: Running<Event, Result> | undefined;
	#lastId = 0;
	#hasEnded = false;
	#isEnding = false;

	constructor(entry: URL, settings: unknown, title: string, checks: readonly CheckedFile[] = []) {
		this.#title = title;
		const data: ThreadData = { settings, checks, cancelled: this.#cancelled };
		this.#worker = new Worker(entry, { workerData: data, name: title, stdout: true, stderr: true });
		// Engines print to the console of the process otherwise.
		this.#worker.stdout.resume();
		this.#worker.stderr.resume();
		this.#worker.on("message", (message: ThreadMessage<Event, Result>) => this.#receive(message));
		this.#worker.on("error", (error) => this.#endWith(error));
		this.#worker.on("exit", (code) => this.#endWith(new Error(`the thread ended with code ${code}`)));
		this.#ready.promise.catch(() => {});
		this.#worker.unref();
	}

	/** True once the thread cannot run tasks any more. */
	get hasEnded(): boolean {
		return this.#hasEnded;
	}

	/**
	 * Resolves once the engine is loaded.
	 *
	 * @throws SpearError `backend_error` if it cannot be loaded; the signal's error.
	 */
	async ready(signal: AbortSignal): Promise<void> {
		this.#worker.ref();
		try {
			await abortable(this.#ready.promise, signal);
		} finally {
			if (this.#task === undefined) this.#unref();
		}
	}

	/** Runs a task. `settled` resolves once the thread is free again, which after an abort is later than the end of `result`. */
	run(
		task: Task,
		{ signal, onEvent, transfer = [] }: TaskOptions<Event>,
	): { readonly result: Promise<Result>; readonly settled: Promise<void> } {
		const { promise, resolve, reject } = Promise.withResolvers<Result>();
		const id = ++this.#lastId;
		if (this.#hasEnded) reject(new ThreadEndedError("the thread has ended"));
		else {
			this.#task = { id, onEvent: (event) => signal.aborted || onEvent?.(event), resolve, reject };
			this.#worker.ref();
			const message: TaskMessage<Task> = { id, task };
			this.#worker.postMessage(message, [...transfer]);
		}
		let stuck: NodeJS.Timeout | undefined;
		const onAbort = (): void => {
			Atomics.store(this.#cancelled, 0, id);
			stuck = setTimeout(() => void this.terminate(), MAX_STEP_MS);
		};
		if (signal.aborted) onAbort();
		else signal.addEventListener("abort", onAbort, { once: true });
		const settled = promise.then(
			() => {},
			() => {},
		);
		void settled.then(() => {
			clearTimeout(stuck);
			signal.removeEventListener("abort", onAbort);
			this.#unref();
		});
		return { result: abortable(promise, signal), settled };
	}

	/** Ends the thread at once. */
	async terminate(): Promise<void> {
		this.#isEnding = true;
		this.#worker.ref();
		await this.#worker.terminate();
	}

	/** Allows the process to end while the thread is idle. A thread that ends keeps the process: otherwise the wait for its end would never resolve. */
	#unref(): void {
		if (!this.#isEnding) this.#worker.unref();
	}

	#receive(message: ThreadMessage<Event, Result>): void {
		if (message.type === "ready") this.#ready.resolve();
		else if (message.type === "unusable") this.#ready.reject(this.#errorOf(message.failure, "could not be started"));
		else if (this.#task?.id === message.id) this.#receiveOf(this.#task, message);
	}

	#receiveOf(task: Running<Event, Result>, message: Exclude<ThreadMessage<Event, Result>, { type: "ready" | "unusable" }>): void {
		if (message.type === "event") {
			task.onEvent?.(message.event);
			return;
		}
		this.#task = undefined;
		if (message.type === "done") task.resolve(message.result);
		else task.reject(this.#errorOf(message.failure, "failed"));
	}

	#errorOf({ code, message }: ThreadFailure, what: string): SpearError {
		if (code !== undefined) return new SpearError(code, message);
		return new SpearError("backend_error", `the engine of ${this.#title} ${what}; the host's log has the reason`, {
			cause: new Error(message),
		});
	}

	#endWith(cause: Error): void {
		if (this.#hasEnded) return;
		this.#hasEnded = true;
		this.#ready.reject(this.#errorOf({ message: cause.message }, "could not be started"));
		this.#task?.reject(new ThreadEndedError("the thread ended", { cause }));
		this.#task = undefined;
	}
}
