import type { ModelConfig } from "../../backends/backend.ts";
import type { DiscoveredModel } from "../../backends/discovery.ts";
import { isPattern } from "../../models/model-pattern.ts";

/**
 * Returns the listed models by the names that guests use. If the configuration names models, only these remain, each with the limits that
 * the upstream states for it. Operations are those of the configuration then.
 */
export function guestModels(configured: readonly ModelConfig[], listed: readonly DiscoveredModel[]): readonly DiscoveredModel[] {
	if (configured.length === 0) return listed;
	const byName = new Map(listed.flatMap((model) => [model.name, ...(model.aliases ?? [])].map((name) => [name, model] as const)));
	return configured.flatMap((model): DiscoveredModel[] => {
		const { name, upstream = name } = typeof model === "string" ? { name: model } : model;
		const { limits } = (isPattern(name) ? undefined : byName.get(upstream)) ?? {};
		return limits === undefined ? [] : [{ name, limits }];
	});
}
