import type { GuestInstance, GuestRunLimits, GuestTrap, RunOutcome } from "../../abi/guest-module.ts";
import type { CpuShare } from "../../abi/metering/cpu-budget.ts";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import type { GuestData } from "../../worker/guest-data.ts";
import type { BlockingAnswer, ToWorker } from "../../worker/protocol.ts";
import type { GuestServices, PlacedGuest } from "../guest-services.ts";
import { watchCpu } from "./cpu-watch.ts";
import type { GuestThread, ThreadEnd, ThreadUser } from "./guest-thread.ts";
import { HostCalls } from "./host-calls.ts";
import { LineSink } from "./line-sink.ts";
import { parseBlockingCall } from "./parse-call.ts";
import { type ParsedMessage, parseMessage } from "./parse-message.ts";
import { checkPlainData } from "./plain-data.ts";
import { require, Violation } from "./violation.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Time that a worker has after an abort or a close, in milliseconds. Inside, an aborted run has a second to end by itself. */
const GRACE_MS = 1_250;

/** Longest start of an instance, in milliseconds. A meter ends the guest's own start functions much earlier. */
const MAX_START_MS = 10_000;

/** Most messages in one list. */
const MAX_BATCH = 16_384;

/** Messages that need no answer, beyond a few for each message that they follow. */
const SPARE_NOTICES = 256;

/** Returns a guest whose instances run in workers, each in one of its own. */
export function workerGuest(
	pool: Pick<WorkerPool, "acquire" | "release">,
	{ abi, locate, initialBytes }: Pick<PlacedGuest, "abi" | "locate" | "initialBytes">,
	guest: GuestData,
	identity: string,
): PlacedGuest {
	const start: PlacedGuest["start"] = async (services) => {
		const thread = await pool.acquire(identity).catch((cause: unknown) => {
			throw new SpearError("internal", "the worker of the guest could not be started", { cause });
		});
		return WorkerGuest.start(thread, { guest, initialBytes }, services, () => pool.release(thread, identity));
	};
	return { isolation: "worker", abi, locate, initialBytes, start };
}

/** An instance of a guest in a worker, as the host sees it. Whatever the worker does, runs end, and the thread with them if it must. */
class WorkerGuest implements GuestInstance, ThreadUser {
	readonly #thread: GuestThread;
	readonly #services: GuestServices;
	readonly #maxBytes: number;
	readonly #calls: HostCalls;
	readonly #lines: LineSink;
	readonly #onReusable: () => void;
	readonly #started = Promise.withResolvers<void>();
	readonly #runs = new Map<number, PromiseWithResolvers<RunOutcome>>();
	#state: "starting" | "open" | "closing" | "over" = "starting";
	#endReason = "it was closed";
	/** True if a run has ended in a way that leaves the worker in doubt. */
	#isSpent = false;
	#lastRun = 0;
	#cpuMs = 0;
	/** Messages that a worker may send without a call, e.g. to cancel one. */
	#notices = SPARE_NOTICES;
	#cancelTimer: (() => void) | undefined;

