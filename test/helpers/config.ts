import { backendKinds } from "../../generated/registry.ts";
import type { Kinds } from "../../src/config/backend-settings.ts";
import { ConfigError, type ConfigFault, faultLine } from "../../src/config/config-error.ts";
import { textDocument } from "../../src/config/document.ts";
import { readConfig } from "../../src/config/read-config.ts";
import type { Settings } from "../../src/config/settings.ts";
import { BackendSet } from "../../src/host/backend-set.ts";
import { SecretSources } from "../../src/host/secret-sources.ts";
import { seededRandom } from "../../src/time/random.ts";

const KINDS: Kinds = { enabled: backendKinds, disabled: ["left-out"] };

/** Returns the settings of a spear.toml. Creates its backends, so that every fault is found. */
export function settingsFrom(text: string, source = "spear.toml"): Settings {
	const checked = readConfig(textDocument(text, source), KINDS);
	new BackendSet(new SecretSources({}), seededRandom(1)).prepare(checked);
	return checked.settings;
}

/** Returns the error of a spear.toml with faults. */
export function configErrorOf(text: string): ConfigError {
	try {
		settingsFrom(text);
	} catch (thrown) {
		if (thrown instanceof ConfigError) return thrown;
		throw thrown;
	}
	throw new Error("was accepted");
}

/** Returns the faults of a spear.toml without their positions. */
export function faultsOf(text: string): string[] {
	return configErrorOf(text).faults.map(withoutPosition);
}

/** Returns a fault in one line, beginning with its path. */
export function withoutPosition({ path, message }: ConfigFault): string {
	return faultLine({ path, message });
}
