import type { LimitedModule } from "../memory/memory-limit.ts";
import type { MeteringMode } from "../metering/metering-mode.ts";

/** A loaded core module as data. A message to another thread shares the compiled module. */
export interface CoreData {
	/** Name for messages. */
	readonly name: string;
	readonly module: LimitedModule;
	readonly metering: MeteringMode;
	/** Functions that the module imports, once each. All of them are offered. */
	readonly imports: readonly { readonly module: string; readonly name: string }[];
}
