import type { ContentSeal } from "../../cluster/content-seal.ts";
import type { SharedStore } from "../../cluster/shared-store.ts";

/** The part of a host in the system of several hosts. */
export interface HostCluster {
	/** Name of this host. No other host has it. */
	readonly host: string;
	readonly store: SharedStore;
	/** Writes and reads contents of the store. */
	readonly seal: ContentSeal;
}
