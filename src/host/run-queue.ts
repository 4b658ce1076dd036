import { FairQueue } from "../collections/fair-queue.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import { Throttle } from "../time/throttle.ts";
import { GuestRuns } from "./guest-runs.ts";

/** Shortest time between two log lines about runs that wait, or that are refused, in milliseconds. Each run would make one otherwise. */
const NOTICE_INTERVAL_MS = 10_000;

/** Longest time that one start keeps the next one waiting, in milliseconds. A worker that is slow to start, or never does, delays no other guest longer. */
const MAX_TURN_MS = 100;

export interface RunLimits {
	/** Number of live instances of all guests. */
	readonly maxRunning: number;
	/** Number of runs that may wait for a place. */
	readonly maxPending: number;
}

/** A run, or an instance that the embedder keeps. */
export interface PendingRun {
	/** Id of the guest. */
	readonly guest: string;
	/** Cancels the wait. */
	readonly signal: AbortSignal;
	/** True if the embedder decides when the place becomes free. */
	readonly kept: boolean;
	/** Share of the starts while runs of several guests wait. A whole number of at least 1. */
	readonly weight: number;
	/** Memory that the instance takes at its start, in bytes. */
	readonly bytes: number;
}

/** The memory of all instances, which bounds the starts too. */
export interface RunMemory {
	/** The most memory that one instance may need at its start, in bytes. */
	readonly maxAdmitted: number;
	/** Reads the memory of every instance. */
	sample(): void;
	/** Returns true if an instance that starts with that many bytes may start, as of the last samples. */
	admits(bytes: number): boolean;
	/** Calls `notify` once, when `admits` returns true for that many bytes. A later call replaces it. */
	whenAdmits(bytes: number, notify: () => void): void;
}

interface Waiter extends PendingRun {
	/** Ends the wait: with a place, or with an error. */
	readonly end: (error?: SpearError) => void;
}

/**
 * Bounds the live instances of a host and the runs that wait for a place. Instances are created one after the other, with a turn of the
 * event loop between them. Otherwise a thousand runs that start at once would block the loop until all of them have started.
 *
 * Guests are served in turn, by their weights. A run whose instance does not fit into the memory of the host waits, and smaller ones may
 * start before it. A place is kept free for each guest that has an agent and no instance, up to half of the places.
 * Otherwise long runs of one guest would block another. If the queue is full, a run displaces the newest one of the guest with the most waiting
 * runs, unless its own guest would then have more.
 */
export class RunQueue {
	readonly #logger: Logger;
	readonly #memory: RunMemory;
	readonly #clock: Clock;
	#limits: RunLimits;
	readonly #pending = new FairQueue<Waiter>();
	readonly #guests = new GuestRuns();
	/** Number of instances that the embedder keeps. */
	#kept = 0;
	#starting = false;
	readonly #waitNotice: Throttle;
	readonly #refusalNotice: Throttle;

	constructor(
		limits: RunLimits,
		{ logger, clock, memory }: { readonly logger: Logger; readonly clock: Clock; readonly memory: RunMemory },
	) {
		this.#limits = limits;
		this.#memory = memory;
		this.#clock = clock;
		this.#logger = logger;
		this.#waitNotice = new Throttle(clock, NOTICE_INTERVAL_MS);
		this.#refusalNotice = new Throttle(clock, NOTICE_INTERVAL_MS);
	}

	/** Number of live instances. */
	get running(): number {
		return this.#guests.running;
	}

	/** Number of runs that wait. */
	get pending(): number {
		return this.#pending.size;
	}

	/** Replaces the limits. Live instances and waiting runs stay. */
	resize(limits: RunLimits): void {
		this.#limits = limits;
		this.#startNext();
	}

	/** Adds an agent of a guest. Returns the function that removes it. */
	addAgent(guest: string): () => void {
		this.#guests.add(guest, { agents: 1 });
		let added = true;
		return () => {
			if (added) this.#guests.add(guest, { agents: -1 });
			added = false;
		};
	}

	/**
	 * Waits for a place and for the turn to start, and creates the instance. `create` receives the function that frees the place, to be
	 * called at the end of the instance. A failure of `create` frees the place.
	 *
	 * @throws SpearError `rate_limited` if too many runs wait; `not_permitted` if the instance needs more memory than the host has; the
	 * error of `run.signal` if it is aborted first.
	 */
	async start<T>(run: PendingRun, create: (release: () => void) => Promise<T>): Promise<T> {
		await this.#turn(run);
		let held = true;
		const release = (): void => {
			if (held) this.#release(run);
			held = false;
		};
		const endTurn = this.#beginTurn();
		try {
			return await create(release);
		} catch (cause) {
			release();
			throw cause;
		} finally {
			setImmediate(endTurn);
		}
	}

