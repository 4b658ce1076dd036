import { CheckInterval } from "./check-interval.ts";
import type { CpuShare } from "./cpu-budget.ts";
import type { MeterEnd } from "./meter-end.ts";
import { isGlobal, type MutableGlobal, suspending } from "./suspending.ts";
import { guestTurns, type TurnQueue } from "./turn-queue.ts";

/** The part of the host's clock that a meter uses. */
export interface MeterClock {
	/** Returns milliseconds since a fixed but unspecified point. */
	now(): number;
	/** Calls `fire` after `ms` milliseconds. Returns a function that cancels the call. */
	after(ms: number, fire: () => void): () => void;
}

export interface MeterOptions {
	readonly clock: MeterClock;
	/** Longest time that the guest computes before it yields to the event loop, in milliseconds. The default is 5. */
	readonly sliceMs?: number;
	/**
	 * Longest time that the guest computes where it cannot yield, in milliseconds: `realloc`, post-return, calls between components. Beyond the
	 * time the guest ends. The default is 15. Before the first run, in start functions, ten times as long.
	 */
	readonly unyieldingMs?: number;
	/**
	 * Returns the number of the stretch in which the guest's stack cannot be suspended, or 0 if it can be suspended now. Each stretch has a number of
	 * its own.
	 */
	readonly unyieldingStretch: () => number;
	/** CPU time that instances of this guest share. The default is none. */
	readonly budget?: CpuShare;
	/** Called in each check with the guest's frames on the stack, to capture samples of a profile. Must not throw. The default is none. */
	readonly onCheck?: () => void;
	/** Called once when the guest is ended, also while it waits for a hostcall. Must not throw. The default is none. */
	readonly onEnd?: (end: MeterEnd) => void;
	/** Order in which guests continue. The default is that of this thread. */
	readonly turns?: TurnQueue;
}

/** Limits of one run. */
export interface RunLimits {
	/** Time of the clock at which the run ends. The default is none. */
	readonly deadline?: number | undefined;
	/** CPU time of the run, in milliseconds. The default is none. */
	readonly cpuMs?: number | undefined;
	/** Ends the run when aborted. */
	readonly signal?: AbortSignal;
	/** Longest time that the guest computes before it yields to the event loop, in milliseconds. The default is that of the meter. */
	readonly sliceMs?: number | undefined;
	/** CPU time that instances of the guest share. The default is that of the meter. */
	readonly budget?: CpuShare | undefined;
}

/** Link of a meter to one instance of a metered core module. */
export interface CoreMeter {
	/** The imports of the module `__spear_meter`. */
	readonly imports: { readonly check: () => number; readonly yield: unknown };
	/** Connects the counter: the export `__spear_meter` of the instance. Never pass the counter to another module. */
	bind(counter: unknown): void;
}

/**
 * Longest time between two checks that counts where the guest cannot yield, in milliseconds. Checks are about a millisecond apart. More is a pause of
 * the process, or code that is compiled, and not the guest's doing.
 */
const MAX_STEP_MS = 3;

/**
 * Most time of pauses that does not count in one stretch, in multiples of its limit. Otherwise a guest whose steps are long, such as fills of 100 MB,
 * would block the event loop for many times the limit.
 */
const MAX_EXCUSED = 6;

const DEFAULT_SLICE_MS = 5;
const NO_LIMITS: RunLimits = {};

function nothing(): void {}

/** Start functions set up whole language runtimes. */
const START_FACTOR = 10;

/** Hostcalls between two looks at the clock. */
const CALLS_PER_LOOK = 8;

/** Size of a hostcall that takes as long as a small one, in bytes. */
const CALL_BYTES = 16_384;

/**
 * Measures and limits the CPU time of one component instance. All its core instances share the meter.
 *
 * The engine calls `resume` whenever the guest begins to execute, and `pause` whenever it stops: around the run, and around hostcalls that
 * wait. The time between counts as CPU time of the guest, with the hostcalls that do not wait. Time is that of the clock: it includes
 * pauses of the process.
 *
 * The end of a guest is final: every later check traps.
 */
