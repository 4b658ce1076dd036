import { type GuestIdentity, NO_GUEST } from "../../identity/guest-identity.ts";

/** Returns the name of a guest for telemetry. Guests without a name share one, because each has another id after every start. */
export function shownGuest(guest: GuestIdentity): string {
	return guest.name ?? (guest.id === NO_GUEST.id ? "embedder" : "unnamed");
}
