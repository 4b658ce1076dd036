import type { Scenario, ScenarioResult } from "./scenario.ts";

/** A scenario and its result. */
export interface Played {
	readonly scenario: Scenario;
	readonly result: ScenarioResult;
}

/** Returns true if every check of every scenario holds. */
export function allHold(played: readonly Played[]): boolean {
	return played.every(({ result }) => result.checks.every(({ holds }) => holds));
}
