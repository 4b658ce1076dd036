import type { Random } from "../../src/time/random.ts";

/** How long answers take: log-normal, as upstreams' latencies roughly are, with a heavier tail where one is wanted. */
export interface LatencyModel {
	/** Half of the answers take less, in milliseconds. */
	readonly medianMs: number;
	/** Spread: the standard deviation of the latency's logarithm. 0.35 puts the 99th percentile at about 2.3 times the median. */
	readonly sigma: number;
	/** A part of the answers takes so many times as long. */
	readonly tail?: { readonly part: number; readonly factor: number };
}

/** A latency, in milliseconds. */
export function drawLatency({ medianMs, sigma, tail }: LatencyModel, random: Random): number {
	const usual = medianMs * Math.exp(sigma * drawNormal(random));
	return tail !== undefined && random() < tail.part ? usual * tail.factor : usual;
}

/** The time until the next of events that come by chance at this rate a second, in milliseconds: exponential, which makes them a Poisson process. */
export function drawGap(perSecond: number, random: Random): number {
	return (-Math.log(1 - random()) / perSecond) * 1_000;
}

/** Box and Muller's. */
function drawNormal(random: Random): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
