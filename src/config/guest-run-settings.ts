import type { Config } from "../../generated/ir/config.ts";
import type { Faults } from "./faults.ts";

/** Settings of the instances of one guest. */
export interface GuestRunSettings {
	/** Share of the starts while runs of several guests wait. */
	readonly weight: number;
	readonly engine: "direct" | "jco";
	readonly metering: "full" | "loops" | "off";
	/** Number of instances that are kept ready for the next runs. */
	readonly spareInstances: number;
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
export const DEFAULT_GUEST_RUN: GuestRunSettings = { weight: 1, engine: "direct", metering: "full", spareInstances: 0, sliceMs: 5 };

/** Entry of the configuration for every guest that has none of its own. */
const OTHERS = "*";

/** Reads the settings of instances from the `[guests.<name>]` tables. Adds a fault for each limit that nothing would enforce. */
export function guestRunSettings(guests: Config["guests"], faults: Pick<Faults, "add">): Map<string, GuestRunSettings> {
	for (const [name, guest] of Object.entries(guests ?? {}))
		for (const [key, message] of unenforced(guest)) faults.add(["guests", name, key], message);
	return new Map(
		Object.entries(guests ?? {}).map(([name, guest]) => [
			name,
			{
				weight: guest.weight ?? DEFAULT_GUEST_RUN.weight,
				engine: guest.engine ?? DEFAULT_GUEST_RUN.engine,
				metering: guest.metering ?? DEFAULT_GUEST_RUN.metering,
				spareInstances: guest.spare_instances ?? DEFAULT_GUEST_RUN.spareInstances,
				sliceMs: guest.slice_ms ?? DEFAULT_GUEST_RUN.sliceMs,
				...(guest.run_timeout_ms === undefined ? {} : { timeoutMs: guest.run_timeout_ms }),
				...(guest.cpu_ms === undefined ? {} : { cpuMs: guest.cpu_ms }),
				...(guest.cpu_ms_per_minute === undefined ? {} : { cpuMsPerMinute: guest.cpu_ms_per_minute }),
			},
		]),
	);
}

type GuestConfig = NonNullable<Config["guests"]>[string];

/** Returns the limits of a guest that have no effect, and why. */
function unenforced(guest: GuestConfig): [key: string, message: string][] {
	const { engine, metering, isolation } = guest;
	const isUnmetered = engine === "jco" || metering === "off";
	const why = engine === "jco" ? 'engine = "jco"' : 'metering = "off"';
	const found: [string, string][] = [];
	if (isUnmetered && guest.cpu_ms !== undefined)
		found.push(["cpu_ms", `has no effect with ${why}, which measures no CPU time; remove one of them`]);
	if (isolation === "worker") return found;
	const remedy = 'remove one of them, or set isolation = "worker"';
	if (isUnmetered && guest.cpu_ms_per_minute !== undefined)
		found.push(["cpu_ms_per_minute", `has no effect with ${why}, which measures no CPU time; ${remedy}`]);
	if (engine === "jco" && guest.run_timeout_ms !== undefined)
		found.push(["run_timeout_ms", `has no effect with ${why}, which cannot stop a guest; ${remedy}`]);
	return found;
}

/** Returns the settings of a guest, by the name that it is loaded under. */
export function runSettingsOf(settings: ReadonlyMap<string, GuestRunSettings>, name: string | undefined): GuestRunSettings {
	const own = name === undefined ? undefined : settings.get(name);
	return own ?? settings.get(OTHERS) ?? DEFAULT_GUEST_RUN;
}