	/** Returns the function that ends the turn of a start. The turn ends by itself after a while. */
	#beginTurn(): () => void {
		let isOver = false;
		const end = (): void => {
			cancel();
			if (isOver) return;
			isOver = true;
			this.#starting = false;
			this.#startNext();
		};
		const cancel = this.#clock.after(MAX_TURN_MS, end);
		return end;
	}

	#turn(run: PendingRun): Promise<void> {
		const { guest, signal, weight, bytes } = run;
		if (signal.aborted) return Promise.reject(abortError(signal));
		if (bytes > this.#memory.maxAdmitted) return Promise.reject(tooLarge(bytes, this.#memory.maxAdmitted));
		const fits = this.#memory.admits(bytes);
		const hasPlace = fits && this.#hasPlace(guest);
		// Runs that wait only for their turn do not count.
		const waiting = this.#pending.size - (hasPlace ? this.#limits.maxRunning - this.#guests.running : 0);
		if (waiting >= this.#limits.maxPending) {
			const displaced = this.#pending.evictFor(guest, weight);
			const refusal = this.#refusal(fits);
			if (displaced === undefined) return Promise.reject(refusal);
			displaced.end(refusal);
		}
		if (!hasPlace) this.#notifyWait(fits);
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const onAbort = (): void => {
			this.#pending.remove(guest, waiter);
			waiter.end(abortError(signal));
		};
		const waiter: Waiter = {
			...run,
			end(error) {
				signal.removeEventListener("abort", onAbort);
				if (error === undefined) resolve();
				else reject(error);
			},
		};
		signal.addEventListener("abort", onAbort, { once: true });
		this.#pending.add(guest, waiter, weight);
		this.#startNext();
		return promise;
	}

	#startNext(): void {
		if (this.#starting) return;
		const memory = this.#memory;
		let sampled = false;
		let lacking = Number.POSITIVE_INFINITY;
		const next = this.#pending.take((guest, { bytes }) => {
			if (!this.#hasPlace(guest)) return false;
			if (!sampled) memory.sample();
			sampled = true;
			if (memory.admits(bytes)) return true;
			lacking = Math.min(lacking, bytes);
			return false;
		});
		if (lacking < Number.POSITIVE_INFINITY) memory.whenAdmits(lacking, () => this.#startNext());
		if (next === undefined) return;
		this.#starting = true;
		if (next.kept) this.#kept += 1;
		this.#guests.add(next.guest, { running: 1 });
		next.end();
	}

	#release({ guest, kept }: PendingRun): void {
		if (kept) this.#kept -= 1;
		this.#guests.add(guest, { running: -1 });
		this.#startNext();
	}

	#hasPlace(guest: string): boolean {
		return this.#guests.hasPlace(guest, this.#limits.maxRunning);
	}

	#notifyWait(fits: boolean): void {
		const runs = this.#waitNotice.pass();
		if (runs === undefined) return;
		const fields = { runs, running: this.#guests.running, max_running: this.#limits.maxRunning };
		if (!fits) {
			this.#logger.warn(fields, "runs wait for memory: the instances hold most of [host] max_total_memory_bytes");
		} else if (this.#kept < this.#guests.running) {
			this.#logger.debug(fields, "runs wait for a place: the host has max_running live instances, or the guest has its share of them");
		} else {
			this.#logger.warn(
				fields,
				"runs wait, and every place is held by an instance of Agent.instantiate: close the instances that are not in use, or raise [host] max_running",
			);
		}
	}

	#refusal(fits: boolean): SpearError {
		const { maxPending, maxRunning } = this.#limits;
		const refused = this.#refusalNotice.pass();
		if (refused !== undefined) {
			this.#logger.warn(
				{ refused, max_running: maxRunning, max_pending_runs: maxPending },
				fits
					? "runs are refused: the host has max_running live instances, and max_pending_runs runs wait"
					: "runs are refused: the instances hold most of max_total_memory_bytes, and max_pending_runs runs wait",
			);
		}
		if (!fits) {
			return new SpearError(
				"rate_limited",
				`the guests of this host hold most of its memory (max_total_memory_bytes), and ${maxPending} more runs wait already (max_pending_runs of [host]); try again later`,
				{ retryable: true, reason: "host_memory_limit" },
			);
		}
		return new SpearError(
			"rate_limited",
			`the host runs as many instances as it may (max_running, ${maxRunning}), and ${maxPending} more wait already (max_pending_runs of [host]); try again later, or raise one of them`,
			{ retryable: true, reason: "run_queue_full" },
		);
	}
}

function tooLarge(bytes: number, maxAdmitted: number): SpearError {
	return new SpearError(
		"not_permitted",
		`an instance of this guest takes ${bytes} bytes at its start, and the host admits at most ${maxAdmitted} (80 % of max_total_memory_bytes of [host]); raise the limit`,
	);
}
