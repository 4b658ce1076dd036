import type { Downgrade } from "../../../generated/ir/types.ts";

/** Returns the member `spear` of an answer: fields that were treated in another way than requested. Nothing if there are none. */
export function spearMember(downgrades: readonly Downgrade[] | undefined): {
	readonly spear?: { readonly downgrades: readonly Downgrade[] };
} {
	return downgrades === undefined || downgrades.length === 0 ? {} : { spear: { downgrades } };
}
