import { SpearError } from "../../errors/spear-error.ts";
import type { GuestRunLimits, GuestTrap, RunEnd } from "../guest-module.ts";
import { outcomeOf } from "./run-end.ts";

/** Default time that an aborted run has to end by itself, once its hostcalls answer `cancelled`, in milliseconds. */
const ABORT_GRACE_MS = 1_000;

/**
 * CPU time in that time, in milliseconds. Enough to release handles and to return an answer. Otherwise a guest that only computes, and so never
 * learns of the abort, would compute for the whole grace.
 */
const ABORT_CPU_MS = 100;

const ABORTED = "the run was aborted";
const NOT_ENDED = "the run was aborted and the guest did not end by itself";

/** Outcome of a run, with an error of the ABI's type `E`. */
export type InstanceOutcome<E> = RunEnd | { readonly err: E };

/** Parts of an instance. Made by the engine of its ABI. */
export interface InstanceParts<E> {
	readonly name: string;
	/** Calls the guest's entry point. Rejects when the guest traps or exits. */
	readonly run: (input: string) => Promise<{ readonly ok: string } | { readonly err: E }>;
	/** Limits and end of the guest's computation. Absent for an engine that cannot stop a guest. */
	readonly control?: GuestControl;
	/**
	 * Time that an aborted run has to end by itself, in milliseconds. The default is a second. 0 for an ABI whose hostcalls cannot tell the guest
	 * of the abort.
	 */
	readonly abortGraceMs?: number;
	/** The part of the ABI that belongs to the instance. `flush` passes on unfinished lines of output, and `close` releases what the host holds. */
	readonly services: { flush(): void; close(): void };
	/** Returns the last lines of standard error. */
	readonly stderrTail: () => string;
	readonly signal: AbortSignal | undefined;
}

/** Control over what a guest computes. */
export interface GuestControl {
	/** CPU time of all runs, in milliseconds. */
	readonly cpuMs: number;
	/** The end of the guest, if it was ended: its kind and a description in one line. */
	readonly ended: Pick<GuestTrap, "kind" | "message"> | undefined;
	start(limits: GuestRunLimits): void;
	finish(): void;
	/** Ends the guest at its next loop, call or hostcall. */
	stop(reason: string): void;
	/** Ends the guest as `stop` does once it has computed for some more milliseconds in this run. */
	stopAfter(cpuMs: number, reason: string): void;
	/** Calls a function when the guest is ended, also while the guest waits. Replaces the former function. */
	whenEnded(notify: () => void): void;
}

/** The runs of one instance of a guest: one after another, until `close` or a trap. */
export class InstanceRuns<E> {
	readonly #name: string;
	/** Absent after the end: an embedder may keep the instance, and its memory must go. */
	#parts: InstanceParts<E> | undefined;
	#state: "ready" | "running" | "ended" | "closed" = "ready";
	#endReason = "";
	#cpuMs = 0;
	#awaited = false;
	/** Ends the wait for the current run. No effect after its end. */
	#settle: (outcome: InstanceOutcome<E>) => void = () => {};

