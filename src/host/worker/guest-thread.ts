import { MessageChannel, type MessagePort, receiveMessageOnPort, type Transferable, Worker } from "node:worker_threads";
import { compact } from "../../worker/compact.ts";
import { Outbox } from "../../worker/outbox.ts";
import type { BlockingAnswer, ThreadData, ToWorker } from "../../worker/protocol.ts";
import { watchMemory } from "./memory-watch.ts";
import { Violation } from "./violation.ts";

/** The module that runs in the worker: beside this one in the sources, and in the package. */
const ENTRY = new URL(`../../worker/guest-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);

const MIB = 1024 * 1024;

/** Smallest heap of a worker, in bytes: the modules of the host's side and of the engine take about a third of that. */
const MIN_HEAP_BYTES = 96 * MIB;

/** Memory of a worker beyond the guest's memory and the heap: code, and messages on their way. */
const SPARE_BYTES = 64 * MIB;

/** Heap for objects that have just been made, in MiB. */
const YOUNG_MIB = 16;

/** Stack of a worker, in MiB. Node gives each thread that much. */
const STACK_MIB = 4;

/** End of a thread. */
export interface ThreadEnd {
	/** `memory`: V8's heap was used up. `cpu`: it computed on when it had to pause. `violation`: the worker broke the protocol. `failed`: it ended by itself. `terminated`: the host ended it. */
	readonly kind: "memory" | "cpu" | "violation" | "failed" | "terminated";
	/** Description in one line, without the worker's own words. */
	readonly message: string;
	/** The exception. Absent if there was none. */
	readonly cause?: unknown;
}

/** Receives what the thread of one instance sends. A Violation that it throws ends the thread. */
export interface ThreadUser {
	/** @param messages A list of messages, as they arrived. */
	receive(messages: unknown): void;
	answerNow(call: unknown): BlockingAnswer<unknown>;
	/** Called once, when the thread ends while it is used. */
	ended(end: ThreadEnd): void;
}

/** A worker thread that can run guests. The thread has no environment, no arguments and none of the host's configuration. */
export class GuestThread {
	readonly #worker: Worker;
	readonly #outbox: Outbox<ToWorker<unknown>>;
	readonly #port: MessagePort;
	readonly #answered: Int32Array;
	readonly #heapMib: number;
	readonly #maxBytes: number;
	#stopWatch = (): void => {};
	#usedBytes = 0;
	readonly #ready = Promise.withResolvers<void>();
	readonly #exited = Promise.withResolvers<void>();
	#isReady = false;
	#user: ThreadUser | undefined;
	#end: ThreadEnd | undefined;

	/**
	 * @param maxMemoryBytes Memory of a guest. The heap, which holds copies of what a guest sends, may be as large.
	 * @param entry Module that runs in the thread; for tests. The default runs guests.
	 */
	constructor(maxMemoryBytes: number, entry = ENTRY) {
		this.#maxBytes = Math.max(maxMemoryBytes, MIN_HEAP_BYTES) + maxMemoryBytes + SPARE_BYTES;
		this.#heapMib = Math.ceil(Math.max(maxMemoryBytes, MIN_HEAP_BYTES) / MIB);
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		this.#answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
		const workerData: ThreadData = { port: port2, answered: this.#answered };
		this.#worker = new Worker(entry, {
			name: "spear guest",
			workerData,
			transferList: [port2],
			// The defaults would copy the host's environment, with its keys, and its options.
			env: {},
			argv: [],
			execArgv: [],
			stdin: false,
			stdout: true,
			stderr: true,
			resourceLimits: { maxOldGenerationSizeMb: this.#heapMib, maxYoungGenerationSizeMb: YOUNG_MIB, stackSizeMb: STACK_MIB },
		});
		this.#outbox = new Outbox({ postMessage: (messages, transfer) => this.#worker.postMessage(messages, [...transfer]) }, (message) =>
			this.#fail({ kind: "failed", message: `the host could not send a message of type ${message.type}` }),
		);
		// What guests print comes as messages. The streams of the process hold what Node itself prints.
		this.#worker.stdout.resume();
		this.#worker.stderr.resume();
		this.#worker.on("message", (messages: unknown) => this.#receive(messages));
		this.#worker.on("messageerror", () => this.#fail({ kind: "violation", message: "a message cannot be read" }));
		this.#worker.on("error", (cause: unknown) => this.#fail(this.#endOf(cause)));
		this.#worker.on("exit", () => {
			this.#fail({ kind: "failed", message: "the worker exited" });
			this.#port.close();
			this.#exited.resolve();
		});
		this.#port.on("message", (call: unknown) => this.#answer(call));
		this.#port.unref();
		this.#ready.promise.catch(() => {});
		this.setBusy(false);
	}

	/** Resolves when the thread has loaded its modules. @throws Error if it ends before. */
	get ready(): Promise<void> {
		return this.#ready.promise;
	}

	/** Resolves when the thread has ended. */
	get exited(): Promise<void> {
		return this.#exited.promise;
	}

	/** True after the thread has ended, or is about to. */
	get hasEnded(): boolean {
		return this.#end !== undefined;
	}

	/** Limit of the JavaScript heap, in MiB. */
	get heapMib(): number {
		return this.#heapMib;
	}

	/** Begins or ends the use of the thread by one instance. */
	use(user: ThreadUser | undefined): void {
		this.#user = user;
		this.setBusy(user !== undefined);
		this.#stopWatch();
		if (user !== undefined) this.#stopWatch = this.#watch();
	}

	/** A thread that is not busy does not keep the process alive. */
	setBusy(busy: boolean): void {
		if (busy) this.#worker.ref();
		else this.#worker.unref();
	}

	/** Queues a message. */
	post(message: ToWorker<unknown>): void {
		if (this.#end === undefined) this.#outbox.post(message);
	}

	/** Ends the thread at once, whatever it does. Resolves when it has ended. */
	terminate(end: ThreadEnd = { kind: "terminated", message: "the worker was ended" }): Promise<void> {
		this.#fail(end);
		return this.#exited.promise;
	}

	#receive(messages: unknown): void {
		if (this.#end !== undefined) return;
		if (!this.#isReady && isReadySign(messages)) {
			this.#isReady = true;
			this.#ready.resolve();
			return;
		}
		this.#guarded(() => {
			if (this.#user === undefined) throw new Violation("a worker without a guest sends messages");
			this.#user.receive(messages);
		});
	}

	#answer(call: unknown): void {
		if (this.#end !== undefined) return;
		this.#guarded(() => {
			if (this.#user === undefined) throw new Violation("a worker without a guest makes calls");
			if (receiveMessageOnPort(this.#port) !== undefined)
				throw new Violation("a worker makes a blocking call before the last one is answered");
			const { value, transfer } = compact(this.#user.answerNow(call));
			this.#port.postMessage(value, transfer satisfies Transferable[]);
			Atomics.store(this.#answered, 0, 1);
			Atomics.notify(this.#answered, 0);
		});
	}

	/** Ends the thread if handling a message fails: a message that was checked can still be made to exhaust the stack of a check. */
	#guarded(run: () => void): void {
		try {
			run();
		} catch (thrown) {
			const message = thrown instanceof Violation ? thrown.message : "a message could not be handled";
			this.#fail({ kind: "violation", message, cause: thrown });
		}
	}

	/** Time that the thread has computed since its start, in milliseconds. Nothing in the thread can change the number. */
	get activeMs(): number {
		return this.#worker.performance.eventLoopUtilization().active;
	}

	/** Bytes of the heap, and of what lies outside of it, at the last look. 0 before the first. */
	get usedBytes(): number {
		return this.#usedBytes;
	}

	#watch(): () => void {
		return watchMemory(this.#worker, {
			maxBytes: this.#maxBytes,
			onUse: (bytes) => {
				this.#usedBytes = bytes;
			},
			onExceeded: () => this.#fail(this.#exceeded()),
		});
	}

	#exceeded(): ThreadEnd {
		return { kind: "memory", message: `the worker holds more than ${Math.floor(this.#maxBytes / MIB)} MiB` };
	}

	#endOf(cause: unknown): ThreadEnd {
		const isMemory = cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
		if (isMemory) return { kind: "memory", message: `the JavaScript heap of the worker is full (${this.#heapMib} MiB)`, cause };
		return { kind: "failed", message: "the worker failed", cause };
	}

	#fail(end: ThreadEnd): void {
		if (this.#end !== undefined) return;
		this.#end = end;
		this.#stopWatch();
		this.#ready.reject(new Error(end.message, { cause: end.cause }));
		const user = this.#user;
		this.#user = undefined;
		void this.#worker.terminate();
		user?.ended(end);
	}
}

function isReadySign(messages: unknown): boolean {
	if (!Array.isArray(messages) || messages.length !== 1) return false;
	const message: unknown = messages[0];
	return typeof message === "object" && message !== null && "type" in message && message.type === "ready";
}
