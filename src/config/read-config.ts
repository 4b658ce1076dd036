import type { Kinds } from "./backend-settings.ts";
import type { ConfigDocument } from "./document.ts";
import { Faults } from "./faults.ts";
import { type EmbeddedBackends, type Settings, STUB_ALONE, settingsOf } from "./settings.ts";
import { validPart } from "./valid-part.ts";

/** The settings of a configuration, and its faults so far. */
export interface CheckedConfig {
	/** Of no use if there are faults. */
	readonly settings: Settings;
	/** Later checks add to it. */
	readonly faults: Faults;
}

/** A module of `[host] kinds` that cannot be used. */
export interface ModuleFault {
	readonly index: number;
	/** The fault in words. */
	readonly message: string;
}

/**
 * Checks a configuration, as far as that needs no backend and no environment.
 *
 * @param modules Faults of the modules that the configuration names. The default is none.
 * @param embedded Backends of a configuration without any. The default is the stub alone.
 */
export function readConfig(
	document: ConfigDocument,
	kinds: Kinds,
	modules: readonly ModuleFault[] = [],
	embedded: EmbeddedBackends = STUB_ALONE,
): CheckedConfig {
	const faults = new Faults(document);
	for (const { index, message } of modules) faults.add(["host", "kinds", index], message);
	const settings = settingsOf(validPart(faults), kinds, faults, embedded);
	return { settings, faults };
}
