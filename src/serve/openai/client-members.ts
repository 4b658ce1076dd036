import type { CallOptions, Downgrade } from "../../../generated/ir/types.ts";

/** Members about the client and its prompt cache, which no answer depends on. Many programs always send them. */
const CLIENT_MEMBERS: readonly string[] = [
	"user",
	"metadata",
	"client_metadata",
	"safety_identifier",
	"prompt_cache_retention",
	"prompt_cache_options",
];

/** Options of a call, and the members that the server has left out. */
export interface ReducedOptions {
	readonly options: CallOptions | undefined;
	readonly downgrades: readonly Downgrade[];
}

/**
 * Leaves out members about the client that no backend passes. The answer names them. Refusing them would shut out programs that send them
 * with every request.
 *
 * @param passes Returns true if a backend passes a member.
 */
export function withoutClientMembers(options: CallOptions | undefined, passes: (name: string) => boolean): ReducedOptions {
	const members = options?.provider_options;
	const left = members === undefined ? [] : CLIENT_MEMBERS.filter((name) => Object.hasOwn(members, name) && !passes(name));
	if (members === undefined || left.length === 0) return { options, downgrades: [] };
	const downgrades = left.map((field): Downgrade => ({ field, effect: "dropped", detail: "no backend passes it" }));
	const { provider_options: _, ...others } = options ?? {};
	const kept = Object.entries(members).filter(([name]) => !left.includes(name));
	return { options: kept.length === 0 ? others : { ...others, provider_options: Object.fromEntries(kept) }, downgrades };
}
