import type { FieldNames } from "./errors.ts";

/**
 * Returns the names of a client's members by paths of the host's request.
 *
 * @param names Pairs of a path of the host and the client's member. Paths below a pair's path belong to it too, unless a pair before it has
 * them. The member is `undefined` if the client has none.
 */
export function fieldNames(names: readonly (readonly [path: string, member: string | undefined])[]): FieldNames {
	return (path) => {
		if (path.startsWith("provider_options.")) return path.slice("provider_options.".length);
		for (const [prefix, member] of names) {
			if (path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`)) return member;
		}
		return path;
	};
}
