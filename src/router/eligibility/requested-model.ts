import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";

/** The model a request names, if it does. A family is free to have no models. */
export function requestedModel({ payload }: UntypedRequestEnvelope): string | undefined {
	if (typeof payload !== "object" || payload === null || !("model" in payload)) return undefined;
	return typeof payload.model === "string" ? payload.model : undefined;
}
