import type { Instance } from "../instances/instance.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";

export interface EjectionSettings {
	/** How often instances are compared, in milliseconds. */
	readonly intervalMs: number;
	/** Requests in that time below which an instance is not judged. */
	readonly minRequests: number;
	/** Failures that take it out, as a part of its requests, where most others have fewer. */
	readonly errorRatio: number;
	/** How many times the median latency of the others takes it out. */
	readonly latencyFactor: number;
	/** How long it stays out the first time, in milliseconds. */
	readonly baseEjectionMs: number;
	/** Most of the instances beside one another that may be out. */
	readonly maxEjectionRatio: number;
}

interface Measured {
	readonly instance: Instance;
	readonly errorRatio: number;
	/** Mean latency of its successes, in milliseconds; `undefined` without any. */
	readonly latencyMs: number | undefined;
}

/** Latencies below this are never called slow, whatever the others manage, in milliseconds. */
const NEVER_SLOW_MS = 20;

/**
 * Compares instances that serve the same requests, and takes those out for a while that fail much more often or answer much later
 * than most. Never more than a part of them: when all do badly the fault lies elsewhere.
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

	/** Compares, if it is time to. Gives those it took out. */
	sweep(now: number): readonly Instance[] {
		this.#nextAt ??= now + this.#settings.intervalMs;
		if (now < this.#nextAt || this.#peers.length < 2) return [];
		this.#nextAt = now + this.#settings.intervalMs;
		const { maxEjectionRatio, baseEjectionMs } = this.#settings;
		const isOut = ({ stats }: Instance): boolean => stats.ejectedUntil(now) > 0 || stats.breaker.state(now) !== "closed";
		let places = Math.floor(maxEjectionRatio * this.#peers.length) - this.#peers.filter(isOut).length;
		if (places <= 0) return [];
		const judged = this.#judge(now).filter(({ instance }) => !isOut(instance));
		const taken: Instance[] = [];
		for (const { instance } of this.#worst(judged)) {
			if (places-- <= 0) break;
			instance.stats.eject(now, baseEjectionMs);
			instance.stats.latency(this.#key).counts.clear();
			taken.push(instance);
		}
		return taken;
	}

	#judge(now: number): Measured[] {
		return this.#peers.flatMap((instance) => {
			const { succeeded, failed, latencySumMs } = instance.stats.latency(this.#key).counts.recent(now);
			if (succeeded + failed < this.#settings.minRequests) return [];
			const latencyMs = succeeded === 0 ? undefined : latencySumMs / succeeded;
			return [{ instance, errorRatio: failed / (succeeded + failed), latencyMs }];
		});
	}

	/** Those that stand out, the worst first. */
	#worst(judged: readonly Measured[]): Measured[] {
		if (judged.length < 2) return [];
		const { errorRatio, latencyFactor } = this.#settings;
		const usualErrors = median(judged.map((each) => each.errorRatio));
		const latencies = judged.flatMap(({ latencyMs }) => latencyMs ?? []);
		// With two to compare, the quicker one is what the other is measured by.
		const usualLatency = latencies.length === 2 ? Math.min(...latencies) : median(latencies);
		const slow = (ms: number | undefined): boolean => ms !== undefined && ms > NEVER_SLOW_MS && ms > latencyFactor * usualLatency;
		return judged
			.filter((each) => (each.errorRatio >= errorRatio && usualErrors < errorRatio) || slow(each.latencyMs))
			.sort((a, b) => b.errorRatio - a.errorRatio || (b.latencyMs ?? 0) - (a.latencyMs ?? 0));
	}
}

/** The lower one of the two in the middle. */
function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
