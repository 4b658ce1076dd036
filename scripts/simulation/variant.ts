import type { Run } from "./run.ts";
import { type SimulationOptions, simulate } from "./simulate.ts";

/** A variant of a scenario, and its run. */
export interface Variant {
	/** Markdown. */
	readonly label: string;
	readonly run: Run;
}

/** Returns a function that runs a variant of a scenario: the common options, with differences. */
export function variants(common: SimulationOptions): (label: string, differs?: Partial<SimulationOptions>) => Promise<Variant> {
	return async (label, differs = {}) => ({ label, run: await simulate({ ...common, ...differs }) });
}
