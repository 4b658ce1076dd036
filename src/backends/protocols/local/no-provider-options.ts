import type { RequestEnvelope } from "../../../../generated/ir/envelope.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";

/** @throws SpearError `invalid_request` for the first of the options: the engines have none. */
export function noProviderOptions(options: RequestEnvelope["provider_options"]): void {
	for (const name of Object.keys(options))
		throw new SpearError("invalid_request", `provider_options.${guestName(name)}: this backend accepts none`);
}
