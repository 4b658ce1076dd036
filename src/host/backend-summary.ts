import { ruleSentences } from "../backends/rule-sentences.ts";
import type { NamedBackend } from "../config/backend-settings.ts";
import type { Instance } from "../router/instances/instance.ts";
import type { BackendSummary } from "./host.ts";

/** Parts of a description that the instance does not know. */
export interface SummaryParts {
	/** True if the configuration names no backends. */
	readonly isEmbedded: boolean;
	/** Models whose operations follow from their names. */
	readonly guessedModels: readonly string[];
	/** Models that are offered for every operation of the backend. */
	readonly unrestrictedModels: readonly string[];
	/** Names of the environment variables of keys that are not set, and paths of files without a key. */
	readonly missingKeys: readonly string[];
}

/**
 * Returns the models of a backend whose operations the configuration does not state: those whose names tell operations, and those whose names could, but
 * tell none. A pattern of names, and a backend of one operation, leave nothing to tell.
 */
export function modelsByOrigin(backend: NamedBackend | undefined): Pick<SummaryParts, "guessedModels" | "unrestrictedModels"> {
	const models = backend?.models ?? [];
	const isTold = backend?.kind.operationsOf !== undefined && backend.operations?.length !== 1;
	return {
		guessedModels: models.filter(({ isGuessed }) => isGuessed === true).map(({ name }) => name),
		unrestrictedModels: models
			.filter(({ name, operations }) => isTold && operations === undefined && !name.includes("*"))
			.map(({ name }) => name),
	};
}

/** Returns the description of an instance for operators. */
export function backendSummary(
	instance: Instance,
	{ isEmbedded, guessedModels, unrestrictedModels, missingKeys }: SummaryParts,
): BackendSummary {
	return {
		name: instance.name,
		kind: instance.kind,
		isEmbedded,
		operations: Object.fromEntries(
			[...instance.operations].map(([name, { features, transports, models, rules }]) => [
				name,
				{
					features: [...features],
					transports: [...transports],
					models: models.map((model) => model.name),
					downgrades: ruleSentences(rules ?? {}, ["emulate", "drop"]),
					rejects: ruleSentences(rules ?? {}, ["reject"]),
				},
			]),
		),
		guessedModels,
		unrestrictedModels,
		residentModels: [...(instance.backend.residentModels?.() ?? [])],
		hasKey: instance.keys.present,
		missingKeys,
		inFlight: instance.stats.inFlight,
		weight: instance.weight,
		priority: instance.priority,
	};
}
