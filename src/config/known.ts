import type { Operation } from "../../generated/ir/operations.ts";
import { guestName } from "../errors/guest-name.ts";
import { OPERATION_NAMES } from "../operations/is-operation.ts";
import type { ConfigPath } from "./config-path.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Faults } from "./faults.ts";
import { OPERATION_OTHER_NAMES, type OtherNames } from "./other-names.ts";

/** Bounds the known names that a fault lists. */
const MAX_LISTED = 20;

/**
 * Returns the names that are in `all`. Adds a fault for each other name.
 *
 * @param others Names of other programs for the same. The default is none.
 */
export function known<N extends string>(
	names: readonly string[] | undefined,
	all: readonly N[],
	path: ConfigPath,
	faults: Faults,
	others?: OtherNames,
): N[] | undefined {
	return names?.flatMap((name, index) => {
		const match = all.find((candidate) => candidate === name);
		if (match === undefined) faults.add([...path, index], unknownName(name, all, faults, others));
		return match === undefined ? [] : [match];
	});
}

/** Returns the message for a name that is not in `all`. */
export function unknownName(name: string, all: readonly string[], faults: Faults, others?: OtherNames): string {
	const suggestion = faults.suggests ? didYouMean(name, all, others) : "";
	return `'${guestName(name)}' is not known${suggestion}; known are: ${listOf(all)}`;
}

/** Reads a table whose keys are operations. Adds a fault for each other key. Entries of unknown keys are read too, for their faults. */
export function byOperation<T, R>(
	table: Readonly<Record<string, T>> | undefined,
	path: ConfigPath,
	faults: Faults,
	read: (entry: T, operation: string) => R,
): Map<Operation, R> {
	const result = new Map<Operation, R>();
	for (const [name, entry] of Object.entries(table ?? {})) {
		const operation = OPERATION_NAMES.find((candidate) => candidate === name);
		if (operation === undefined) {
			const suggestion = faults.suggests ? didYouMean(name, OPERATION_NAMES, OPERATION_OTHER_NAMES) : "";
			faults.add([...path, name], `no such operation${suggestion}; there are: ${OPERATION_NAMES.join(", ")}`, { part: "key" });
		}
		const value = read(entry, name);
		if (operation !== undefined) result.set(operation, value);
	}
	return result;
}

function listOf(names: readonly string[]): string {
	return `${names.slice(0, MAX_LISTED).join(", ")}${names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : ""}`;
}
