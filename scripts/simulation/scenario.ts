import type { Check } from "./check.ts";
import type { Panel } from "./panel.ts";
import type { Table } from "./table.ts";

/** A situation for the router, and the expectations in it. */
export interface Scenario {
	readonly name: string;
	/** The situation in a few words. */
	readonly title: string;
	/** The situation, and the behaviour of a good router in it. Markdown. */
	readonly expected: string;
	/** Runs the scenario. Equal seeds give equal results. */
	readonly play: (seed: number) => Promise<ScenarioResult>;
}

export interface ScenarioResult {
	readonly table: Table;
	readonly checks: readonly Check[];
	readonly panel: Panel;
}
