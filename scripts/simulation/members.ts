import type { InstanceModel } from "./backends.ts";
import type { UpstreamModel } from "./upstream.ts";

/** Answers as a hosted chat model gives them, scaled down: half within 400 ms, 99 of 100 within about 900 ms. */
export const USUAL_LATENCY = { medianMs: 400, sigma: 0.35 } as const;

/** Instances that are alike but for what `differs` says of one by its number, from 1: `m1`, `m2` … */
export function members(count: number, differs: (number: number) => Partial<InstanceModel> = () => ({})): InstanceModel[] {
	const alike: UpstreamModel = { latency: USUAL_LATENCY };
	return Array.from({ length: count }, (_, index) => ({ ...alike, name: `m${index + 1}`, ...differs(index + 1) }));
}
