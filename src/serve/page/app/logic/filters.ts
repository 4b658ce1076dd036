import type { DecisionSummary } from "../../../admin/api.ts";

/** Filters of the list of decisions, as the admin API spells them. An empty text does not filter. */
export const FILTERS = ["operation", "guest", "backend", "model", "status", "hedged", "downgraded"] as const;
export type Filter = (typeof FILTERS)[number];
export type Filters = Readonly<Partial<Record<Filter, string>>>;

/** Returns the filters among the members of a place's query. */
export function filtersOf(query: Readonly<Record<string, string>>): Filters {
	return Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
}

/**
 * Returns true for a decision that the list shows. A filter by backend is left to the server, because a summary names only the last backend: such a
 * decision matches if that is the one.
 */
export function matches(decision: DecisionSummary, filters: Filters): boolean {
	return (
		same(filters.operation, decision.operation) &&
		same(filters.guest, decision.guest) &&
		same(filters.backend, decision.backend ?? "") &&
		same(filters.model, decision.model ?? "") &&
		same(filters.status, decision.status) &&
		same(filters.hedged, String(decision.hedged)) &&
		same(filters.downgraded, String(decision.downgraded))
	);
}

function same(filter: string | undefined, value: string): boolean {
	return filter === undefined || filter === "" || filter === value;
}

/** Returns the path of one page of the list. */
export function decisionsPath(filters: Filters, limit: number, cursor?: string): string {
	const search = new URLSearchParams({ ...filters, limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
	return `decisions?${search}`;
}

/** Returns a list with newer decisions in front, in order and each once. Holds at most `limit`. */
export function mergeDecisions(
	list: readonly DecisionSummary[],
	newer: readonly DecisionSummary[],
	limit: number,
): readonly DecisionSummary[] {
	if (newer.length === 0) return list;
	const bySequence = new Map([...list, ...newer].map((decision) => [decision.sequence, decision]));
	return [...bySequence.values()].sort((a, b) => b.sequence - a.sequence).slice(0, limit);
}
