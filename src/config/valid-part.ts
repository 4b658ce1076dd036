import type { Config } from "../../generated/ir/config.ts";
import { config as validateConfig } from "../../generated/schema/validate/config.js";
import type { ConfigPath } from "./config-path.ts";
import { explainFaults } from "./explain-faults.ts";
import type { Faults } from "./faults.ts";
import { withoutMembers } from "./without-members.ts";

/** Bounds the searches. The validator stops after a number of faults, and a table without a required member makes another search necessary. */
const MAX_SEARCHES = 10;

/**
 * Returns the part of a configuration that its schema accepts. Adds the faults of the schema. Leaves members at fault out, so that the
 * rest can be checked for faults that no schema sees.
 */
export function validPart(faults: Faults): Config {
	const removed: ConfigPath[] = [];
	for (let search = 0; search < MAX_SEARCHES; search++) {
		const { value, originalPath } = withoutMembers(faults.document.value, removed);
		faults.usePaths(originalPath);
		if (validateConfig(value)) return value;
		for (const { path, message, part, culprit } of explainFaults(validateConfig.errors ?? [], value)) {
			faults.add(path, message, { part });
			removed.push(originalPath(culprit));
		}
		if (removed.some(({ length }) => length === 0)) return {};
	}
	faults.complete = false;
	return {};
}
