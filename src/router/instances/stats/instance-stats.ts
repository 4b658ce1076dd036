import type { Operation } from "../../../../generated/ir/operations.ts";
import type { Random } from "../../../time/random.ts";
import { type BreakerSettings, CircuitBreaker } from "../../resilience/circuit-breaker.ts";
import { LatencyStats } from "./latency-stats.ts";

/** What is measured alike: an operation in one shape of exchange, e.g. `chat_completions/server_stream`. */
export type StatsKey = string;

export interface StatsSettings {
	readonly breaker: BreakerSettings;
	/** Over which time successes and failures are counted, in milliseconds. */
	readonly intervalMs: number;
	/** How long an instance that comes back is spared its full share. */
	readonly slowStartMs: number;
}

/** What the router knows of an instance from its own requests. Outlives a change of configuration that leaves the instance what it is. */
export class InstanceStats {
	readonly breaker: CircuitBreaker;
	#settings: StatsSettings;
	readonly #latencies = new Map<StatsKey, LatencyStats>();
	readonly #byOperation = new Map<Operation, number>();
	#inFlight = 0;
	#ejectedUntil = 0;
	#ejections = 0;
	#recoveredAt = Number.NEGATIVE_INFINITY;

	constructor(settings: StatsSettings, random: Random) {
		this.#settings = settings;
		this.breaker = new CircuitBreaker(settings.breaker, random);
	}

	/** Goes by other settings from now on; what it knows stays. */
	updateSettings(settings: StatsSettings): void {
		this.#settings = settings;
		this.breaker.updateSettings(settings.breaker);
	}

	/** Requests, streams and sessions that hold a lease on it. */
	get inFlight(): number {
		return this.#inFlight;
	}

	inFlightOf(operation: Operation): number {
		return this.#byOperation.get(operation) ?? 0;
	}

	enter(operation: Operation): void {
		this.#inFlight += 1;
		this.#byOperation.set(operation, this.inFlightOf(operation) + 1);
	}

	leave(operation: Operation): void {
		this.#inFlight -= 1;
		this.#byOperation.set(operation, this.inFlightOf(operation) - 1);
	}

	latency(key: StatsKey): LatencyStats {
		const found = this.#latencies.get(key);
		if (found !== undefined) return found;
		const made = new LatencyStats(this.#settings.intervalMs);
		this.#latencies.set(key, made);
		return made;
	}

	/** Until when it is ejected; 0 when it is not. */
	ejectedUntil(now: number): number {
		return this.#ejectedUntil > now ? this.#ejectedUntil : 0;
	}

	/** Takes it out for a while, longer each time it comes soon after the last. */
	eject(now: number, ms: number): void {
		// Well-behaved for as long as it was out before: the slate is clean.
		if (now - this.#ejectedUntil > ms * (this.#ejections + 1)) this.#ejections = 0;
		this.#ejections += 1;
		this.#ejectedUntil = now + ms * this.#ejections;
		this.#recoveredAt = this.#ejectedUntil;
	}

	/** It came back now, by a good trial. */
	recovered(now: number): void {
		this.#recoveredAt = now;
	}

	/** The part of its share it gets so soon after it came back: 1 for all of it. */
	slowStartFactor(now: number): number {
		const passed = now - this.#recoveredAt;
		const { slowStartMs } = this.#settings;
		return passed >= slowStartMs ? 1 : Math.max(0.1, passed / slowStartMs);
	}
}
