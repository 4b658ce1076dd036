import type { Downgrade } from "../../../generated/ir/types.ts";

/** Returns the member `spear` of an answer: the differences between the request and its treatment. Nothing if there are none. */
export function spearMember({ downgrades = [] }: { readonly downgrades?: readonly Downgrade[] }): {
	readonly spear?: { readonly downgrades: readonly Downgrade[] };
} {
	return downgrades.length === 0 ? {} : { spear: { downgrades } };
}
