import type { Operation } from "../../../generated/ir/operations.ts";
import type { Instance } from "../instances/instance.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import { lowerMedian, type Measured, measure } from "./peer-measure.ts";

export interface EjectionSettings {
	/** Time between two comparisons, in milliseconds. */
	readonly intervalMs: number;
	/** Requests in the last one to two intervals below which an instance is not compared. */
	readonly minRequests: number;
	/** Share of failures from which an instance is ejected, unless most peers have it too. From 0 to 1. */
	readonly errorRatio: number;
	/** Multiple of the peers' median latency above which an instance is ejected. */
	readonly latencyFactor: number;
	/** First ejection, in milliseconds. Each further one in a row lasts that much longer. */
	readonly baseEjectionMs: number;
	/** Share of the peers that may be unhealthy before no further instance is ejected. From 0 to 1. */
	readonly maxEjectionRatio: number;
}

/** Latency that is never called slow, in milliseconds. Otherwise peers that answer within a few milliseconds would eject each other. */
const NEVER_SLOW_MS = 20;

/** Most comparisons are not due yet. */
const NONE: readonly Instance[] = [];

/**
 * Compares instances that serve the same requests, and ejects for a while those that fail much more often or answer much later than their
 * peers. Ejects only a part of them: if all fail, their common cause lies elsewhere. An instance that only the requests of one guest have
 * shown to be worse is ejected for that guest only.
 */
export class OutlierEjection {
	readonly #peers: readonly Instance[];
	readonly #operation: Operation;
	readonly #key: StatsKey;
	readonly #settings: EjectionSettings;
	#nextAt: number | undefined;

	constructor(peers: readonly Instance[], operation: Operation, key: StatsKey, settings: EjectionSettings) {
		this.#peers = peers;
		this.#operation = operation;
		this.#key = key;
		this.#settings = settings;
	}

	/**
	 * Compares the peers if the interval has passed. Returns the ejected instances.
	 *
	 * @param alone True if only one guest sends requests: what they show holds for all then. The default is true.
	 */
	sweep(now: number, alone = true): readonly Instance[] {
		this.#nextAt ??= now + this.#settings.intervalMs;
		if (now < this.#nextAt || this.#peers.length < 2) return NONE;
		this.#nextAt = now + this.#settings.intervalMs;
		const { maxEjectionRatio, baseEjectionMs, minRequests } = this.#settings;
		let allowed = Math.floor(maxEjectionRatio * this.#peers.length) - this.#peers.filter((peer) => this.#isUnhealthy(peer, now)).length;
		if (allowed <= 0) return [];
		const measured = this.#peers.flatMap((peer) => measure(peer, this.#key, minRequests, now) ?? []);
		const ejected: Instance[] = [];
		for (const { instance, soleGuest } of this.#outliers(measured.filter(({ instance }) => !this.#isUnhealthy(instance, now)))) {
			if (allowed-- <= 0) break;
			const basis = soleGuest === undefined ? undefined : { guest: soleGuest, alone };
			instance.stats.health(this.#operation).eject(now, baseEjectionMs, basis);
			instance.stats.latency(this.#key).counts.clear();
			ejected.push(instance);
		}
		return ejected;
	}

	#isUnhealthy({ stats }: Instance, now: number): boolean {
		const health = stats.health(this.#operation);
		return health.ejectedUntil(now) > 0 || health.breaker.state(now) !== "closed";
	}

	/** The outliers, the worst first. */
	#outliers(measured: readonly Measured[]): Measured[] {
		if (measured.length < 2) return [];
		const { errorRatio, latencyFactor } = this.#settings;
		// Of two peers, the better one is what the other is compared with.
		const usualErrorRatio = lowerMedian(measured.map(({ usual }) => usual.errorRatio));
		const usualLatencyMs = lowerMedian(measured.flatMap(({ usual }) => usual.latencyMs ?? []));
		const isSlow = (ms: number | undefined): boolean => ms !== undefined && ms > NEVER_SLOW_MS && ms > latencyFactor * usualLatencyMs;
		return measured
			.filter(({ own }) => (own.errorRatio >= errorRatio && usualErrorRatio < errorRatio) || isSlow(own.latencyMs))
			.sort((a, b) => b.own.errorRatio - a.own.errorRatio || (b.own.latencyMs ?? 0) - (a.own.latencyMs ?? 0));
	}
}
