import type { ConfigState } from "../../cluster/host-card.ts";
import type { HostList } from "../../cluster/membership/known-hosts.ts";
import type { ReloadStep } from "../../cluster/membership/rolled-reload.ts";
import type { ConnectionState } from "../../cluster/store-connection.ts";

/** The hosts that share a store, as one of them sees them. */
export interface ClusterStatus {
	/** Name of this host. */
	readonly host: string;
	/** Connection of this host to the shared store. */
	readonly store: ConnectionState;
	readonly list: HostList;
	/** The configuration of this host. */
	readonly config: ConfigState;
}

export interface ClusterReloadOptions {
	/** Checks the configurations of all hosts, and changes none. The default is false. */
	readonly dryRun?: boolean;
	/** Stops before the next host. */
	readonly signal?: AbortSignal;
}

/** A host among several hosts that share a store. */
export interface ClusterControl {
	/** Name of this host. */
	readonly host: string;
	/** True while the shared store can be reached. */
	readonly isReachable: boolean;
	/** Returns the hosts. While the store cannot be reached, those of the last contact. */
	status(): Promise<ClusterStatus>;
	/**
	 * Reloads the configurations of all hosts, each from its own file: checks all of them first, and then reloads one host after the other. Stops at the
	 * first failure. Yields each step; the last one is of the type `end`.
	 *
	 * @throws RolledReloadError before the first step, if the store cannot be reached, or another such reload runs.
	 */
	reload(options?: ClusterReloadOptions): AsyncGenerator<ReloadStep, void, void>;
	/** Notifies the other hosts that this host finishes its requests, and accepts none. */
	drain(): void;
}
