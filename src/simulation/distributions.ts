import type { Random } from "../time/random.ts";

/** A distribution of latencies: log-normal, as the latencies of real upstreams roughly are, optionally with a heavier tail. */
export interface LatencyModel {
	/** Median latency, in milliseconds. */
	readonly medianMs: number;
	/** Standard deviation of the latency's logarithm. With 0.35 the 99th percentile is about 2.3 times the median. */
	readonly sigma: number;
	/** `part` of the answers (0 to 1) take `factor` times as long. The default is none. */
	readonly tail?: { readonly part: number; readonly factor: number };
}

/** Draws a latency, in milliseconds. */
export function drawLatency({ medianMs, sigma, tail }: LatencyModel, random: Random): number {
	const usual = medianMs * Math.exp(sigma * drawNormal(random));
	return tail !== undefined && random() < tail.part ? usual * tail.factor : usual;
}

/** Draws the time until the next event of a Poisson process with this rate, in milliseconds. */
export function drawGap(perSecond: number, random: Random): number {
	return (-Math.log(1 - random()) / perSecond) * 1_000;
}

/** Draws from the standard normal distribution, by Box and Muller's method. */
function drawNormal(random: Random): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
