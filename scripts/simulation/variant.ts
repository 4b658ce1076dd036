import type { Run } from "./run.ts";
import { type SimulationOptions, simulate } from "./simulate.ts";

/** One way to go through a scenario, and what came of it. */
export interface Variant {
	/** Markdown. */
	readonly label: string;
	readonly run: Run;
}

/** Plays a scenario in variants: all of them with what is common to them. */
export function variants(common: SimulationOptions): (label: string, differs?: Partial<SimulationOptions>) => Promise<Variant> {
	return async (label, differs = {}) => ({ label, run: await simulate({ ...common, ...differs }) });
}
