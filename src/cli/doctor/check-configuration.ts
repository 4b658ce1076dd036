import { ConfigError, type ConfigFault } from "../../config/config-error.ts";
import type { Settings } from "../../config/settings.ts";
import { createHost } from "../../host/create-host.ts";
import { describeEmbedded } from "../../host/embedded-backends.ts";
import type { Host } from "../../host/host.ts";
import { kindsWith, readSettings } from "../../host/read-settings.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { type DoctorCheck, failedCheck } from "./doctor-check.ts";

/** Most faults that are shown, each in a line. */
const MAX_FAULTS = 20;

/** A configuration that was checked. */
export interface CheckedConfiguration {
	readonly checks: readonly DoctorCheck[];
	/** Absent for a configuration that cannot be read. */
	readonly settings?: Settings;
	/** A host of the configuration, to be closed. Absent for a configuration that cannot be used. */
	readonly host?: Host;
}

/** Faults of keys are reported as checks. */
export const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

/** @param config Path of the configuration. `undefined` for the embedded default. */
export async function checkConfiguration(config: string | undefined): Promise<CheckedConfiguration> {
	const name = config ?? "embedded default";
	let settings: Settings | undefined;
	try {
		const read = await readSettings(config, kindsWith([]));
		read.faults.throwIfAny();
		settings = read.settings;
		const host = await createHost({ logger: SILENT, ...(config === undefined ? {} : { config }) });
		const message = stateOf(config, describeEmbedded(settings));
		return { checks: [{ area: "configuration", name, status: "ok", message }], settings, host };
	} catch (thrown) {
		const checks =
			thrown instanceof ConfigError
				? faultChecks(thrown)
				: [failedCheck("configuration", name, thrown, "name the file with --config, or write a spear.toml")];
		return { checks, ...(settings === undefined ? {} : { settings }) };
	}
}

/** @param embedded Backends of a configuration that names none. */
function stateOf(config: string | undefined, embedded: string | undefined): string {
	if (embedded === undefined) return "valid";
	return `${config === undefined ? "there is no spear.toml in this folder" : "valid, without backends"}: ${embedded}`;
}

function faultChecks({ source, faults }: ConfigError): DoctorCheck[] {
	const checks = faults.slice(0, MAX_FAULTS).map((fault): DoctorCheck => {
		const { path, message, line } = fault;
		const remedy = `correct ${line === undefined ? source : `line ${line} of ${source}`}`;
		return {
			area: "configuration",
			name: placeOf(fault, source),
			status: "problem",
			message: path === "" ? message : `${path}: ${message}`,
			remedy,
		};
	});
	const more = faults.length - MAX_FAULTS;
	if (more <= 0) return checks;
	return [
		...checks,
		{ area: "configuration", name: source, status: "problem", message: `${more} more faults`, remedy: "correct these first" },
	];
}

function placeOf({ file = "", line, column }: ConfigFault, source: string): string {
	return line === undefined ? source : [file, line, column].filter((part) => part !== undefined).join(":");
}