	private constructor(thread: GuestThread, services: GuestServices, maxBytes: number, onReusable: () => void) {
		this.#thread = thread;
		this.#services = services;
		this.#maxBytes = maxBytes;
		this.#onReusable = onReusable;
		this.#lines = new LineSink(services);
		this.#calls = new HostCalls(
			services,
			(message) => this.#post(message),
			(violation) => this.#break(violation),
		);
	}

	static async start(
		thread: GuestThread,
		{ guest, initialBytes }: { readonly guest: GuestData; readonly initialBytes: number },
		services: GuestServices,
		onReusable: () => void,
	): Promise<WorkerGuest> {
		const instance = new WorkerGuest(thread, services, guest.maxMemoryBytes, onReusable);
		thread.use(instance);
		services.memory.attach(() => Math.max(initialBytes, thread.usedBytes));
		thread.post({ type: "start", guest, limits: services.limits, hasTools: services.hostTools !== undefined });
		services.signal.addEventListener("abort", instance.#onAbort, { once: true });
		if (services.signal.aborted) instance.#onAbort();
		const tooLate = { kind: "terminated", message: `it did not start within ${MAX_START_MS / 1000} seconds` } as const;
		const cancel = services.clock.after(MAX_START_MS, () => void thread.terminate(tooLate));
		try {
			await instance.#started.promise;
		} catch (thrown) {
			instance.close();
			throw services.signal.aborted ? abortError(services.signal) : thrown;
		} finally {
			cancel();
		}
		return instance;
	}

	/** @throws As {@link GuestInstance.run}. */
	run(input: string, { budget, ...limits }: GuestRunLimits = {}): Promise<RunOutcome> {
		if (this.#state !== "open") {
			const reason = `the instance cannot run any more: ${this.#endReason}; instantiate the agent again`;
			return Promise.reject(new SpearError("invalid_request", reason));
		}
		this.#lastRun += 1;
		const run = Promise.withResolvers<RunOutcome>();
		this.#runs.set(this.#lastRun, run);
		// Before the order to run: a guest without CPU time waits for it first.
		if (budget !== undefined) this.#watchCpu(budget, run.promise);
		this.#post({ type: "run", id: this.#lastRun, input, limits, isRead: this.#services.isRead() });
		return limits.timeoutMs === undefined ? run.promise : this.#withDeadline(run.promise, limits.timeoutMs);
	}

	/** CPU time of all runs, in milliseconds, as the worker has reported it. */
	get cpuMs(): number {
		return this.#cpuMs;
	}

	/** Ends the instance after its runs, which the signal has aborted. The thread serves the guest's next instance, if all of that ends in time. */
	close(): void {
		if (this.#state === "over" || this.#state === "closing") return;
		this.#state = "closing";
		this.#setTimer();
		if (this.#runs.size === 0) this.#post({ type: "close" });
	}

	receive(messages: unknown): void {
		require(Array.isArray(messages) && messages.length <= MAX_BATCH, "a worker sends no list of messages");
		for (const data of messages) {
			checkPlainData(data, this.#maxBytes);
			this.#handle(parseMessage(data));
		}
	}

	answerNow(data: unknown): BlockingAnswer<unknown> {
		checkPlainData(data, this.#maxBytes);
		this.#notices += NOTICES_PER_MESSAGE;
		return this.#calls.answerNow(parseBlockingCall(data));
	}

	ended(end: ThreadEnd): void {
		const { signal, faults } = this.#services;
		if (end.kind === "violation") faults.error({ rule: end.message }, "a worker of a guest broke the protocol of the host and was ended");
		if (end.kind === "failed") faults.error({ err: end.cause }, `a worker of a guest has ended: ${end.message}`);
		const trap = { trap: trapOf(end, signal) };
		this.#endReason = trap.trap.message;
		this.#over();
		this.#started.reject(new SpearError("invalid_request", `the guest failed while it was being instantiated: ${trap.trap.message}`));
		for (const run of this.#runs.values()) run.resolve(trap);
		this.#runs.clear();
	}

	readonly #onAbort = (): void => {
		const error = abortError(this.#services.signal);
		this.#calls.abort(error);
		this.#post({ type: "abort", error: error.toRecord() });
		this.#setTimer();
	};

	#handle(message: ParsedMessage): void {
		switch (message.type) {
			case "started":
				require(this.#state === "starting" || this.#state === "closing", "an instance starts twice");
				if (this.#state === "starting") this.#state = "open";
				this.#started.resolve();
				this.#clearTimer();
				break;
			case "not-started":
				require(this.#state === "starting" || this.#state === "closing", "an instance starts twice");
				this.#started.reject(SpearError.fromRecord(message.error));
				break;
			case "outcome":
				this.#cpuMs = message.cpuMs;
				if ("trap" in message.outcome) this.#isSpent = true;
				this.#runOf(message.id).resolve(
					"trap" in message.outcome ? { trap: { ...message.outcome.trap, cause: undefined } } : message.outcome,
				);
				break;
			case "refused":
				this.#runOf(message.id).reject(SpearError.fromRecord(message.error));
				break;
			case "ready":
				throw new Violation("a worker is ready twice");
			case "closed":
				this.#closed();
				break;
			case "line":
				this.#lines.write(message.line);
				break;
			default:
				this.#forward(message);
		}
	}

	#watchCpu(budget: CpuShare, run: Promise<unknown>): void {
		const stop = watchCpu(this.#thread, {
			budget,
			clock: this.#services.clock,
			pause: (ms) => this.#post({ type: "pause", ms }),
			onIgnored: () => void this.#thread.terminate({ kind: "cpu", message: "the guest went on without CPU time (cpu_ms_per_minute)" }),
		});
		run.then(stop, stop);
	}

	/** Ends the thread if its meter does not stop the guest at the deadline. */
	async #withDeadline(run: Promise<RunOutcome>, timeoutMs: number): Promise<RunOutcome> {
		const end = { kind: "terminated", message: "the guest did not stop at its deadline" } as const;
		const cancel = this.#services.clock.after(timeoutMs + GRACE_MS, () => void this.#thread.terminate(end));
		try {
			return await run;
		} finally {
			cancel();
		}
	}

	#forward(message: Extract<ParsedMessage, { readonly type: "call" | "cancel" | "credit" | "end-session" | "release" }>): void {
		require(this.#state !== "over", "an instance that has ended sends messages");
		this.#notices += message.type === "call" ? NOTICES_PER_MESSAGE : -1;
		require(this.#notices >= 0, "a worker sends more notices than it has calls and events");
		switch (message.type) {
			case "call":
				this.#calls.call(message.id, message.call);
				break;
			case "cancel":
				this.#calls.cancel(message.id);
				break;
			case "credit":
				this.#calls.credit(message.id, message.bytes);
				break;
			case "end-session":
				this.#calls.endSession(message.id, message.outcome);
				break;
			case "release":
				this.#calls.release(message.kind, message.id);
		}
	}

	#runOf(id: number): PromiseWithResolvers<RunOutcome> {
		const run = this.#runs.get(id);
		require(run !== undefined, "a run that is not in progress has an outcome");
		this.#runs.delete(id);
		if (this.#runs.size > 0) return run;
		if (this.#state === "closing") this.#post({ type: "close" });
		else this.#clearTimer();
		return run;
	}

	#closed(): void {
		require(this.#state === "closing" && this.#runs.size === 0, "an instance closes by itself");
		this.#over();
		if (this.#isSpent) void this.#thread.terminate();
		else this.#onReusable();
	}

	/** Ends the thread unless the worker follows the last order in time. */
	#setTimer(): void {
		if (this.#state === "over") return;
		this.#clearTimer();
		this.#cancelTimer = this.#services.clock.after(GRACE_MS, () => {
			if (this.#state === "open" && this.#runs.size === 0) return;
			void this.#thread.terminate();
		});
	}

	#clearTimer(): void {
		this.#cancelTimer?.();
		this.#cancelTimer = undefined;
	}

	#over(): void {
		this.#state = "over";
		this.#clearTimer();
		this.#calls.close();
		this.#services.signal.removeEventListener("abort", this.#onAbort);
	}

	#break(violation: Violation): void {
		void this.#thread.terminate({ kind: "violation", message: violation.message, cause: violation });
	}

	#post(message: ToWorker<unknown>): void {
		if (message.type === "event") this.#notices += NOTICES_PER_MESSAGE;
		if (this.#state !== "over") this.#thread.post(message);
	}
}

/** Notices that may follow a call or an event: to cancel it, to return its bytes, to release it. */
const NOTICES_PER_MESSAGE = 3;

function trapOf(end: ThreadEnd, signal: AbortSignal): GuestTrap {
	const { cause } = end;
	switch (end.kind) {
		case "memory":
			return { kind: "trap", message: `the guest trapped: ${end.message}`, stderr: "", cause };
		case "cpu":
			return { kind: "cpu-budget", message: end.message, stderr: "", cause };
		case "violation":
			return { kind: "host-fault", message: `the guest's worker broke the protocol of the host: ${end.message}`, stderr: "", cause };
		case "failed":
			return { kind: "host-fault", message: `the guest's worker ended by itself: ${end.message}`, stderr: "", cause };
		case "terminated":
			if (!signal.aborted) return { kind: "deadline", message: end.message, stderr: "", cause };
			return { kind: "aborted", message: "the run was aborted and the guest did not end by itself", stderr: "", cause: signal.reason };
	}
}
