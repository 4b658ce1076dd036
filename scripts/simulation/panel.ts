import type { RequestRecord, Run } from "./run.ts";

/** A line of a plot. A point whose value is not finite leaves a gap. */
export interface Line {
	readonly name: string;
	readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
	readonly title: string;
	readonly x: string;
	readonly y: string;
	/** End of the y axis. The default is the highest point. */
	readonly top?: number;
	readonly lines: readonly Line[];
	/** Ranges of x in which something is wrong. */
	readonly shaded?: readonly (readonly [from: number, to: number])[];
}

/** The picture of a scenario: one plot, or two in a row. */
export interface Panel {
	readonly plots: readonly Plot[];
}

/** Returns a measure of requests over time: one point per step, at its middle, in seconds. */
export function overTime(name: string, run: Run, stepMs: number, measure: (requests: readonly RequestRecord[]) => number): Line {
	const steps: RequestRecord[][] = Array.from({ length: Math.ceil(run.forMs / stepMs) }, () => []);
	for (const request of run.requests) steps[Math.floor(request.at / stepMs)]?.push(request);
	return { name, points: steps.map((requests, index) => [((index + 0.5) * stepMs) / 1_000, measure(requests)]) };
}

/** Returns the number of events per second over time. */
export function rateOverTime(name: string, times: readonly number[], forMs: number, stepMs: number): Line {
	const counts = new Array<number>(Math.ceil(forMs / stepMs)).fill(0);
	for (const at of times) {
		const step = Math.floor(at / stepMs);
		if (step < counts.length) counts[step] = (counts[step] ?? 0) + 1;
	}
	return { name, points: counts.map((count, index) => [((index + 0.5) * stepMs) / 1_000, (count * 1_000) / stepMs]) };
}
