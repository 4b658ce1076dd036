import { OPERATIONS, type Operation } from "../../../generated/ir/operations.ts";
import { isPattern, matchModel } from "../../models/model-pattern.ts";
import { defaultModel, resolveModel } from "../../models/resolve-model.ts";
import type { Instance, Model } from "../instances/instance.ts";

/** Precision with which an instance's models match the requested one; the lower the better. */
export const MATCH = { exact: 0, pattern: 1, any: 2 } as const;

/** An instance that serves an operation with a model. */
export interface Serving {
	readonly instance: Instance;
	/** The model that it serves the operation with. `undefined` for an instance that accepts any model. */
	readonly model: Model | undefined;
	readonly match: (typeof MATCH)[keyof typeof MATCH];
}

/** The instances that serve a model. */
export interface ServingSet {
	/**
	 * Identifies the set within its operation: equal ids mean equal sets. Model names that no instance knows share one id, so that guests
	 * cannot create sets without bound.
	 */
	readonly id: string;
	/** Collects the instances. Costs time in proportion to their number. */
	readonly list: () => readonly Serving[];
}

/** The instances of one operation, by their models. */
interface OperationIndex {
	readonly byName: Map<string, Instance[]>;
	readonly byPattern: Map<string, Instance[]>;
	/** Instances that accept any model. */
	readonly any: Serving[];
	/** Instances that can serve a request without a model. */
	readonly byDefault: Serving[];
}

const NO_PATTERNS: readonly string[] = [];

/** Finds the instances that serve an operation and a model without looking at the others. */
export class CapabilityIndex {
	readonly #operations = new Map<Operation, OperationIndex>();
	/** Positions in the configuration. */
	readonly #positions = new Map<Instance, number>();
	readonly #regions = new Set<string>();
	/** The set that was asked for last. Most requests are like the one before. */
	#last: { readonly operation: Operation; readonly model: string | undefined; readonly set: ServingSet } | undefined;

	constructor(instances: readonly Instance[]) {
		for (const instance of instances) {
			this.#positions.set(instance, this.#positions.size);
			if (instance.region !== undefined) this.#regions.add(instance.region);
			for (const operation of instance.operations.keys()) this.#add(instance, operation);
		}
	}

	/** Returns the instances that serve an operation with this model, or with their default model for `undefined`. */
	find(operation: Operation, model: string | undefined): ServingSet {
		const last = this.#last;
		if (last !== undefined && last.operation === operation && last.model === model) return last.set;
		const set = this.#find(operation, model);
		this.#last = { operation, model, set };
		return set;
	}

	#find(operation: Operation, model: string | undefined): ServingSet {
		const index = this.#operations.get(operation);
		if (index === undefined) return { id: "", list: () => [] };
		if (model === undefined) return { id: "", list: () => index.byDefault };
		const exact = index.byName.get(model);
		const patterns =
			index.byPattern.size === 0 ? NO_PATTERNS : [...index.byPattern.keys()].filter((pattern) => matchModel(pattern, model) !== undefined);
		if (exact === undefined && patterns.length === 0) return { id: "?", list: () => index.any };
		const list = (): Serving[] => {
			const serving = (instance: Instance, match: Serving["match"]): Serving => {
				return { instance, model: resolveModel(instance.operations.get(operation)?.models ?? [], model), match };
			};
			const byName = (exact ?? []).map((instance) => serving(instance, MATCH.exact));
			const byPattern = patterns
				.flatMap((pattern) => index.byPattern.get(pattern) ?? [])
				.map((instance) => serving(instance, MATCH.pattern));
			return this.#sort(firstOfEachInstance([byName, byPattern, index.any]));
		};
		return { id: `${exact === undefined ? "" : `=${model}`}~${patterns.join("~")}`, list };
	}

	/** Returns true if an instance is in this region. */
	hasRegion(region: string): boolean {
		return this.#regions.has(region);
	}

	/** Sorts by precision of the match, then by position in the configuration. */
	#sort(servings: Serving[]): Serving[] {
		const position = ({ instance }: Serving): number => this.#positions.get(instance) ?? 0;
		return servings.sort((a, b) => a.match - b.match || position(a) - position(b));
	}

	#add(instance: Instance, operation: Operation): void {
		const offer = instance.operations.get(operation);
		if (offer === undefined || offer.isClosed === true) return;
		const index: OperationIndex = this.#operations.get(operation) ?? {
			byName: new Map(),
			byPattern: new Map(),
			any: [],
			byDefault: [],
		};
		this.#operations.set(operation, index);
		const standard = defaultModel(offer.models);
		if (standard !== undefined || !OPERATIONS[operation].namesModel) {
			index.byDefault.push({ instance, model: standard, match: MATCH.exact });
		}
		if (offer.models.length === 0) index.any.push({ instance, model: undefined, match: MATCH.any });
		for (const model of offer.models) {
			append(isPattern(model.name) ? index.byPattern : index.byName, model.name, instance);
			for (const alias of model.aliases) append(index.byName, alias, instance);
		}
	}
}

/** The first entry of each instance, in order. */
function firstOfEachInstance(lists: readonly (readonly Serving[])[]): Serving[] {
	const seen = new Set<Instance>();
	return lists.flat().filter(({ instance }) => !seen.has(instance) && seen.add(instance));
}

function append(map: Map<string, Instance[]>, key: string, instance: Instance): void {
	const existing = map.get(key);
	if (existing === undefined) map.set(key, [instance]);
	else existing.push(instance);
}
