import type { Line, Panel } from "../panel.ts";
import type { LimitsVariant } from "./limits-table.ts";

/** Steps of the lines, and the time of a fault, in milliseconds. */
export interface LimitsPanelOptions {
	/** The default is 1,000. */
	readonly grantedStepMs?: number;
	/** The default is 1,000. */
	readonly callStepMs?: number;
	/** Absent: no part of the time is shaded. */
	readonly shaded?: readonly [from: number, to: number];
}

/** Returns the plots of shared limits: the grants in percent of the limit, and the calls of the store, a line per variant. */
export function limitsPanel(variants: readonly LimitsVariant[], options: LimitsPanelOptions = {}): Panel {
	const { grantedStepMs = 1_000, callStepMs = 1_000, shaded } = options;
	const shading = shaded === undefined ? {} : { shaded: [[shaded[0] / 1_000, shaded[1] / 1_000] as const] };
	return {
		plots: [
			{ title: "granted", x: "seconds", y: "% of the limit", ...shading, lines: grantedLines(variants, grantedStepMs) },
			{ title: "calls of the store per host", x: "seconds", y: "per second", ...shading, lines: callLines(variants, callStepMs) },
		],
	};
}

/** Returns the grants over time in percent of the limit, a line per variant. */
export function grantedLines(variants: readonly LimitsVariant[], stepMs: number): Line[] {
	return variants.map(({ label, run: { granted, simulation } }) => ({
		name: label,
		points: granted.line(label, stepMs).points.map(([x, y]) => [x, (100 * y) / simulation.perSecond]),
	}));
}

/** Returns the calls of the store per host and second. */
function callLines(variants: readonly LimitsVariant[], stepMs: number): Line[] {
	return variants.map(({ label, run: { calls, simulation } }) => ({
		name: label,
		points: calls.line(label, stepMs).points.map(([x, y]) => [x, y / simulation.hosts]),
	}));
}
