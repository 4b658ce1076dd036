import { lowerQuartile } from "../lower-quartile.ts";

/** Measured function. */
export interface Act {
	/** Done before each measurement, outside of it. */
	prepare(): void;
	act(): void;
}

/** Returns the lower quartile of each act's time in ms, over rounds in which each has one turn. The first round is not counted. */
export function inTurns(acts: readonly Act[], rounds: number): number[] {
	const times: number[][] = acts.map(() => []);
	for (let round = -1; round < rounds; round++) {
		for (const [index, { prepare, act }] of acts.entries()) {
			prepare();
			const start = performance.now();
			act();
			if (round >= 0) times[index]?.push(performance.now() - start);
		}
	}
	return times.map(lowerQuartile);
}
