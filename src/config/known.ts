import type { Operation } from "../../generated/ir/operations.ts";
import { OPERATION_NAMES } from "../operations/is-operation.ts";
import { didYouMean } from "./did-you-mean.ts";

/** Returns the names that are in `all`. Adds a fault for each other name. */
export function known<N extends string>(
	names: readonly string[] | undefined,
	all: readonly N[],
	key: string,
	faults: string[],
): N[] | undefined {
	return names?.flatMap((name) => {
		const match = all.find((candidate) => candidate === name);
		if (match === undefined) faults.push(`${key}: '${name}' is not known${didYouMean(name, all)}; known are: ${all.join(", ")}`);
		return match === undefined ? [] : [match];
	});
}

/** Reads a table whose keys are operations. Adds a fault for each other key. Entries of unknown keys are read too, for their faults. */
export function byOperation<T, R>(
	table: Readonly<Record<string, T>> | undefined,
	key: string,
	faults: string[],
	read: (entry: T, operation: string) => R,
): Map<Operation, R> {
	const result = new Map<Operation, R>();
	for (const [name, entry] of Object.entries(table ?? {})) {
		const [operation] = known([name], OPERATION_NAMES, key, faults) ?? [];
		const value = read(entry, name);
		if (operation !== undefined) result.set(operation, value);
	}
	return result;
}
