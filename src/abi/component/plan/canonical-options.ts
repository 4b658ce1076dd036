import { malformed } from "../../binary/byte-reader.ts";
import type { CoreSignature } from "../../binary/core-interface.ts";
import type { CanonOptions } from "../binary/definition.ts";
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS, paramsFlat, postReturnSignature } from "./flat-type.ts";
import type { ItemScope } from "./item.ts";
import type { CanonicalOptions, CoreItem } from "./plan.ts";
import type { FunctionNode } from "./type-node.ts";

/** Signature of an allocator: old address, old size, alignment and new size, and the new address. */
const REALLOC = "iiii>i";

/** Resolves the canonical options of a lift or lower, each in the index space and with the signature that it must have. */
export function canonicalOptions(options: CanonOptions, type: FunctionNode, scope: ItemScope, at: number): CanonicalOptions {
	const resolved: { memory?: CoreItem; realloc?: CoreItem; postReturn?: CoreItem } = {};
	if (options.memory !== undefined) resolved.memory = scope.get("core memory", options.memory, at).item;
	if (options.realloc !== undefined) resolved.realloc = coreFunction(scope, options.realloc, REALLOC, "realloc", at);
	if (options.postReturn !== undefined)
		resolved.postReturn = coreFunction(scope, options.postReturn, postReturnSignature(type), "post-return", at);
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
	const paramPointers = params.some(({ type }) => type.measure.pointers);
	const spilledParams = paramsFlat(params).length > MAX_FLAT_PARAMS;
	const spilledResult = (result?.measure.flat.length ?? 0) > MAX_FLAT_RESULTS;
	const resultPointers = result?.measure.pointers ?? false;
	return {
		memory: paramPointers || spilledParams || resultPointers || spilledResult,
		realloc: kind === "lift" ? paramPointers || spilledParams : resultPointers,
	};
}

/** Returns a core function, which must have the given signature. Otherwise the host would call the function with other values. */
export function coreFunction(scope: ItemScope, index: number, signature: CoreSignature, use: string, at: number): CoreItem {
	const found = scope.get("core function", index, at);
	if (found.signature !== signature)
		throw malformed(`the core function of ${use} at byte ${at} has the signature ${found.signature}, not ${signature}`);
	return found.item;
}
