import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";

/** The model a request names, if it does. A family is free to have no models. */
export function requestedModel({ payload }: RequestEnvelope<Operation>): string | undefined {
	const fields: object = payload;
	return "model" in fields && typeof fields.model === "string" ? fields.model : undefined;
}
