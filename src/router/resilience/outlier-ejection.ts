import type { Instance } from "../instances/instance.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";

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

interface Measured {
	readonly instance: Instance;
	readonly errorRatio: number;
	/** Mean latency of the successes, in milliseconds. `undefined` without any. */
	readonly latencyMs: number | undefined;
}

/** Latency that is never called slow, in milliseconds. Otherwise peers that answer within a few milliseconds would eject each other. */
const NEVER_SLOW_MS = 20;

/**
 * Compares instances that serve the same requests, and ejects for a while those that fail much more often or answer much later than their
 * peers. Ejects only a part of them: if all fail, their common cause lies elsewhere.
 */
export class OutlierEjection {
	readonly #peers: readonly Instance[];
	readonly #key: StatsKey;
	readonly #settings: EjectionSettings;
	#nextAt: number | undefined;

	constructor(peers: readonly Instance[], key: StatsKey, settings: EjectionSettings) {
		this.#peers = peers;
		this.#key = key;
		this.#settings = settings;
	}

	/** Compares the peers if the interval has passed. Returns the ejected instances. */
	sweep(now: number): readonly Instance[] {
		this.#nextAt ??= now + this.#settings.intervalMs;
		if (now < this.#nextAt || this.#peers.length < 2) return [];
		this.#nextAt = now + this.#settings.intervalMs;
		const { maxEjectionRatio, baseEjectionMs } = this.#settings;
		const isUnhealthy = ({ stats }: Instance): boolean => stats.ejectedUntil(now) > 0 || stats.breaker.state(now) !== "closed";
		let allowed = Math.floor(maxEjectionRatio * this.#peers.length) - this.#peers.filter(isUnhealthy).length;
		if (allowed <= 0) return [];
		const measured = this.#measure(now).filter(({ instance }) => !isUnhealthy(instance));
		const ejected: Instance[] = [];
		for (const { instance } of this.#outliers(measured)) {
			if (allowed-- <= 0) break;
			instance.stats.eject(now, baseEjectionMs);
			instance.stats.latency(this.#key).counts.clear();
			ejected.push(instance);
		}
		return ejected;
	}

	#measure(now: number): Measured[] {
		return this.#peers.flatMap((instance) => {
			const { succeeded, failed, latencySumMs } = instance.stats.latency(this.#key).counts.recent(now);
			if (succeeded + failed < this.#settings.minRequests) return [];
			const latencyMs = succeeded === 0 ? undefined : latencySumMs / succeeded;
			return [{ instance, errorRatio: failed / (succeeded + failed), latencyMs }];
		});
	}

	/** The outliers, the worst first. */
	#outliers(measured: readonly Measured[]): Measured[] {
		if (measured.length < 2) return [];
		const { errorRatio, latencyFactor } = this.#settings;
		const usualErrorRatio = lowerMedian(measured.map((each) => each.errorRatio));
		const usualLatencyMs = lowerMedian(measured.flatMap(({ latencyMs }) => latencyMs ?? []));
		const isSlow = (ms: number | undefined): boolean => ms !== undefined && ms > NEVER_SLOW_MS && ms > latencyFactor * usualLatencyMs;
		return measured
			.filter((each) => (each.errorRatio >= errorRatio && usualErrorRatio < errorRatio) || isSlow(each.latencyMs))
			.sort((a, b) => b.errorRatio - a.errorRatio || (b.latencyMs ?? 0) - (a.latencyMs ?? 0));
	}
}

/** The median; of two middle values the lower. With two peers, the better one is what the other is compared with. 0 for no value. */
function lowerMedian(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
