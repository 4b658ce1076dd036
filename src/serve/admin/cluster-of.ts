import type { ConfigState } from "../../cluster/host-card.ts";
import type { KnownHost } from "../../cluster/membership/known-hosts.ts";
import type { ClusterStatus } from "../../host/cluster/cluster-control.ts";
import type { Cluster, ClusterConfig, ClusterHost, ConfigVersion } from "./api.ts";

/** Returns a configuration as the admin API shows it. */
export function configVersionOf({ digest, version, sinceMs }: ConfigState): ConfigVersion {
	return { digest, version, since_at_ms: sinceMs };
}

/** Returns the hosts as the admin API shows them. `undefined` for a host alone. */
export function clusterOf(status: ClusterStatus | undefined): Cluster {
	if (status === undefined) return { hosts: [], configs: [], refused: [] };
	const { host, store, list, config } = status;
	const configs = groupedConfigs(
		list.hosts.map(({ name, card }) => ({ host: name, digest: card.config.digest })),
		config.digest,
	);
	const common = configs[0]?.digest;
	return {
		host,
		store: {
			reachable: store.reachable,
			since_at_ms: store.sinceMs,
			...(store.fault === undefined ? {} : { fault: store.fault }),
			...(list.contactMs === undefined ? {} : { contact_at_ms: list.contactMs }),
		},
		hosts: list.hosts.map((each) => hostOf(each, { isThis: each.name === host, isCurrent: list.isCurrent && store.reachable, common })),
		configs,
		refused: list.refused.map(({ name, fault }) => ({ host: name, fault })),
	};
}

/**
 * Returns the hosts by their configurations, the configuration of most hosts first.
 *
 * @param first Digest that comes first among equally frequent ones.
 */
export function groupedConfigs(hosts: readonly { readonly host: string; readonly digest: string }[], first = ""): ClusterConfig[] {
	const byDigest = new Map<string, string[]>();
	for (const { host, digest } of hosts) byDigest.set(digest, [...(byDigest.get(digest) ?? []), host]);
	return [...byDigest]
		.map(([digest, names]) => ({ digest, hosts: names }))
		.sort((a, b) => b.hosts.length - a.hosts.length || Number(b.digest === first) - Number(a.digest === first));
}

interface Circumstances {
	readonly isThis: boolean;
	readonly isCurrent: boolean;
	/** Digest of the configuration that most hosts have. */
	readonly common: string | undefined;
}

function hostOf({ name, card, seenAtMs }: KnownHost, { isThis, isCurrent, common }: Circumstances): ClusterHost {
	const { version, startedAtMs, state, isReady, config, load } = card;
	return {
		name,
		is_this: isThis,
		version,
		started_at_ms: startedAtMs,
		seen_at_ms: Math.round(seenAtMs),
		state: isCurrent || isThis ? state : "unknown",
		ready: isReady,
		config: configVersionOf(config),
		differs: config.digest !== common,
		requests: {
			in_flight: load.inFlight,
			pending: load.pending,
			per_s: load.requestsPerS,
			errors_per_s: load.errorsPerS,
		},
		runs: { running: load.running, waiting: load.waiting },
		backends: load.backends.map(({ name: backend, state: breaker }) => ({ name: backend, breaker })),
		leases: [...load.leases],
		hints: [...load.hints],
		queue: [...load.queue],
		is_cut: load.isCut,
	};
}
