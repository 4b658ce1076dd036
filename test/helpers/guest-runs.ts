import { loadComponent } from "../../src/abi/component/load.ts";
import type { ComponentOutcome } from "../../src/abi/component/run-outcome.ts";
import type { Engine } from "../../src/build/componentize.ts";
import { buildTestGuest } from "./guest.ts";
import { type ScriptedHost, scriptedHost } from "./guest-host.ts";

/** Runs a guest once, in an instance of its own. */
export type RunGuest = (input?: string) => Promise<{ readonly outcome: ComponentOutcome; readonly log: ScriptedHost["log"] }>;

/** Builds a guest of TypeScript source for the world `chat-agent`. Returns a function that runs it. */
export async function guestRuns(source: string, engine: Engine = "quickjs"): Promise<RunGuest> {
	const component = await loadComponent((await buildTestGuest(source, { engine })).prepared);
	return async (input = "") => {
		const host = scriptedHost([]);
		const instance = await component.instantiate(host.imports);
		return { outcome: await instance.run(input), log: host.log };
	};
}

/** Returns the output of a run. Throws the error of a failed one. */
export function outputOf(outcome: ComponentOutcome): string {
	if ("ok" in outcome) return outcome.ok;
	throw new Error(`the run failed: ${JSON.stringify("err" in outcome ? outcome.err : outcome)}`);
}