export class Meter {
	readonly #options: MeterOptions;
	#sliceMs: number;
	#budget: CpuShare | undefined;
	readonly #unyieldingMs: number;
	readonly #turns: TurnQueue;
	readonly #interval = new CheckInterval();
	readonly #counters: MutableGlobal[] = [];
	#limits: RunLimits = NO_LIMITS;
	/** CPU time of the run at which the guest ends for a reason other than its budget. */
	#last: { readonly runMs: number; readonly reason: MeterEnd } | undefined;
	#disarm: () => void = nothing;
	#end: MeterEnd | undefined;
	/** Ends the wait of a suspended guest. */
	#wake: () => void = () => {};
	#totalMs = 0;
	#runMs = 0;
	#running = false;
	/** Time up to which CPU time is counted. */
	#countedTo = 0;
	#sliceStart = 0;
	/** Used part of the slice and number of the turn at the last pause. A pause within one turn of the event loop starts no new slice. */
	#sliceUsedMs = 0;
	#turn = -1;
	/** Number of the last stretch in which the guest cannot yield, and the time that counts for it. */
	#stretch = 0;
	#stretchMs = 0;
	/** Time of pauses in the stretch that did not count. */
	#excusedMs = 0;
	#started = false;
	#callsToLook = CALLS_PER_LOOK;
	/** True while the guest is suspended in a yield. */
	#suspended = false;

	constructor(options: MeterOptions) {
		this.#options = options;
		this.#sliceMs = options.sliceMs ?? DEFAULT_SLICE_MS;
		this.#budget = options.budget;
		this.#unyieldingMs = options.unyieldingMs ?? 15;
		this.#turns = options.turns ?? guestTurns;
	}

	/** CPU time of all runs, in milliseconds. */
	get cpuMs(): number {
		this.#count(this.#options.clock.now());
		return this.#totalMs;
	}

	/** CPU time of the current or last run, in milliseconds. */
	get runCpuMs(): number {
		this.#count(this.#options.clock.now());
		return this.#runMs;
	}

	/** Reason for which the guest was ended. Absent if it was not. */
	get ended(): MeterEnd | undefined {
		return this.#end;
	}

