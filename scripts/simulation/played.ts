import type { Scenario, ScenarioResult } from "./scenario.ts";

/** A scenario and what came of it. */
export interface Played {
	readonly scenario: Scenario;
	readonly result: ScenarioResult;
}

/** Whether every check of every scenario holds. */
export function allHold(played: readonly Played[]): boolean {
	return played.every(({ result }) => result.checks.every(({ holds }) => holds));
}
