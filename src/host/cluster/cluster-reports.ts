import type { NamedAmount } from "../../cluster/host-card.ts";

/** Returns what a part of the host has to tell now. Called every two seconds. Cheap, and must not throw. */
export type ClusterReport = () => readonly NamedAmount[];

/** Reports of the parts of a host for the other hosts. Each list shows at most 64 items: the first ones. */
export class ClusterReports {
	/** Leased places and amounts of shared limits, by the name of the limit. */
	leases: ClusterReport = () => [];
	/** Numbers of hints, by their kind, e.g. `sent` and `received`. */
	hints: ClusterReport = () => [];
	/** Runs of the queue in progress, by agent. */
	queue: ClusterReport = () => [];
}
