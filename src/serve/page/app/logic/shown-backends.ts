import type { Backend, BackendHealth } from "../../../admin/api.ts";

/** Order in which backends are shown if not all of them are: those that need a look first. */
const ORDER: readonly BackendHealth[] = ["unavailable", "degraded", "draining", "healthy", "disabled"];

/** Returns at most `limit` backends. Without a cut, they keep the order of the configuration. */
export function shownBackends(backends: readonly Backend[], limit: number): readonly Backend[] {
	if (backends.length <= limit) return backends;
	return backends.toSorted((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health)).slice(0, limit);
}
