import type { Config } from "../../generated/ir/config.ts";

/** Settings of the instances of one guest. */
export interface GuestRunSettings {
	/** Share of the starts while runs of several guests wait. */
	readonly weight: number;
	readonly engine: "direct" | "jco";
	readonly metering: "full" | "loops" | "off";
	/** Longest time that an instance computes without a turn of the event loop, in milliseconds. */
	readonly sliceMs: number;
	/** Longest run, in milliseconds. Absent for no limit. */
	readonly timeoutMs?: number;
	/** CPU time of a run, in milliseconds. Absent for no limit. */
	readonly cpuMs?: number;
	/** CPU time of all instances in any minute, in milliseconds. Absent for no limit. */
	readonly cpuMsPerMinute?: number;
}

/** Settings of a guest that the configuration does not name. */
export const DEFAULT_GUEST_RUN: GuestRunSettings = { weight: 1, engine: "direct", metering: "full", sliceMs: 5 };

/** Entry of the configuration for every guest that has none of its own. */
const OTHERS = "*";

/** Reads the settings of instances from the `[guests.<name>]` tables. */
export function guestRunSettings(guests: Config["guests"]): Map<string, GuestRunSettings> {
	return new Map(
		Object.entries(guests ?? {}).map(([name, guest]) => [
			name,
			{
				weight: guest.weight ?? DEFAULT_GUEST_RUN.weight,
				engine: guest.engine ?? DEFAULT_GUEST_RUN.engine,
				metering: guest.metering ?? DEFAULT_GUEST_RUN.metering,
				sliceMs: guest.slice_ms ?? DEFAULT_GUEST_RUN.sliceMs,
				...(guest.run_timeout_ms === undefined ? {} : { timeoutMs: guest.run_timeout_ms }),
				...(guest.cpu_ms === undefined ? {} : { cpuMs: guest.cpu_ms }),
				...(guest.cpu_ms_per_minute === undefined ? {} : { cpuMsPerMinute: guest.cpu_ms_per_minute }),
			},
		]),
	);
}

/** Returns the settings of a guest, by the name that it is loaded under. */
export function runSettingsOf(settings: ReadonlyMap<string, GuestRunSettings>, name: string | undefined): GuestRunSettings {
	const own = name === undefined ? undefined : settings.get(name);
	return own ?? settings.get(OTHERS) ?? DEFAULT_GUEST_RUN;
}
