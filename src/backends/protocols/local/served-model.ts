import type { Operation } from "../../../../generated/ir/operations.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../backend.ts";
import { upstreamModel } from "../../kit/models.ts";

/**
 * Checks the model that a request names, for an operation with one model.
 *
 * @throws SpearError `invalid_request` for another model than `only`.
 */
export function checkModel(config: InstanceConfig, operation: Operation, requested: string | undefined, only: string): void {
	const served = config.models.length === 0 ? { ...config, models: [only] } : config;
	const model = upstreamModel(served, operation, requested);
	if (model !== only) throw new SpearError("invalid_request", `model: this backend's only model for ${operation} is ${only}`);
}
