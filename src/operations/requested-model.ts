import type { UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";

/** Returns the model that a request names; `undefined` if it names none, or if its operation has no models. */
export function requestedModel({ payload }: UntypedRequestEnvelope): string | undefined {
	if (typeof payload !== "object" || payload === null || !("model" in payload)) return undefined;
	return typeof payload.model === "string" ? payload.model : undefined;
}
