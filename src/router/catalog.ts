import { OPERATIONS, type Operation } from "../../generated/ir/operations.ts";
import { type RoutePolicy, usableInstances } from "./filter.ts";
import type { Capabilities, Instance } from "./instance.ts";

/** What may be asked of one operation now, whichever instances stand behind it. */
export interface CatalogEntry {
	readonly operation: Operation;
	/** Whether some instance could take a request. */
	readonly available: boolean;
	/** Models a request may name, in the order of the instances. One that takes any name adds none. */
	readonly models: readonly CatalogModel[];
}

/** A model by the name guests use. Several instances may serve it: what any of them offers is listed. */
export interface CatalogModel extends Capabilities {
	readonly name: string;
	/** A request that names no model may get this one: some instance's default. */
	readonly isDefault: boolean;
}

/** What the host's policy, its keys and its instances leave of every operation. */
export function catalogOf(instances: readonly Instance[], routes: ReadonlyMap<Operation, RoutePolicy>): CatalogEntry[] {
	return Object.keys(OPERATIONS)
		.filter(isOperation)
		.map((operation) => {
			const { eligible } = usableInstances(instances, operation, undefined, routes.get(operation) ?? {});
			const offers = eligible.flatMap((instance) => instance.operations.get(operation) ?? []).map((offer) => within(operation, offer));
			return { operation, available: offers.some(({ transports }) => transports.size > 0), models: modelsOf(offers) };
		});
}

function isOperation(name: string): name is Operation {
	return Object.hasOwn(OPERATIONS, name);
}

/** What of an offer means something to the operation: an operator may list one instance's features for all of its operations at once. */
function within(operation: Operation, offer: Capabilities): Capabilities {
	const { features, transports } = OPERATIONS[operation];
	return {
		...offer,
		features: new Set(features.filter((name) => offer.features.has(name))),
		transports: new Set(transports.filter((name) => offer.transports.has(name))),
	};
}

function modelsOf(offers: readonly Capabilities[]): CatalogModel[] {
	const found = new Map<string, CatalogModel>();
	for (const offer of offers) {
		for (const [index, name] of offer.models.entries()) {
			const before = found.get(name);
			found.set(name, {
				...offer,
				name,
				features: new Set([...(before?.features ?? []), ...offer.features]),
				transports: new Set([...(before?.transports ?? []), ...offer.transports]),
				isDefault: before?.isDefault === true || index === 0,
			});
		}
	}
	return [...found.values()];
}
