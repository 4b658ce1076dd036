import type { Kinds } from "./backend-settings.ts";
import type { ConfigDocument } from "./document.ts";
import { Faults } from "./faults.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { validPart } from "./valid-part.ts";

/** The settings of a configuration, and its faults so far. */
export interface CheckedConfig {
	/** Of no use if there are faults. */
	readonly settings: Settings;
	/** Later checks add to it. */
	readonly faults: Faults;
}

/** Checks a configuration, as far as that needs no backend and no environment. */
export function readConfig(document: ConfigDocument, kinds: Kinds): CheckedConfig {
	const faults = new Faults(document);
	const settings = settingsOf(validPart(faults), kinds, faults);
	return { settings, faults };
}
