import { quantile } from "../statistics.ts";
import type { LimitsRun } from "./limits-run.ts";

/** Length of the windows in which grants are compared with the limit, in milliseconds. */
const WINDOW_MS = 1_000;

/** Part of the limit by which a window may differ and still count as exact: a slice is for 100 ms. */
const EXACT = 0.1;

/** Returns the mean grants between two times, relative to the limit. */
export function grantedOfLimit({ granted, simulation }: LimitsRun, from: number, to: number): number {
	return granted.rate(from, to) / simulation.perSecond;
}

/** Returns the most grants of any second between two times, relative to the limit. */
export function mostInASecond({ granted, simulation }: LimitsRun, from: number, to: number): number {
	return Math.max(...granted.windows(from, to, WINDOW_MS)) / simulation.perSecond;
}

/** Returns the fewest grants of any second between two times, relative to the limit. */
export function fewestInASecond({ granted, simulation }: LimitsRun, from: number, to: number): number {
	return Math.min(...granted.windows(from, to, WINDOW_MS)) / simulation.perSecond;
}

/** Returns the amount by which all grants between two times exceed the limit, in seconds of the limit. Below 0 for fewer grants. */
export function excessSeconds(run: LimitsRun, from: number, to: number): number {
	return (grantedOfLimit(run, from, to) - 1) * ((to - from) / 1_000);
}

/** Returns the time from which every second is exact, in seconds after `from`. `Infinity` for never. */
export function secondsUntilExact({ granted, simulation }: LimitsRun, from: number): number {
	const windows = granted.windows(from, simulation.forMs, WINDOW_MS);
	const last = windows.findLastIndex((amount) => Math.abs(amount / simulation.perSecond - 1) > EXACT);
	if (last === windows.length - 1) return Number.POSITIVE_INFINITY;
	return ((last + 1) * 100) / 1_000;
}

/** Returns the calls of the store per host and second. */
export function callsPerHost({ calls, simulation }: LimitsRun, from: number, to: number): number {
	return calls.rate(from, to) / simulation.hosts;
}

/** Returns the part of the decisions that waited for no call, from 0 to 1. */
export function immediate({ asked, waited }: LimitsRun, from: number, to: number): number {
	return 1 - waited.between(from, to) / asked.between(from, to);
}

/** Returns a quantile of the times that requests waited for the store, in milliseconds. Decisions without a call are left out. */
export function waitMs({ waitsMs }: LimitsRun, part: number): number {
	return quantile(waitsMs, part);
}

/** Returns the part of a host's requests that were granted, at a quantile of the hosts. */
export function grantedOfHosts({ askedOf, grantedOf }: LimitsRun, part: number): number {
	return quantile(
		askedOf.flatMap((asked, host) => (asked > 0 ? [(grantedOf[host] ?? 0) / asked] : [])),
		part,
	);
}
