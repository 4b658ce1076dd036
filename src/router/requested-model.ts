import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";

/** The model a request names, if it does. A family is free to have no models. */
export function requestedModel({ payload }: RequestEnvelope<Operation>): string | undefined {
	const { model }: { readonly model?: unknown } = payload;
	return typeof model === "string" ? model : undefined;
}
