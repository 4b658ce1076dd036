import { resolve } from "node:path";
import { CLUSTER_SCENARIOS, LARGE_SCENARIOS } from "./cluster/scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { settingsTables } from "./settings-tables.ts";

/** A part of a page that the simulation writes. */
export interface PagePart {
	readonly name: string;
	readonly content: () => string;
}

/** Scenarios whose results are on one page and in one picture. */
export interface Suite {
	readonly scenarios: readonly Scenario[];
	/** Absolute path of the page with the results. */
	readonly page: string;
	/** Name of the part of the page with the results. */
	readonly part: string;
	/** Further parts of the page. */
	readonly parts: readonly PagePart[];
	/** Absolute path of the picture. */
	readonly picture: string;
	/** Text that stands for the picture. */
	readonly label: string;
	/** True for scenarios that run only on request: they take minutes. */
	readonly isLarge: boolean;
}

const path = (file: string): string => resolve(import.meta.dirname, "../../src", file);

const ROUTER: Suite = {
	scenarios: SCENARIOS,
	page: path("router/README.md"),
	part: "results",
	parts: [{ name: "settings", content: settingsTables }],
	picture: path("router/simulation.svg"),
	label: "Behaviour of the router in simulated situations",
	isLarge: false,
};

const CLUSTER: Suite = {
	scenarios: CLUSTER_SCENARIOS,
	page: path("cluster/SIMULATION.md"),
	part: "results",
	parts: [],
	picture: path("cluster/simulation.svg"),
	label: "Behaviour of many hosts in simulated situations",
	isLarge: false,
};

const LARGE: Suite = {
	...CLUSTER,
	scenarios: LARGE_SCENARIOS,
	part: "large",
	picture: path("cluster/simulation-large.svg"),
	label: "Behaviour of many hosts in large simulated situations",
	isLarge: true,
};

/** All suites, in the order of the report. */
export const SUITES: readonly Suite[] = [ROUTER, CLUSTER, LARGE];
