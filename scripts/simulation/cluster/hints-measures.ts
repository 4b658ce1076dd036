import type { HintsRun } from "./hints-run.ts";
import type { Series } from "./series.ts";

/** Length of the windows in which a share is measured, in milliseconds. */
const WINDOW_MS = 2_000;

/** Returns the amount of all backends between two times. */
export function sumOver(backends: ReadonlyMap<string, Series>, from: number, to: number): number {
	let sum = 0;
	for (const series of backends.values()) sum += series.between(from, to);
	return sum;
}

/** Returns the part of the requests that were answered between two times, from 0 to 1. */
export function answered({ requests, unanswered }: HintsRun, from: number, to: number): number {
	return 1 - unanswered.between(from, to) / requests.between(from, to);
}

/** Returns the time after `from` until a backend has this part of its even share of the requests. `Infinity` for never. In seconds. */
export function secondsToShare({ requests, attempts, simulation }: HintsRun, backend: string, part: number, from: number): number {
	const series = attempts.get(backend);
	for (let at = from; at + WINDOW_MS <= simulation.forMs; at += 100) {
		const even = requests.between(at, at + WINDOW_MS) / simulation.backends.length;
		if (series !== undefined && series.between(at, at + WINDOW_MS) >= part * even) return (at - from) / 1_000;
	}
	return Number.POSITIVE_INFINITY;
}
