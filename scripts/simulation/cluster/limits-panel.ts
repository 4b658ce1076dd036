import type { Line } from "../panel.ts";
import type { LimitsVariant } from "./limits-table.ts";

/** Returns the grants over time in percent of the limit, a line per variant. */
export function grantedLines(variants: readonly LimitsVariant[], stepMs: number): Line[] {
	return variants.map(({ label, run: { granted, simulation } }) => ({
		name: label,
		points: granted.line(label, stepMs).points.map(([x, y]) => [x, (100 * y) / simulation.perSecond]),
	}));
}

/** Returns the calls of the store per host and second over time, a line per variant. */
export function callLines(variants: readonly LimitsVariant[], stepMs: number): Line[] {
	return variants.map(({ label, run: { calls, simulation } }) => ({
		name: label,
		points: calls.line(label, stepMs).points.map(([x, y]) => [x, y / simulation.hosts]),
	}));
}
