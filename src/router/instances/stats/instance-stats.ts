import type { Operation } from "../../../../generated/ir/operations.ts";
import type { Random } from "../../../time/random.ts";
import { type BreakerSettings, CircuitBreaker } from "../../resilience/circuit-breaker.ts";
import { LatencyStats } from "./latency-stats.ts";

/** Requests whose latencies are comparable: an operation and its transport, e.g. `chat_completions/server_stream`. */
export type StatsKey = string;

export interface StatsSettings {
	readonly breaker: BreakerSettings;
	/** Interval over which successes and failures are counted, in milliseconds. */
	readonly intervalMs: number;
	/** Length of the slow start of a recovered instance, in milliseconds. 0 for none. */
	readonly slowStartMs: number;
}

/** Least share of an instance in slow start. With less, an instance with few requests would hardly get any. */
const MIN_SLOW_START = 0.1;

/** Runtime state of one instance. Survives a reload, unless the backend itself is replaced. */
export class InstanceStats {
	readonly breaker: CircuitBreaker;
	#settings: StatsSettings;
	readonly #latencies = new Map<StatsKey, LatencyStats>();
	readonly #inFlightByOperation = new Map<Operation, number>();
	#inFlight = 0;
	#ejectedUntil = 0;
	/** Ejections in a row. */
	#ejections = 0;
	#slowStartSince = Number.NEGATIVE_INFINITY;

	constructor(settings: StatsSettings, random: Random) {
		this.#settings = settings;
		this.breaker = new CircuitBreaker(settings.breaker, random);
	}

	/** Replaces the settings. All state stays. A new `intervalMs` applies only to stats keys that are not in use yet. */
	updateSettings(settings: StatsSettings): void {
		this.#settings = settings;
		this.breaker.updateSettings(settings.breaker);
	}

	/** Number of requests, streams and sessions that hold a lease on the instance. */
	get inFlight(): number {
		return this.#inFlight;
	}

	inFlightOf(operation: Operation): number {
		return this.#inFlightByOperation.get(operation) ?? 0;
	}

	addInFlight(operation: Operation): void {
		this.#inFlight += 1;
		this.#inFlightByOperation.set(operation, this.inFlightOf(operation) + 1);
	}

	removeInFlight(operation: Operation): void {
		this.#inFlight -= 1;
		this.#inFlightByOperation.set(operation, this.inFlightOf(operation) - 1);
	}

	/** Returns the statistics of a stats key; empty ones at its first use. */
	latency(key: StatsKey): LatencyStats {
		const existing = this.#latencies.get(key);
		if (existing !== undefined) return existing;
		const created = new LatencyStats(this.#settings.intervalMs);
		this.#latencies.set(key, created);
		return created;
	}

	/** Returns the end of the current ejection; 0 if the instance is not ejected. */
	ejectedUntil(now: number): number {
		return this.#ejectedUntil > now ? this.#ejectedUntil : 0;
	}

	/** Ejects the instance for `ms`, times the number of ejections in a row. The slow start begins when the ejection ends. */
	eject(now: number, ms: number): void {
		// After a time without ejections that is longer than the next ejection would last, the count starts again.
		if (now - this.#ejectedUntil > ms * (this.#ejections + 1)) this.#ejections = 0;
		this.#ejections += 1;
		this.#ejectedUntil = now + ms * this.#ejections;
		this.startSlowly(this.#ejectedUntil);
	}

	/** Begins the slow start at `at`, which may be in the future. */
	startSlowly(at: number): void {
		this.#slowStartSince = at;
	}

	/** Returns the part of its share that the instance gets, from 0.1 to 1. 1 without a slow start. */
	slowStartFactor(now: number): number {
		const elapsed = now - this.#slowStartSince;
		const { slowStartMs } = this.#settings;
		return elapsed >= slowStartMs ? 1 : Math.max(MIN_SLOW_START, elapsed / slowStartMs);
	}
}
