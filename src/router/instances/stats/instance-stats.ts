import type { Operation } from "../../../../generated/ir/operations.ts";
import type { Random } from "../../../time/random.ts";
import { GuestPlaces } from "../../limits/guest-places.ts";
import type { SharedPlaces } from "../../limits/places.ts";
import type { BreakerSettings } from "../../resilience/circuit-breaker.ts";
import { OperationHealth } from "../../resilience/operation-health.ts";
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
	readonly #random: Random;
	#settings: StatsSettings;
	readonly #health = new Map<Operation, OperationHealth>();
	/** The health that was asked for last. Most instances serve one operation most of the time, and picks ask very often. */
	#lastHealth: OperationHealth | undefined;
	readonly #latencies = new Map<StatsKey, LatencyStats>();
	readonly #inFlightByOperation = new Map<Operation, number>();
	#inFlight = 0;
	#guestPlaces: GuestPlaces<Operation> | undefined;
	/** Places that several hosts share. `undefined` for a host alone, and without a limit. */
	sharedPlaces: SharedPlaces | undefined;
	#slowStartSince = Number.NEGATIVE_INFINITY;

	constructor(settings: StatsSettings, random: Random) {
		this.#settings = settings;
		this.#random = random;
	}

	/** Replaces the settings. All state stays. A new `intervalMs` applies only to stats keys that are not in use yet. */
	updateSettings(settings: StatsSettings): void {
		this.#settings = settings;
		for (const health of this.#health.values()) health.updateSettings(settings.breaker);
	}

	/** Returns the health for an operation: that of an instance without failures at its first use. */
	health(operation: Operation): OperationHealth {
		const last = this.#lastHealth;
		if (last?.operation === operation) return last;
		const health = this.#health.get(operation) ?? new OperationHealth(operation, this.#settings.breaker, this.#random);
		this.#health.set(operation, health);
		this.#lastHealth = health;
		return health;
	}

	/** Returns the health of each operation that was used. */
	healths(): Iterable<OperationHealth> {
		return this.#health.values();
	}

	/** Leaves to a guest what its requests alone have shown. Called when the guest is not alone any more. */
	separate(): void {
		for (const health of this.#health.values()) health.separate();
	}

	/** Number of requests, streams and sessions that hold a lease on the instance. */
	get inFlight(): number {
		return this.#inFlight;
	}

	/** Places of guests. Counted only at instances with a limit of concurrency. */
	get guestPlaces(): GuestPlaces<Operation> {
		this.#guestPlaces ??= new GuestPlaces();
		return this.#guestPlaces;
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

	/** Begins the slow start of all operations at `at`, which may be in the future. */
	startSlowly(at: number): void {
		this.#slowStartSince = at;
	}

	/** Returns the part of its share that the instance gets of an operation, from 0.1 to 1. 1 without a slow start. */
	slowStartFactor(operation: Operation, now: number): number {
		const elapsed = now - Math.max(this.#slowStartSince, this.health(operation).slowStartSince);
		const { slowStartMs } = this.#settings;
		return elapsed >= slowStartMs ? 1 : Math.max(MIN_SLOW_START, elapsed / slowStartMs);
	}
}
