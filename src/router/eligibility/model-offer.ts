import type { ModelLimits, PriceConfig } from "../../../generated/ir/config.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import { defaultModel, resolveModel } from "../../models/resolve-model.ts";
import type { Instance, Model } from "../instances/instance.ts";

/** What an instance says of one model of one operation. */
export interface ModelOffer {
	readonly limits: ModelLimits;
	readonly price: PriceConfig | undefined;
}

/** Limits and price of the model that a request would get from an instance. */
export function modelOffer(instance: Instance, operation: Operation, requested: string | undefined): ModelOffer {
	const offer = instance.operations.get(operation);
	if (offer === undefined) return { limits: {}, price: undefined };
	const model = requested === undefined ? defaultModel(offer.models) : resolveModel(offer.models, requested);
	return offerOf(offer, model);
}

/** A model's own limits and price win over those of its instance. */
export function offerOf(general: ModelOffer, model: Model | undefined): ModelOffer {
	if (model === undefined) return general;
	const limits = Object.keys(model.limits).length === 0 ? general.limits : { ...general.limits, ...model.limits };
	return { limits, price: model.price ?? general.price };
}
