import type { Config } from "../../generated/ir/config.ts";

/** Settings of the instances of one guest. */
export interface GuestRunSettings {
	/** Share of the starts while runs of several guests wait. */
	readonly weight: number;
}

/** Reads the settings of instances from the `[guests.<name>]` tables. */
export function guestRunSettings(guests: Config["guests"]): Map<string, GuestRunSettings> {
	return new Map(Object.entries(guests ?? {}).map(([name, { weight = 1 }]) => [name, { weight }]));
}
