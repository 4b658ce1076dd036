import { OPERATIONS, type Operation } from "../../../generated/ir/operations.ts";
import { isPattern, matchModel } from "../../models/model-pattern.ts";
import { defaultModel, resolveModel } from "../../models/resolve-model.ts";
import type { Instance, Model } from "../instances/instance.ts";

/** How well an instance's models meet the one that is asked for: the lower the better. */
export const MATCH = { exact: 0, pattern: 1, any: 2 } as const;

/** An instance that serves an operation with a model. */
export interface Serving {
	readonly instance: Instance;
	/** The model it serves it with; `undefined` for an instance that takes any. */
	readonly model: Model | undefined;
	readonly match: (typeof MATCH)[keyof typeof MATCH];
}

/** Those that serve a model, and a name for this set: equal names, equal sets, however many model names guests think up. */
export interface ServingSet {
	readonly id: string;
	/** Gathers them: not for every request. */
	readonly list: () => readonly Serving[];
}

/** The instances of one operation, by what they say of models. */
interface OfOperation {
	readonly byName: Map<string, Instance[]>;
	readonly byPattern: Map<string, Instance[]>;
	readonly any: Serving[];
	/** Those that can serve a request which names no model. */
	readonly byDefault: Serving[];
}

const NO_PATTERNS: readonly string[] = [];

/** Finds the instances that serve an operation and a model without looking at those that do not. */
export class CapabilityIndex {
	readonly #operations = new Map<Operation, OfOperation>();
	readonly #places = new Map<Instance, number>();
	readonly #regions = new Set<string>();

	constructor(instances: readonly Instance[]) {
		for (const instance of instances) {
			this.#places.set(instance, this.#places.size);
			if (instance.region !== undefined) this.#regions.add(instance.region);
			for (const operation of instance.operations.keys()) this.#add(instance, operation);
		}
	}

	/** The instances that serve an operation with this model, or with their default when it is `undefined`. */
	find(operation: Operation, model: string | undefined): ServingSet {
		const found = this.#operations.get(operation);
		if (found === undefined) return { id: "", list: () => [] };
		if (model === undefined) return { id: "", list: () => found.byDefault };
		const exact = found.byName.get(model);
		const patterns =
			found.byPattern.size === 0 ? NO_PATTERNS : [...found.byPattern.keys()].filter((each) => matchModel(each, model) !== undefined);
		if (exact === undefined && patterns.length === 0) return { id: "?", list: () => found.any };
		const list = (): Serving[] => {
			const serving = (instance: Instance, match: Serving["match"]): Serving => {
				return { instance, model: resolveModel(instance.operations.get(operation)?.models ?? [], model), match };
			};
			const byName = (exact ?? []).map((instance) => serving(instance, MATCH.exact));
			const byPattern = patterns.flatMap((pattern) => found.byPattern.get(pattern) ?? []).map((each) => serving(each, MATCH.pattern));
			return this.#inOrder(firstOfEach([byName, byPattern, found.any]));
		};
		return { id: `${exact === undefined ? "" : `=${model}`}~${patterns.join("~")}`, list };
	}

	/** Whether some instance stands in this region. */
	hasRegion(region: string): boolean {
		return this.#regions.has(region);
	}

	/** As they stand in the configuration. */
	#inOrder(servings: Serving[]): Serving[] {
		const place = ({ instance }: Serving): number => this.#places.get(instance) ?? 0;
		return servings.sort((a, b) => a.match - b.match || place(a) - place(b));
	}

	#add(instance: Instance, operation: Operation): void {
		const offer = instance.operations.get(operation);
		if (offer === undefined) return;
		const found: OfOperation = this.#operations.get(operation) ?? { byName: new Map(), byPattern: new Map(), any: [], byDefault: [] };
		this.#operations.set(operation, found);
		const standard = defaultModel(offer.models);
		if (standard !== undefined || !OPERATIONS[operation].namesModel) {
			found.byDefault.push({ instance, model: standard, match: MATCH.exact });
		}
		if (offer.models.length === 0) found.any.push({ instance, model: undefined, match: MATCH.any });
		for (const model of offer.models) {
			append(isPattern(model.name) ? found.byPattern : found.byName, model.name, instance);
			for (const alias of model.aliases) append(found.byName, alias, instance);
		}
	}
}

/** Each instance once, as it stands first. */
function firstOfEach(lists: readonly (readonly Serving[])[]): Serving[] {
	const seen = new Set<Instance>();
	return lists.flat().filter(({ instance }) => !seen.has(instance) && seen.add(instance));
}

function append(map: Map<string, Instance[]>, key: string, instance: Instance): void {
	const found = map.get(key);
	if (found === undefined) map.set(key, [instance]);
	else found.push(instance);
}
