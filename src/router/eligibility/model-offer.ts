import type { ModelLimits, PriceConfig } from "../../../generated/ir/config.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import { defaultModel, resolveModel } from "../../models/resolve-model.ts";
import type { Instance, Model } from "../instances/instance.ts";

/** Limits and price of one model of one operation at an instance. */
export interface ModelOffer {
	readonly limits: ModelLimits;
	/** `undefined` for an unknown price. */
	readonly price: PriceConfig | undefined;
}

/**
 * Returns the limits and the price of the model that a request would use at an instance.
 *
 * @param requested Model that the request names. `undefined` for the default.
 */
export function modelOffer(instance: Instance, operation: Operation, requested: string | undefined): ModelOffer {
	const offer = instance.operations.get(operation);
	if (offer === undefined) return { limits: {}, price: undefined };
	const model = requested === undefined ? defaultModel(offer.models) : resolveModel(offer.models, requested);
	return offerOf(offer, model);
}

/** Returns the limits and the price of a model: its own, where it has some, and those of the instance. */
export function offerOf(general: ModelOffer, model: Model | undefined): ModelOffer {
	if (model === undefined) return general;
	const limits = Object.keys(model.limits).length === 0 ? general.limits : { ...general.limits, ...model.limits };
	return { limits, price: model.price ?? general.price };
}
