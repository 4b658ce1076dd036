import type { Instance } from "../../../../src/router/instances/instance.ts";
import { consideredUntil, PickContext } from "../../../../src/router/load-balancing/pick-context.ts";
import type { Picker } from "../../../../src/router/load-balancing/policies/policy.ts";
import { fakeInstance } from "../../../helpers/instances.ts";

/** An instance that a pick compared. */
export interface Compared {
	readonly backend: string;
	readonly score: number | undefined;
}

/** A context in which the instances named in `without` are not usable. */
class TestContext extends PickContext {
	readonly #without: readonly string[];

	constructor(key: string, without: readonly string[]) {
		super("chat_completions", key, () => 0);
		this.#without = without;
	}

	override usable({ name }: Instance): boolean {
		return !this.#without.includes(name);
	}

	/** The compared instances, by name. */
	get compared(): Compared[] {
		return consideredUntil(this.considered).map(({ instance, score }) => ({ backend: instance.name, score }));
	}
}

export function contextOf(more: { readonly now?: number; readonly key?: string; readonly without?: readonly string[] } = {}): TestContext {
	const { now = 0, key = "k", without = [] } = more;
	const context = new TestContext(key, without);
	context.now = now;
	return context;
}

/** Instances a, b, c, … of these weights. */
export function weighing(...weights: readonly number[]): Instance[] {
	return weights.map((weight, index) => fakeInstance(String.fromCharCode(97 + index), { weight }));
}

/** Instances i0, i1, … of weight 1. */
export function many(count: number): Instance[] {
	return Array.from({ length: count }, (_, index) => fakeInstance(`i${index}`));
}

/** Names of the instances of `count` picks; `-` for none. */
export function picks(picker: Picker, count: number, context: PickContext = contextOf()): string[] {
	return Array.from({ length: count }, () => picker.pick(context)?.name ?? "-");
}

/** Number of occurrences of each name. */
export function tally(names: readonly string[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	return counts;
}

/** The largest difference, over all instances, between the share of picks and the share of weight. */
export function unfairness(instances: readonly Instance[], names: readonly string[]): number {
	const counts = tally(names);
	const sum = instances.reduce((total, { weight }) => total + weight, 0);
	return Math.max(...instances.map(({ name, weight }) => Math.abs((counts.get(name) ?? 0) / names.length - weight / sum)));
}

/** Adds requests in flight at an instance. */
export function load(instance: Instance | undefined, requests: number): void {
	for (let i = 0; i < requests; i++) instance?.stats.addInFlight("chat_completions");
}
