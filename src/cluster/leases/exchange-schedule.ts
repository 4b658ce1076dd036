import { batchesOf } from "../../collections/batches.ts";
import type { Clock } from "../../time/clock.ts";

/** Most limits in one exchange. Further ones follow in the next. */
const MAX_BATCH = 256;

/** A limit of which a host holds a part. */
export interface ScheduledLimit {
	/** True while the schedule looks at the limit. Set by the schedule alone. */
	isActive: boolean;
	/** Returns true if the store must be asked now. */
	isDue(now: number): boolean;
	/** Returns true if nothing is held, owed or wanted. */
	isSettled(now: number): boolean;
}

export interface ExchangeScheduleOptions<T> {
	readonly clock: Clock;
	/** Time between two looks at the active limits, in milliseconds. */
	readonly tickMs: number;
	/** Exchanges a batch with the store. Never rejects. */
	readonly exchange: (batch: readonly T[]) => Promise<void>;
}

/** The times of exchanges with the store. All limits that are due share one exchange, and exchanges follow one after another. */
export class ExchangeSchedule<T extends ScheduledLimit> {
	readonly #options: ExchangeScheduleOptions<T>;
	readonly #active = new Set<T>();
	readonly #due = new Set<T>();
	/** The exchange that is in flight, or the last one. */
	#inFlight: Promise<void> | undefined;
	/** The exchange that follows it. */
	#next: Promise<void> | undefined;
	#cancelTick: (() => void) | undefined;
	#stopped = false;

	constructor(options: ExchangeScheduleOptions<T>) {
		this.#options = options;
	}

	/** Limits that hold or owe something, or were used lately. */
	get active(): ReadonlySet<T> {
		return this.#active;
	}

	/** Looks at a limit from time to time, until it is settled. */
	activate(limit: T): void {
		limit.isActive = true;
		this.#active.add(limit);
		if (this.#cancelTick === undefined && !this.#stopped) this.#arm();
	}

	/** Adds a limit to the next exchange. */
	add(limit: T): void {
		this.#due.add(limit);
	}

	/** Resolves after an exchange of all limits that are due now. Does nothing after `stop`. Never rejects. */
	exchange(): Promise<void> {
		if (this.#stopped) return Promise.resolve();
		this.#next ??= this.#start();
		return this.#next;
	}

	/** Ends the looks, and waits for the exchanges that were asked for. */
	async stop(): Promise<void> {
		this.#stopped = true;
		this.#cancelTick?.();
		await this.#next;
		await this.#inFlight;
	}

	/** Exchanges all limits that are due, also after `stop`. */
	async exchangeDue(): Promise<void> {
		const due = [...this.#due];
		this.#due.clear();
		for (const batch of batchesOf(due, MAX_BATCH)) await this.#options.exchange(batch);
	}

	async #start(): Promise<void> {
		await this.#inFlight; // At least one turn, so that requests of the same moment share the exchange.
		this.#next = undefined;
		const exchange = this.exchangeDue();
		this.#inFlight = exchange;
		await exchange;
	}

	#arm(): void {
		this.#cancelTick = this.#options.clock.after(this.#options.tickMs, () => this.#tick());
	}

	#tick(): void {
		this.#cancelTick = undefined;
		const now = this.#options.clock.now();
		for (const limit of this.#active) {
			if (limit.isDue(now)) this.#due.add(limit);
			else if (limit.isSettled(now)) {
				limit.isActive = false;
				this.#active.delete(limit);
			}
		}
		if (this.#due.size > 0) void this.exchange();
		if (this.#active.size > 0) this.#arm();
	}
}
