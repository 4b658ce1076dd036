import type { Instance } from "./instances/instance.ts";

/** Settings of one instance that an operator has made at run time, over those of the configuration. An absent member is not overridden. */
export interface BackendOverride {
	/** `false`: the instance gets no new requests. */
	readonly enabled?: boolean;
	/** `true`: the instance gets new requests only of sessions that it served last. */
	readonly draining?: boolean;
	/** Replaces the weight. From 0. */
	readonly weight?: number;
}

const NONE: BackendOverride = {};

/** The overrides of a router, by the names of the instances. Overrides hold until the router ends, and survive a reload. */
export class Overrides {
	readonly #byName = new Map<string, BackendOverride>();

	/** Returns the override of an instance: an empty one for none. */
	of(name: string): BackendOverride {
		return this.#byName.get(name) ?? NONE;
	}

	/** Replaces the override of an instance. An empty one removes it. */
	set(name: string, override: BackendOverride): void {
		if (Object.values(override).every((value) => value === undefined)) this.#byName.delete(name);
		else this.#byName.set(name, override);
	}

	/** Returns the instances with their overrides. Deletes the overrides of other names: a later instance of the name is another one. */
	apply(instances: readonly Instance[]): readonly Instance[] {
		if (this.#byName.size === 0) return instances;
		const names = new Set(instances.map(({ name }) => name));
		for (const name of this.#byName.keys()) if (!names.has(name)) this.#byName.delete(name);
		return instances.map((instance) => overridden(instance, this.of(instance.name)));
	}
}

function overridden(instance: Instance, { enabled, draining, weight }: BackendOverride): Instance {
	const setAside = enabled === false ? "disabled" : draining === true ? "draining" : undefined;
	if (setAside === undefined && weight === undefined) return instance;
	return { ...instance, ...(weight === undefined ? {} : { weight }), ...(setAside === undefined ? {} : { setAside }) };
}
