import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import { guestName } from "../../errors/guest-name.ts";
import { SpearError } from "../../errors/spear-error.ts";

/**
 * Returns the members that a request's `provider_options` adds to the upstream request.
 *
 * @param reserved Members that a request can never set: the adapter writes them, or their effect would not fit into a result.
 * @throws SpearError `invalid_request` for a member that is reserved or that the operator has not allowed.
 */
export function allowedProviderOptions(
	extra: RequestEnvelope<Operation>["provider_options"],
	{ allowProviderOptions }: { readonly allowProviderOptions: readonly string[] | true },
	reserved: ReadonlySet<string>,
): Record<string, unknown> {
	for (const name of Object.keys(extra)) {
		if (reserved.has(name))
			throw new SpearError(
				"invalid_request",
				`provider_options.${guestName(name)}: it cannot be set this way; use the request's own members`,
			);
		if (allowProviderOptions !== true && !allowProviderOptions.includes(name))
			throw new SpearError(
				"invalid_request",
				`provider_options.${guestName(name)}: this backend does not accept it; its operator can allow it with allow_provider_options`,
			);
	}
	return { ...extra };
}
