import type { Check } from "./check.ts";
import type { Panel } from "./panel.ts";
import type { Table } from "./table.ts";

/** A situation to put the router into, and what is expected of it there. */
export interface Scenario {
	readonly name: string;
	/** The situation in a few words. */
	readonly title: string;
	/** The situation, and what a good router does in it. Markdown. */
	readonly good: string;
	/** The same seed gives the same result. */
	readonly play: (seed: number) => Promise<ScenarioResult>;
}

export interface ScenarioResult {
	readonly table: Table;
	readonly checks: readonly Check[];
	readonly panel: Panel;
}
