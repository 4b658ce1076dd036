import type { UpstreamModel } from "../../src/simulation/upstream.ts";
import type { InstanceModel } from "./backends.ts";

/** Latency of a hosted chat model, scaled down: the median is 400 ms, the 99th percentile about 900 ms. */
export const USUAL_LATENCY = { medianMs: 400, sigma: 0.35 } as const;

/** Returns equal instances `m1`, `m2`, … `differs` returns the differences of one by its number, from 1. */
export function members(count: number, differs: (number: number) => Partial<InstanceModel> = () => ({})): InstanceModel[] {
	const alike: UpstreamModel = { latency: USUAL_LATENCY };
	return Array.from({ length: count }, (_, index) => ({ ...alike, name: `m${index + 1}`, ...differs(index + 1) }));
}