	/** Returns the link for one instance of a metered core module. */
	connect(): CoreMeter {
		return {
			imports: { check: () => this.#check(), yield: suspending(() => this.#yield()) },
			bind: (counter) => {
				if (!isGlobal(counter)) throw new TypeError("the core instance exports no counter; it was not metered");
				this.#counters.push(counter);
			},
		};
	}

	/** Ends the guest for a reason once it has used more CPU time, in milliseconds. Replaces an earlier such limit. {@link finish} removes it. */
	endAfter(cpuMs: number, reason: MeterEnd): void {
		this.#last = { runMs: this.runCpuMs + cpuMs, reason };
	}

	/** Applies the limits of a run and starts its CPU time at 0. Call {@link finish} after the run. */
	start(limits: RunLimits): void {
		this.finish();
		this.#limits = limits;
		this.#sliceMs = limits.sliceMs ?? this.#options.sliceMs ?? DEFAULT_SLICE_MS;
		this.#budget = limits.budget ?? this.#options.budget;
		this.#runMs = 0;
		this.#started = true;
		const { deadline, signal } = limits;
		if (deadline === undefined && signal === undefined) return;
		const { clock } = this.#options;
		const disarmTimer = deadline === undefined ? () => {} : clock.after(Math.max(0, deadline - clock.now()), () => this.#endAtDeadline());
		const onAbort = (): void => this.end({ kind: "aborted", message: "the run was aborted", cause: signal?.reason });
		signal?.addEventListener("abort", onAbort, { once: true });
		this.#disarm = () => {
			disarmTimer();
			signal?.removeEventListener("abort", onAbort);
		};
		if (signal?.aborted) onAbort();
	}

	/** Removes the limits of the run. */
	finish(): void {
		this.pause();
		this.#suspended = false;
		this.#disarm();
		this.#disarm = nothing;
		this.#limits = NO_LIMITS;
		this.#last = undefined;
	}

	/**
	 * Begins to count: the guest executes. Starts a new slice if the event loop had a turn since the pause. Otherwise hostcalls that wait for
	 * nothing would prolong the slice for ever. The guest is checked at its next loop or call if the slice or its CPU time is used up. No effect if
	 * the guest executes already.
	 */
	resume(): void {
		if (this.#running) return;
		this.#running = true;
		this.#countedTo = this.#options.clock.now();
		this.#sliceStart = this.#countedTo - (this.#turns.turn === this.#turn ? this.#sliceUsedMs : 0);
		this.#callsToLook = CALLS_PER_LOOK;
		if (this.#isDue(this.#countedTo) || this.#runMs > (this.#limits.cpuMs ?? Number.POSITIVE_INFINITY)) this.#checkSoon();
	}

	/** Stops to count: the guest waits or has returned. No effect if it does not execute. */
	pause(): void {
		if (!this.#running) return;
		const now = this.#options.clock.now();
		this.#count(now);
		this.#running = false;
		this.#sliceUsedMs = now - this.#sliceStart;
		this.#turn = this.#turns.mark();
	}

	/**
	 * Accounts for a hostcall that does not wait: the guest is checked at its next loop or call if its slice is used up. Costs a look at the
	 * clock in one of eight calls, and after each large one.
	 *
	 * @param bytes Size of the last hostcall. The default is 0.
	 */
	charge(bytes = 0): void {
		this.#callsToLook -= 1 + bytes / CALL_BYTES;
		if (this.#callsToLook > 0) return;
		this.#callsToLook = CALLS_PER_LOOK;
		if (this.#options.clock.now() - this.#sliceStart >= this.#sliceMs) this.#checkSoon();
	}

	/** Ends the guest at its next check. A suspended guest continues at once, and traps. Only the first reason counts. */
	end(reason: MeterEnd): void {
		if (this.#end !== undefined) return;
		this.#end = reason;
		this.#checkSoon();
		this.#wake();
		this.#options.onEnd?.(reason);
	}

	#endAtDeadline(): void {
		this.end({ kind: "deadline", message: "the run reached its deadline" });
	}

	#checkSoon(): void {
		for (const counter of this.#counters) counter.value = 0;
	}

	/** Returns true if the guest must yield: its slice is used up, or its CPU time of this minute. */
	#isDue(now: number): boolean {
		return now - this.#sliceStart >= this.#sliceMs || (this.#budget?.waitMs(now) ?? 0) > 0;
	}

	/** Returns the next counter, 0 to yield, or -1 to trap. Never throws: the guest could catch an exception. */
	#check(): number {
		this.resume();
		const now = this.#options.clock.now();
		const elapsedMs = now - this.#countedTo;
		this.#count(now);
		this.#options.onCheck?.();
		this.#applyLimits(now);
		if (this.#end !== undefined) return -1;
		const next = this.#interval.next(elapsedMs);
		const stretch = this.#options.unyieldingStretch();
		if (stretch === 0) return this.#isDue(now) ? 0 : next;
		const limitMs = this.#started ? this.#unyieldingMs : START_FACTOR * this.#unyieldingMs;
		if (stretch === this.#stretch) {
			const excusedMs = Math.min(Math.max(0, elapsedMs - MAX_STEP_MS), MAX_EXCUSED * limitMs - this.#excusedMs);
			this.#excusedMs += excusedMs;
			this.#stretchMs += elapsedMs - excusedMs;
		} else {
			this.#stretch = stretch;
			this.#stretchMs = this.#excusedMs = 0;
		}
		if (this.#stretchMs < limitMs) return next;
		this.end({
			kind: "unyielding",
			message: `the guest computed for more than ${limitMs} ms where it cannot be suspended (start, realloc, post-return, or a call between components)`,
		});
		return -1;
	}

	#applyLimits(now: number): void {
		const { deadline, cpuMs } = this.#limits;
		if (deadline !== undefined && now >= deadline) this.#endAtDeadline();
		if (cpuMs !== undefined && this.#runMs > cpuMs) this.end({ kind: "cpu", message: `the run used its CPU budget of ${cpuMs} ms` });
		if (this.#last !== undefined && this.#runMs > this.#last.runMs) this.end(this.#last.reason);
	}

	/** Suspends the guest until its next turn and until its budget of CPU time allows. Never rejects, as `#check` never throws. */
	async #yield(): Promise<void> {
		this.pause();
		this.#suspended = true;
		const { clock } = this.#options;
		const budget = this.#budget;
		do {
			const waitMs = budget?.waitMs(clock.now()) ?? 0;
			if (waitMs > 0) await this.#sleep(waitMs);
			const { turn, skip } = this.#turns.wait();
			this.#wake = skip;
			if (this.#end !== undefined) skip();
			await turn;
			this.#wake = () => {};
		} while (this.#end === undefined && (budget?.waitMs(clock.now()) ?? 0) > 0);
		// The run is over if its stack could not be suspended after all: V8 ended the guest by an error.
		if (!this.#suspended) return;
		this.#suspended = false;
		this.resume();
	}

	async #sleep(ms: number): Promise<void> {
		if (this.#end !== undefined) return;
		const { promise, resolve } = Promise.withResolvers<void>();
		const cancel = this.#options.clock.after(ms, resolve);
		this.#wake = resolve;
		await promise;
		cancel();
	}

	#count(now: number): void {
		if (!this.#running) return;
		const ms = now - this.#countedTo;
		this.#countedTo = now;
		this.#totalMs += ms;
		this.#runMs += ms;
		this.#budget?.spend(ms, now);
	}
}
