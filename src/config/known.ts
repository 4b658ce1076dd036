import type { Operation } from "../../generated/ir/operations.ts";
import { OPERATION_NAMES } from "../operations/is-operation.ts";
import { didYouMean } from "./did-you-mean.ts";

/** The names that are known; each of the others is a fault. */
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

/** The entries of a table whose keys are operations; every other key is a fault, and what is wrong below it is one too. */
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
