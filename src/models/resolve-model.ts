import { bySpecificity, isPattern, matchModel } from "./model-pattern.ts";

/** A configured model. */
export interface NamedModel {
	/** Plain name or pattern. */
	readonly name: string;
	/** Further names that requests may use. */
	readonly aliases?: readonly string[];
}

/** Returns the model of a request that names none: the first model that is not a pattern. */
export function defaultModel<M extends NamedModel>(models: readonly M[]): M | undefined {
	return models.find(({ name }) => !isPattern(name));
}

/**
 * Returns the model that serves the name `requested`: the model of that name, else the model with that alias, else the most
 * specific pattern that matches. Of equals, the first in the list. `undefined` if no model serves the name.
 */
export function resolveModel<M extends NamedModel>(models: readonly M[], requested: string): M | undefined {
	return (
		models.find(({ name }) => name === requested) ??
		models.find(({ aliases }) => aliases?.includes(requested)) ??
		models
			.filter(({ name }) => isPattern(name) && matchModel(name, requested) !== undefined)
			.sort((a, b) => bySpecificity(a.name, b.name))[0]
	);
}

/** Returns true if an instance with these models serves the name `requested`. An empty list serves every name. */
export function servesModel(models: readonly NamedModel[], requested: string): boolean {
	return models.length === 0 || resolveModel(models, requested) !== undefined;
}
