import { OPERATIONS, type Operation } from "../../../generated/ir/operations.ts";
import { isPattern, matchModel, specificity } from "../../models/model-pattern.ts";
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
	readonly byName: Map<string, Serving[]>;
	readonly byPattern: Map<string, Serving[]>;
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
			const matching = patterns.flatMap((pattern) => found.byPattern.get(pattern) ?? []);
			return this.#inOrder(firstOfEach([exact ?? [], matching.sort(bySpecificity), found.any]));
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
			if (isPattern(model.name)) append(found.byPattern, model.name, { instance, model, match: MATCH.pattern });
			else append(found.byName, model.name, { instance, model, match: MATCH.exact });
		}
		// Behind the names: what one model is called wins over what another is called too.
		for (const model of offer.models) {
			for (const alias of model.aliases) append(found.byName, alias, { instance, model, match: MATCH.exact });
		}
	}
}

/** The model of a request that names none. A pattern stands for no model in particular. */
export function defaultModel(models: readonly Model[]): Model | undefined {
	return models.find(({ name }) => !isPattern(name));
}

/** Whether models include this one. No model at all means any. */
export function serves(models: readonly Model[], model: string): boolean {
	return models.length === 0 || models.some(({ name, aliases }) => matchModel(name, model) !== undefined || aliases.includes(model));
}

/** Each instance once, as it stands first. */
function firstOfEach(lists: readonly (readonly Serving[])[]): Serving[] {
	const seen = new Set<Instance>();
	return lists.flat().filter(({ instance }) => !seen.has(instance) && seen.add(instance));
}

function append(map: Map<string, Serving[]>, key: string, serving: Serving): void {
	const found = map.get(key);
	if (found === undefined) map.set(key, [serving]);
	else found.push(serving);
}

/** Of an instance's patterns, the one that says the most first; of equals, the one that it names first. */
function bySpecificity(a: Serving, b: Serving): number {
	const of = ({ model }: Serving): number => (model === undefined ? 0 : specificity(model.name));
	return of(b) - of(a);
}
