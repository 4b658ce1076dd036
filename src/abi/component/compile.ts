import type { CoreModuleCaps } from "../binary/core-module.ts";
import { compileLimited, type LimitedModule } from "../memory/memory-limit.ts";
import { meterCoreModule } from "../metering/meter-core-module.ts";
import type { MeteringMode } from "../metering/metering-mode.ts";
import { refuseReservedNames } from "./link/reserved-names.ts";
import type { Plan } from "./plan/plan.ts";
import { type PreparedAgent, readComponent } from "./prepare.ts";
import type { FoundAgent } from "./prepared/read-prepared.ts";
import type { Found } from "./source.ts";

export interface CompileOptions {
	readonly metering: MeteringMode;
	readonly maxMemoryBytes: number;
	/** Called with the plan, before anything of the component is used. Throws for imports that are not offered. */
	readonly check: (name: string, plan: Plan) => void;
}

/**
 * Plans a component, checks its imports, and compiles its core modules.
 *
 * @throws SpearError `invalid_request` for a component that is not valid, or that imports what is not offered.
 */
export async function compileFound(
	found: Found | FoundAgent,
	digest: string,
	{ metering, maxMemoryBytes, check }: CompileOptions,
): Promise<{ readonly agent: PreparedAgent; readonly modules: readonly LimitedModule[] }> {
	const unplanned = "bytes" in found ? readComponent(found.bytes, found.name, digest) : found;
	const rewrite =
		metering === "off"
			? undefined
			: (module: Uint8Array, caps: CoreModuleCaps): Uint8Array => meterCoreModule(module, { mode: metering, caps });
	// Other threads compile the modules while this one makes the plan. The faults of the plan are reported first.
	const early = compileLimited(unplanned.modules, maxMemoryBytes, rewrite);
	early.catch(() => {});
	const agent = unplanned.prepare();
	check(agent.name, agent.plan);
	refuseReservedNames(agent.name, agent.plan);
	const isWhole = agent.modules.length === unplanned.modules.length;
	return { agent, modules: await (isWhole ? early : compileLimited(agent.modules, maxMemoryBytes, rewrite)) };
}
