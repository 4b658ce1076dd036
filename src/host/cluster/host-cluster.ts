import type { ContentSeal } from "../../cluster/content-seal.ts";
import type { Membership } from "../../cluster/membership/membership.ts";
import type { SharedStore } from "../../cluster/shared-store.ts";
import type { ClusterReports } from "./cluster-reports.ts";
import type { HostLeases } from "./host-leases.ts";

/** The part of a host in the system of several hosts. */
export interface HostCluster {
	/**
	 * Name of this host. No other live host has it when the host starts. The name changes if another host takes it while this one is suspended, so that
	 * parts that must be unique for sure use `instance`.
	 */
	readonly host: string;
	/** Identifier of this start of the host: 16 hexadecimal digits. No other start of any host has it. */
	readonly instance: string;
	/** Prefix of the deployment in the store. */
	readonly prefix: string;
	readonly store: SharedStore;
	/** Limits that the hosts share. */
	readonly leases: HostLeases;
	/** Writes and reads contents of the store. */
	readonly seal: ContentSeal;
	/** The place of this host among the hosts. */
	readonly membership: Membership;
	/** Reports of the parts of this host for the other hosts. */
	readonly reports: ClusterReports;
}
