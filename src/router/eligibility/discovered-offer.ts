import type { Operation } from "../../../generated/ir/operations.ts";
import type { DiscoveredModel } from "../../backends/discovery.ts";
import type { Capabilities, Model } from "../instances/instance.ts";

/**
 * Returns an offer with what the upstream lists, for the catalog. The configuration takes precedence: its models stay as they are, and get
 * limits that neither they nor the instance have. An instance that accepts any model names the listed ones. A model without stated
 * operations counts for all operations of the instance.
 */
export function withDiscovered(operation: Operation, offer: Capabilities, discovered: readonly DiscoveredModel[]): Capabilities {
	if (discovered.length === 0 || offer.isClosed === true) return offer;
	if (offer.models.length > 0) {
		const limits = new Map(discovered.map((model) => [model.name, model.limits]));
		return { ...offer, models: offer.models.map((model) => withLimits(offer, model, limits.get(model.name))) };
	}
	const models = discovered
		.filter(({ operations }) => operations?.includes(operation) ?? true)
		.map(({ name, aliases = [], limits }) => withLimits(offer, { name, aliases, limits: {}, price: undefined }, limits));
	return { ...offer, models };
}

function withLimits(offer: Capabilities, model: Model, stated: DiscoveredModel["limits"]): Model {
	return stated === undefined ? model : { ...model, limits: { ...stated, ...offer.limits, ...model.limits } };
}
