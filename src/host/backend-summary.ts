import { ruleSentences } from "../backends/rule-sentences.ts";
import type { Instance } from "../router/instances/instance.ts";
import type { BackendSummary } from "./host.ts";

/**
 * Returns the description of an instance for operators.
 *
 * @param isEmbedded True if the configuration names no backends.
 * @param missingKeys Names of the environment variables of keys that are not set, and paths of files without a key.
 */
export function backendSummary(instance: Instance, isEmbedded: boolean, missingKeys: readonly string[]): BackendSummary {
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
		residentModels: [...(instance.backend.residentModels?.() ?? [])],
		hasKey: instance.keys.present,
		missingKeys,
		inFlight: instance.stats.inFlight,
		weight: instance.weight,
		priority: instance.priority,
	};
}
