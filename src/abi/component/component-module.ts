import { runErrorToIr } from "../../../generated/abi/component/convert/types.ts";
import { bindImports } from "../../../generated/abi/component/imports.ts";
import { eventLoopTurn } from "../../async/event-loop-turn.ts";
import type { GuestInstance, GuestModule, InstanceHost } from "../guest-module.ts";
import type { ComponentData } from "./component-data.ts";
import { componentFromData, type LoadOptions, loadComponent, loadFoundComponent } from "./load.ts";
import type { LoadedComponent } from "./loaded-component.ts";
import type { FoundAgent } from "./prepared/read-prepared.ts";
import type { ComponentInstance } from "./run-outcome.ts";
import type { ComponentSource, Found } from "./source.ts";

/**
 * Loads a component as a guest of the hostcalls.
 *
 * @throws As `loadComponent`.
 */
export async function loadComponentModule(
	source: string | URL | Uint8Array,
	options: Omit<LoadOptions, "asyncImports">,
): Promise<GuestModule> {
	return moduleOf(await loadComponent(source, options));
}

/**
 * Loads a component that was found.
 *
 * @throws As {@link loadComponentModule}.
 */
export async function loadFoundComponentModule(
	found: Found | FoundAgent,
	source: ComponentSource,
	options: Omit<LoadOptions, "asyncImports">,
): Promise<GuestModule> {
	return moduleOf(await loadFoundComponent(found, source, options));
}

/** Returns the guest that the data of another thread describe. Reads and compiles nothing. */
export function moduleFromData(data: ComponentData): GuestModule {
	return moduleOf(componentFromData(data));
}

function moduleOf(component: LoadedComponent): GuestModule {
	const { name, initialBytes, deprecated, data } = component;
	return {
		name,
		abi: "component",
		initialBytes,
		deprecated,
		...(data === undefined ? {} : { data }),
		...(component.reserve === undefined ? {} : { reserve: (count) => component.reserve?.(count) === true }),
		locate: (text) => component.sourceMap.locate(text),
		instantiate: (host) => instantiate(component, host),
	};
}

async function instantiate<Scope>(component: LoadedComponent, host: InstanceHost<Scope>): Promise<GuestInstance> {
	const { families, scope, context, signal, hostcallLimits, memory, stdout, stderr, onCheck } = host;
	let started: ComponentInstance | undefined;
	/**
	 * Holds back the answers of an abandoned guest for ever, for engines that cannot end it. The platform keeps a suspended stack, and so the memory
	 * of that guest stays until the process ends. Only guests that go on for a second after an abort are abandoned.
	 */
	const unlessAbandoned = (): Promise<never> | undefined => (started?.abandoned === true ? new Promise(() => {}) : undefined);
	const pauses = {
		metering: undefined,
		hostcalls: eventLoopTurn,
		none: () => unlessAbandoned() ?? eventLoopTurn()?.then(unlessAbandoned),
	};
	const pauseIn = pauses[component.yields];
	/** Finds the growth of a guest that no meter checks. The host ends a guest without room by `signal`. */
	const checkedPause = (): Promise<void> | undefined => {
		memory.checkGrowth();
		return pauseIn?.();
	};
	const imports = bindImports(families, scope, { ...context, ...(pauseIn === undefined ? {} : { pause: checkedPause }) });
	const instance = await component.instantiate(imports, {
		signal,
		memory,
		hostcallLimits,
		stdout,
		stderr,
		...(onCheck === undefined ? {} : { onCheck }),
	});
	started = instance;
	return {
		async run(input, limits) {
			const outcome = await instance.run(input, limits);
			return "err" in outcome ? { err: runErrorToIr(outcome.err) } : outcome;
		},
		get cpuMs() {
			return instance.cpuMs;
		},
		close: () => instance.close(),
	};
}
