import { ruleSentences } from "../backends/rule-sentences.ts";
import type { Instance } from "../router/instances/instance.ts";
import type { BackendSummary } from "./host.ts";

/** Parts of a description that the instance does not know. */
export interface SummaryParts {
	/** True if the configuration names no backends. */
	readonly isEmbedded: boolean;
	/** Models whose operations follow from their names. */
	readonly guessedModels: readonly string[];
	/** Names of the environment variables of keys that are not set, and paths of files without a key. */
	readonly missingKeys: readonly string[];
}

/** Returns the description of an instance for operators. */
export function backendSummary(instance: Instance, { isEmbedded, guessedModels, missingKeys }: SummaryParts): BackendSummary {
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
		residentModels: [...(instance.backend.residentModels?.() ?? [])],
		hasKey: instance.keys.present,
		missingKeys,
		inFlight: instance.stats.inFlight,
		weight: instance.weight,
		priority: instance.priority,
	};
}
