import type { LimitedModule } from "../memory/memory-limit.ts";
import type { MeteringMode } from "../metering/metering-mode.ts";
import type { PreparedAgent } from "./prepare.ts";

/** A loaded component as data. A message to another thread shares the compiled modules. */
export interface ComponentData {
	readonly agent: Omit<PreparedAgent, "modules">;
	/** Compiled core modules, in the plan's order. */
	readonly modules: readonly LimitedModule[];
	readonly metering: MeteringMode;
	readonly maxMemoryBytes: number;
}
