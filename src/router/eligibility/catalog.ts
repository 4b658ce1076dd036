import type { ModelLimits } from "../../../generated/ir/config.ts";
import { OPERATIONS, type Operation } from "../../../generated/ir/operations.ts";
import { defaultModel } from "../../models/resolve-model.ts";
import { OPERATION_NAMES } from "../../operations/is-operation.ts";
import type { Capabilities, Instance } from "../instances/instance.ts";
import { offerOf } from "./model-offer.ts";

/** What may be asked of one operation now, whichever instances stand behind it. */
export interface CatalogEntry {
	readonly operation: Operation;
	/** Whether some instance could take a request. */
	readonly available: boolean;
	/** Models a request may name, in the order of the instances. One that takes any name adds none. */
	readonly models: readonly CatalogModel[];
}

/** A model by the name guests use, which may hold a `*`. Several instances may serve it: what any of them offers is listed. */
export interface CatalogModel extends Pick<Capabilities, "features" | "transports"> {
	readonly name: string;
	/** The widest that any of its instances has; absent where one has none. */
	readonly limits: ModelLimits;
	/** A request that names no model may get this one: some instance's default. */
	readonly isDefault: boolean;
}

/** @param usable The instances that host policy, keys and capabilities leave of an operation. */
export function catalogOf(usable: (operation: Operation) => readonly Instance[]): CatalogEntry[] {
	return OPERATION_NAMES.map((operation) => {
		const offers = usable(operation).flatMap((instance) => instance.operations.get(operation) ?? []);
		const within = offers.map((offer) => ({ ...offer, ...meaningful(operation, offer) }));
		return { operation, available: within.some(({ transports }) => transports.size > 0), models: modelsOf(within) };
	});
}

/** What of an offer means something to the operation: an operator may list one instance's features for all of its operations at once. */
function meaningful(operation: Operation, offer: Capabilities): Pick<Capabilities, "features" | "transports"> {
	const { features, transports } = OPERATIONS[operation];
	return {
		features: new Set(features.filter((name) => offer.features.has(name))),
		transports: new Set(transports.filter((name) => offer.transports.has(name))),
	};
}

function modelsOf(offers: readonly Capabilities[]): CatalogModel[] {
	const found = new Map<string, CatalogModel>();
	for (const offer of offers) {
		const standard = defaultModel(offer.models);
		for (const model of offer.models) {
			const { limits } = offerOf(offer, model);
			for (const name of [model.name, ...model.aliases]) {
				const before = found.get(name);
				found.set(name, {
					name,
					features: new Set([...(before?.features ?? []), ...offer.features]),
					transports: new Set([...(before?.transports ?? []), ...offer.transports]),
					limits: before === undefined ? limits : widest(before.limits, limits),
					isDefault: before?.isDefault === true || name === standard?.name,
				});
			}
		}
	}
	return [...found.values()];
}

/** A limit holds only where every instance has one. */
function widest(a: ModelLimits, b: ModelLimits): ModelLimits {
	const result: ModelLimits = {};
	for (const name of Object.keys(a).filter((key): key is keyof ModelLimits => Object.hasOwn(a, key))) {
		const [one, other] = [a[name], b[name]];
		if (one !== undefined && other !== undefined) result[name] = Math.max(one, other);
	}
	return result;
}