	constructor(parts: InstanceParts<E>) {
		this.#name = parts.name;
		this.#parts = parts;
		parts.control?.whenEnded(() => setImmediate(() => this.#settleEnded()));
	}

	/** False after a trap, an exit, an abort or `close`. */
	get usable(): boolean {
		return this.#state === "ready" || this.#state === "running";
	}

	/** True after the instance has ended and no caller waits for a run. A hostcall of such a guest is never answered. */
	get abandoned(): boolean {
		return !this.usable && !this.#awaited;
	}

	/**
	 * Runs the guest's entry point. Resolves with the guest's answer, the error that it reported, or the trap that ended it.
	 *
	 * When `signal` is aborted, the guest has its grace to end by itself, and 100 ms of CPU time in it: its hostcalls answer `cancelled`. After that
	 * the outcome is a trap of kind `aborted`. A guest that is not metered and never calls the host cannot be stopped from its own thread.
	 *
	 * @throws SpearError `invalid_request` when the instance is running, ended or closed; `cancelled` when aborted before the start.
	 */
	async run(input: string, options: GuestRunLimits & { readonly signal?: AbortSignal } = {}): Promise<InstanceOutcome<E>> {
		const name = this.#name;
		const parts = this.#parts;
		if (this.#state === "running")
			throw refuse(`the instance of ${name} is running already; await that run, or instantiate the guest again`);
		if (this.#state !== "ready" || parts === undefined)
			throw refuse(`the instance of ${name} cannot run any more: ${this.#endReason}; instantiate the guest again`);
		const signal = eitherSignal(parts.signal, options.signal);
		if (signal?.aborted === true)
			throw new SpearError("cancelled", `the run of ${name} was aborted before it began`, { cause: signal.reason });
		this.#state = "running";
		this.#awaited = true;
		parts.control?.start(options);
		try {
			return await (signal === undefined ? this.#enterEndable(parts, input) : this.#enterAbortable(parts, input, signal));
		} finally {
			this.#awaited = false;
			parts.control?.finish();
			parts.services.flush();
			if (this.#state === "running") this.#state = "ready";
		}
	}

	/** Ends the instance: clears its timers and refuses further runs. The memory is freed with the last reference. */
	close(): void {
		this.#end("closed", "it was closed");
	}

	[Symbol.dispose](): void {
		this.close();
	}

	/** CPU time of all runs, in milliseconds. 0 for a guest that is not metered. */
	get cpuMs(): number {
		this.#cpuMs = this.#parts?.control?.cpuMs ?? this.#cpuMs;
		return this.#cpuMs;
	}

	/** Runs the guest, until its own end or `#settle`. Runs are frequent: one promise, and no race of several. */
	#enterEndable(parts: InstanceParts<E>, input: string): Promise<InstanceOutcome<E>> {
		return new Promise((resolve, reject) => {
			this.#settle = resolve;
			parts.run(input).then(resolve, (thrown: unknown) => {
				this.#failed(parts, thrown).then(resolve, reject);
			});
		});
	}

	/** Ends the instance for what its run threw. Rejects for an error that is none of a guest. */
	async #failed({ services, stderrTail, control }: InstanceParts<E>, thrown: unknown): Promise<InstanceOutcome<E>> {
		services.flush();
		const outcome = outcomeOf(thrown, stderrTail(), control?.ended);
		this.#end("ended", "trap" in outcome ? outcome.trap.message : "it exited");
		return outcome;
	}

	/**
	 * Settles the run of a guest that was ended while it waits for a hostcall: the hostcall may never be answered. A guest that computes traps before
	 * the event loop has a turn, with a stack that shows where.
	 */
	#settleEnded(): void {
		const parts = this.#parts;
		const ended = parts?.control?.ended;
		if (this.#state !== "running" || parts === undefined || ended === undefined) return;
		const outcome = { trap: { ...ended, stderr: parts.stderrTail(), cause: undefined } };
		this.#end("ended", ended.message);
		this.#settle(outcome);
	}

	async #enterAbortable(parts: InstanceParts<E>, input: string, signal: AbortSignal): Promise<InstanceOutcome<E>> {
		const { abortGraceMs = ABORT_GRACE_MS } = parts;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const onAbort = () => {
			if (abortGraceMs === 0) return parts.control?.stop(ABORTED);
			parts.control?.stopAfter(ABORT_CPU_MS, NOT_ENDED);
			timer = setTimeout(() => {
				this.#end("ended", NOT_ENDED);
				this.#settle({ trap: { kind: "aborted", message: NOT_ENDED, stderr: parts.stderrTail(), cause: signal.reason } });
			}, abortGraceMs);
		};
		signal.addEventListener("abort", onAbort, { once: true });
		try {
			return await this.#enterEndable(parts, input);
		} finally {
			signal.removeEventListener("abort", onAbort);
			clearTimeout(timer);
		}
	}

	#end(state: "ended" | "closed", why: string): void {
		if (!this.usable) return;
		this.#state = state;
		this.#endReason = why;
		this.#cpuMs = this.#parts?.control?.cpuMs ?? this.#cpuMs;
		this.#parts?.control?.stop(why);
		this.#parts?.services.close();
		this.#parts = undefined;
	}
}

/** Returns a signal that is aborted with either of two. */
function eitherSignal(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
	return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);
}

function refuse(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
