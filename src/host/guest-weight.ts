import type { GuestRunSettings } from "../config/guest-run-settings.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";

/** Entry of the configuration for every guest that has none of its own. */
const OTHERS = "*";

/** Returns the share of the starts that a guest has. The default is 1. */
export function guestWeight(settings: ReadonlyMap<string, GuestRunSettings>, { name }: GuestIdentity): number {
	const own = name === undefined ? undefined : settings.get(name);
	return (own ?? settings.get(OTHERS))?.weight ?? 1;
}
