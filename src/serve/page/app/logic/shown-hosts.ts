import type { ClusterHost } from "../../../admin/api.ts";

/** Returns at most `limit` hosts, in the order of the API. Hosts with a fault and the host that answers are never left out for others. */
export function shownHosts(hosts: readonly ClusterHost[], limit: number): readonly ClusterHost[] {
	if (hosts.length <= limit) return hosts;
	const chosen = new Set(hosts.toSorted((a, b) => Number(isNotable(b)) - Number(isNotable(a))).slice(0, limit));
	return hosts.filter((host) => chosen.has(host));
}

function isNotable({ is_this, state, ready, differs }: ClusterHost): boolean {
	return is_this || state !== "serving" || !ready || differs;
}
