import type { Operation } from "../../../generated/ir/operations.ts";
import { guestName } from "../../errors/guest-name.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { isPattern, matchModel } from "../../models/model-pattern.ts";
import { defaultModel, resolveModel } from "../../models/resolve-model.ts";
import type { InstanceConfig, ModelConfig } from "../backend.ts";

/** A configured model in its long form. */
type Entry = Exclude<ModelConfig, string>;

/**
 * Returns the upstream's name of the model that a request asks for, or of the default model.
 *
 * @throws SpearError `invalid_request` if the request names no model and the instance has no default, or if the instance does not
 * serve the named model.
 * @see resolveModel
 */
export function upstreamModel(config: InstanceConfig, operation: Operation, requested: string | undefined): string {
	const entries = config.models.map(entryOf).filter(({ operations }) => operations?.includes(operation) ?? true);
	if (requested === undefined) {
		const model = defaultModel(entries);
		if (model !== undefined) return model.upstream ?? model.name;
		throw new SpearError("invalid_request", `model: the request names none and backend "${config.name}" has no default; name a model`);
	}
	const entry = resolveModel(entries, requested);
	if (entry !== undefined) return upstreamName(entry, requested);
	if (config.models.length === 0) return requested;
	const served = entries.map(({ name }) => name).join(", ");
	throw new SpearError("invalid_request", `model: backend "${config.name}" does not serve "${guestName(requested)}"; it serves ${served}`);
}

function entryOf(model: ModelConfig): Entry {
	return typeof model === "string" ? { name: model } : model;
}

/**
 * Returns the upstream name of `requested`. A `*` in `upstream` becomes the text that the pattern matched. An alias of a pattern
 * counts as matched whole.
 */
function upstreamName({ name, upstream }: Entry, requested: string): string {
	if (!isPattern(name)) return upstream ?? name;
	const matched = matchModel(name, requested) ?? requested;
	return upstream === undefined ? requested : upstream.replace("*", () => matched);
}
