import { malformed } from "../binary/byte-reader.ts";
import type { CanonOptions } from "../binary/definition.ts";
import type { ItemScope } from "./item.ts";
import type { CanonicalOptions, CoreItem } from "./plan.ts";
import type { FunctionNode } from "./type-node.ts";

/** Most core values of parameters. More are passed in memory. */
const MAX_FLAT_PARAMS = 16;

/** Most core values of a result. More are passed in memory. */
const MAX_FLAT_RESULTS = 1;

/** Resolves the canonical options of a lift or lower, each in the index space that it must be of. */
export function canonicalOptions(options: CanonOptions, scope: ItemScope, at: number): CanonicalOptions {
	const resolved: { memory?: CoreItem; realloc?: CoreItem; postReturn?: CoreItem } = {};
	if (options.memory !== undefined) resolved.memory = scope.get("core memory", options.memory, at).item;
	if (options.realloc !== undefined) resolved.realloc = scope.get("core function", options.realloc, at).item;
	if (options.postReturn !== undefined) resolved.postReturn = scope.get("core function", options.postReturn, at).item;
	return resolved;
}

/**
 * Checks that a lift or lower has the memory and the allocator that its type needs. Otherwise a call would fail where the host reads
 * memory.
 */
export function requireOptions(kind: "lift" | "lower", type: FunctionNode, options: CanonicalOptions, at: number): void {
	const { memory, realloc } = needsOf(kind, type);
	if (memory && options.memory === undefined) throw malformed(`a ${kind} at byte ${at} needs the option memory for its type`);
	if (realloc && options.realloc === undefined) throw malformed(`a ${kind} at byte ${at} needs the option realloc for its type`);
	if (options.realloc !== undefined && options.memory === undefined) throw malformed(`a ${kind} at byte ${at} has realloc without memory`);
	if (kind === "lower" && options.postReturn !== undefined) throw malformed(`a lower at byte ${at} has the option post-return`);
}

function needsOf(kind: "lift" | "lower", { params, result }: FunctionNode): { memory: boolean; realloc: boolean } {
	const flatParams = params.reduce((sum, { type }) => sum + type.measure.flat, 0);
	const paramPointers = params.some(({ type }) => type.measure.pointers);
	const spilledParams = flatParams > MAX_FLAT_PARAMS;
	const spilledResult = (result?.measure.flat ?? 0) > MAX_FLAT_RESULTS;
	const resultPointers = result?.measure.pointers ?? false;
	return {
		memory: paramPointers || spilledParams || resultPointers || spilledResult,
		realloc: kind === "lift" ? paramPointers || spilledParams : resultPointers,
	};
}
