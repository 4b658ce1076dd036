import { loadComponent } from "../../src/abi/component/load.ts";
import { planComponent } from "../../src/abi/component/plan/plan-component.ts";
import { meterCoreModule } from "../../src/abi/metering/meter-core-module.ts";
import type { MeteringMode } from "../../src/abi/metering/metering-mode.ts";
import { engineImports } from "../engine-bench/guests.ts";

export interface MeteredGuest {
	readonly run: (input: string) => Promise<void>;
	/** Bytes of the core modules, before and after the metering. */
	readonly bytes: { readonly original: number; readonly metered: number };
	/** Time of the rewriting, in milliseconds. */
	readonly meteringMs: number;
}

/** Instantiates a guest that makes no hostcall, metered or not, as a host does. */
export async function startGuest(component: Uint8Array, mode: MeteringMode): Promise<MeteredGuest> {
	const { modules } = planComponent(component);
	const started = performance.now();
	const metered = mode === "off" ? modules : modules.map((module) => meterCoreModule(module, { mode }));
	const meteringMs = performance.now() - started;
	const instance = await (await loadComponent(component, { metering: mode })).instantiate(engineImports());
	return {
		bytes: { original: totalLength(modules), metered: totalLength(metered) },
		meteringMs,
		async run(input) {
			const outcome = await instance.run(input);
			if (!("ok" in outcome)) throw new Error(`the guest failed at ${input}: ${JSON.stringify(outcome)}`);
		},
	};
}

function totalLength(parts: readonly Uint8Array[]): number {
	return parts.reduce((total, { length }) => total + length, 0);
}
