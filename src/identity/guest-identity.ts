import { randomUUID } from "node:crypto";

/** A guest as every layer knows it. */
export interface GuestIdentity {
	/** Unique among the guests of a host. Derived from `name`, random without one. */
	readonly id: string;
	/**
	 * The name under which the embedder loaded the guest. Configuration refers to it, and a guest with a name is the same guest after a
	 * restart. The default is no name: each loaded agent is a guest of its own.
	 */
	readonly name?: string;
}

/** The identity of calls that belong to no guest: the embedder's own. */
export const NO_GUEST: GuestIdentity = { id: "" };

/** Returns the identity of a guest: the same id for the same name, a new id without one. */
export function guestIdentity(name: string | undefined): GuestIdentity {
	return name === undefined ? { id: `agent-${randomUUID()}` } : { id: `guest-${name}`, name };
}
