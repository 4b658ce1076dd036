import type { ModelLimits } from "../../../generated/ir/config.ts";
import { OPERATIONS, type Operation } from "../../../generated/ir/operations.ts";
import { defaultModel } from "../../models/resolve-model.ts";
import { OPERATION_NAMES } from "../../operations/is-operation.ts";
import type { Capabilities, Instance, Model } from "../instances/instance.ts";
import { withDiscovered } from "./discovered-offer.ts";
import { offerOf } from "./model-offer.ts";

/** An operation in the view of a guest: no instance is named. */
export interface CatalogEntry {
	readonly operation: Operation;
	/** True if an instance can serve the operation. */
	readonly available: boolean;
	/** Models that a request may name, in the order of the instances. An instance that accepts any model adds none. */
	readonly models: readonly CatalogModel[];
}

/** A model by the name that guests use, which may hold a `*`. Joins the capabilities of all instances that serve it. */
export interface CatalogModel extends Pick<Capabilities, "features" | "transports"> {
	readonly name: string;
	/** The widest limits of its instances. A limit is absent if an instance has none. */
	readonly limits: ModelLimits;
	/** True if a request without a model may get this one: it is the default of an instance. */
	readonly isDefault: boolean;
}

/**
 * Returns the catalog of all operations.
 *
 * @param usable Returns the instances that the host's policy, their keys and their capabilities leave for an operation.
 */
export function catalogOf(usable: (operation: Operation) => readonly Instance[]): CatalogEntry[] {
	return OPERATION_NAMES.map((operation) => {
		const offers = usable(operation)
			.flatMap((instance) => {
				const offer = instance.operations.get(operation);
				if (offer === undefined) return [];
				// A listed model is no default: a request that names none is not sent to it.
				return [{ ...withDiscovered(operation, offer, instance.discovered?.() ?? []), standard: defaultModel(offer.models) }];
			})
			.map((offer) => ({ ...offer, ...restrictToOperation(operation, offer) }));
		return { operation, available: offers.some(({ transports }) => transports.size > 0), models: modelsOf(offers) };
	});
}

/** Drops features and transports that the operation does not have: a configuration may list one set for all operations of an instance. */
function restrictToOperation(operation: Operation, offer: Capabilities): Pick<Capabilities, "features" | "transports"> {
	const { features, transports } = OPERATIONS[operation];
	return {
		features: new Set(features.filter((name) => offer.features.has(name))),
		transports: new Set(transports.filter((name) => offer.transports.has(name))),
	};
}

function modelsOf(offers: readonly (Capabilities & { readonly standard: Model | undefined })[]): CatalogModel[] {
	const models = new Map<string, CatalogModel>();
	for (const offer of offers) {
		const { standard } = offer;
		for (const model of offer.models) {
			const { limits } = offerOf(offer, model);
			for (const name of [model.name, ...model.aliases]) {
				const existing = models.get(name);
				models.set(name, {
					name,
					features: new Set([...(existing?.features ?? []), ...offer.features]),
					transports: new Set([...(existing?.transports ?? []), ...offer.transports]),
					limits: existing === undefined ? limits : widest(existing.limits, limits),
					isDefault: existing?.isDefault === true || name === standard?.name,
				});
			}
		}
	}
	return [...models.values()];
}

/** The greater of each limit. A limit that only one side has does not hold for both. */
function widest(a: ModelLimits, b: ModelLimits): ModelLimits {
	const result: ModelLimits = {};
	for (const name of Object.keys(a).filter((key): key is keyof ModelLimits => Object.hasOwn(a, key))) {
		const [one, other] = [a[name], b[name]];
		if (one !== undefined && other !== undefined) result[name] = Math.max(one, other);
	}
	return result;
}
