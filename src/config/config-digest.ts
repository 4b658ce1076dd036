import { hash } from "node:crypto";
import { isTable } from "./config-path.ts";

/** Keys that differ between hosts by intention, by their tables. */
const OF_HOST: ReadonlyMap<string, ReadonlySet<string>> = new Map([
	["cluster", new Set(["host"])],
	["server", new Set(["host", "port"])],
]);

/**
 * Returns the SHA-256 of a configuration in lower-case hexadecimal digits. Comments, white space and the order of keys do not count. Hosts of one system
 * may differ in their names and in the addresses that they listen on, so that these do not count either.
 */
export function configDigest(config: unknown): string {
	const shared = isTable(config)
		? Object.fromEntries(Object.entries(config).map(([name, table]) => [name, sharedPart(name, table)]))
		: config;
	return hash("sha256", JSON.stringify(sorted(shared)) ?? "");
}

function sharedPart(name: string, table: unknown): unknown {
	const own = OF_HOST.get(name);
	if (own === undefined || !isTable(table)) return table;
	return Object.fromEntries(Object.entries(table).filter(([key]) => !own.has(key)));
}

/** Returns a value whose objects list their keys in order. */
function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	// Dates of TOML write themselves as text.
	if (typeof value !== "object" || value === null || value instanceof Date) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, member]) => [key, sorted(member)]),
	);
}
