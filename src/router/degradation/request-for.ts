import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import { payloads } from "../../../generated/schema/validate/operations.js";
import type { Validator } from "../../../generated/schema/validate/validator.d.ts";
import type { Instance } from "../instances/instance.ts";
import type { Route } from "../route-table.ts";

/** Returns a request as an instance receives it: with the degradation policy in force, and without the fields that the host removes. */
export function requestFor<O extends Operation>(
	request: RequestEnvelope<O>,
	{ degradation, assessment }: Pick<Route, "degradation" | "assessment">,
	instance: Instance,
): RequestEnvelope<O> {
	const withPolicy = degradation === (request.degradation ?? "declared") ? request : { ...request, degradation };
	const payload = assessment?.of(instance)?.payload;
	const validators: { readonly [P in Operation]: Validator<OperationMap[P]["payload"]> } = payloads;
	return payload !== undefined && validators[request.operation](payload) ? { ...withPolicy, payload } : withPolicy;
}
