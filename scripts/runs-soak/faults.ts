import type { SoakReport } from "./soak.ts";

/** Longest time from the last event of a killed worker to the next attempt, in milliseconds. */
const MAX_TAKEOVER_MS = 10_000;

/** Returns what is wrong with a soak. */
export function soakFaults({ seen, left, takeoverMs, exitCodes }: SoakReport, runs: number): string[] {
	const ids = new Set(seen.map(({ id }) => id));
	const slow = takeoverMs.filter((ms) => ms > MAX_TAKEOVER_MS);
	return [
		...(ids.size === runs ? [] : [`${ids.size} of ${runs} runs were seen`]),
		...seen.flatMap(({ id, faults }) => faults.map((fault) => `${id}: ${fault}`)),
		...(left.waiting + left.running + left.poisoned === 0 ? [] : [`runs are left: ${JSON.stringify(left)}`]),
		...(slow.length === 0
			? []
			: [`${slow.length} takeovers took more than ${MAX_TAKEOVER_MS} ms, up to ${Math.round(Math.max(...slow))} ms`]),
		...(exitCodes.every((code) => code === 0) ? [] : [`workers ended with ${exitCodes.join(", ")}`]),
	];
}
