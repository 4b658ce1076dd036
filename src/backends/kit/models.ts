import type { Operation } from "../../../generated/ir/operations.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { isPattern, matchModel, specificity } from "../../models/model-pattern.ts";
import type { InstanceConfig, ModelConfig } from "../backend.ts";

/** An entry of an instance's models. */
type Entry = Exclude<ModelConfig, string>;

/**
 * The upstream's name of the model a request asks for: that of the entry which has its name, or else its alias, or else of the
 * pattern that says the most.
 *
 * @throws SpearError `invalid_request` when the request names no model and the instance has no default, or names one that
 * the instance does not serve.
 */
export function upstreamModel(config: InstanceConfig, operation: Operation, requested: string | undefined): string {
	const entries = config.models.map(entryOf).filter(({ operations }) => operations?.includes(operation) ?? true);
	if (requested === undefined) {
		const standard = entries.find(({ name }) => !isPattern(name));
		if (standard !== undefined) return standard.upstream ?? standard.name;
		throw new SpearError("invalid_request", `model: the request names none and backend "${config.name}" has no default; name a model`);
	}
	const entry = entryCalled(entries, requested);
	if (entry !== undefined) return upstreamName(entry, requested);
	if (config.models.length === 0) return requested;
	const served = entries.map(({ name }) => name).join(", ");
	throw new SpearError("invalid_request", `model: backend "${config.name}" does not serve "${requested}"; it serves ${served}`);
}

function entryOf(model: ModelConfig): Entry {
	return typeof model === "string" ? { name: model } : model;
}

function entryCalled(entries: readonly Entry[], requested: string): Entry | undefined {
	return (
		entries.find(({ name }) => !isPattern(name) && name === requested) ??
		entries.find(({ aliases }) => aliases?.includes(requested)) ??
		entries
			.filter(({ name }) => isPattern(name) && matchModel(name, requested) !== undefined)
			.sort((a, b) => specificity(b.name) - specificity(a.name))[0]
	);
}

/** The name itself, or what it becomes; an alias of a pattern stands for a name that the pattern matches whole. */
function upstreamName({ name, upstream }: Entry, requested: string): string {
	if (!isPattern(name)) return upstream ?? name;
	const matched = matchModel(name, requested) ?? requested;
	return upstream === undefined ? requested : upstream.replace("*", () => matched);
}
