import { OPERATIONS, type Operation } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";

/** Limit of the downgrades of one answer. Declared ones have at most one per field; a backend may report any number. */
export const MAX_DOWNGRADES = 64;

/**
 * Returns the downgrades that a backend reports, followed by the declared ones of all other fields.
 *
 * @param reported Downgrades in the answer of the backend, which knows more about a field than its declaration.
 */
export function mergedDowngrades(reported: readonly types.Downgrade[], declared: readonly types.Downgrade[]): types.Downgrade[] {
	if (declared.length === 0) return reported.slice(0, MAX_DOWNGRADES);
	const known = new Set(reported.map(({ field }) => field));
	return [...reported, ...declared.filter(({ field }) => !known.has(field))].slice(0, MAX_DOWNGRADES);
}

/** Returns a result with the declared downgrades, if results of the operation hold any. */
export function withDowngrades<R extends object>(operation: Operation, result: R, declared: readonly types.Downgrade[]): R {
	if (!OPERATIONS[operation].reportsDowngrades) return result;
	const downgrades = mergedDowngrades(reportedBy(result), declared);
	return downgrades.length === 0 ? result : { ...result, downgrades };
}

/** Returns the downgrades in a result. */
export function reportedBy(result: { readonly downgrades?: readonly types.Downgrade[] }): readonly types.Downgrade[] {
	return result.downgrades ?? [];
}
