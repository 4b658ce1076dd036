import type { Operation } from "../../generated/ir/operations.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { InstanceConfig } from "./backend.ts";

/**
 * The upstream's name of the model a request asks for.
 *
 * @throws SpearError `invalid_request` when the request names no model and the instance has no default, or names one that
 * the instance does not serve.
 */
export function upstreamModel(config: InstanceConfig, operation: Operation, requested: string | undefined): string {
	const models = config.models.filter((model) => serves(model, operation));
	const entry = requested === undefined ? models[0] : models.find((model) => guestName(model) === requested);
	if (entry !== undefined) return typeof entry === "string" ? entry : (entry.upstream ?? entry.name);
	if (requested === undefined) {
		throw new SpearError("invalid_request", `model: the request names none and backend "${config.name}" has no default; name a model`);
	}
	if (config.models.length === 0) return requested;
	const served = models.map(guestName).join(", ");
	throw new SpearError("invalid_request", `model: backend "${config.name}" does not serve "${requested}"; it serves ${served}`);
}

function serves(model: InstanceConfig["models"][number], operation: Operation): boolean {
	return typeof model === "string" || (model.operations?.includes(operation) ?? true);
}

function guestName(model: InstanceConfig["models"][number]): string {
	return typeof model === "string" ? model : model.name;
}
