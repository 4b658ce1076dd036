import type * as types from "../../../generated/ir/types.ts";
import { outcomeOf, type RuleOutcome } from "./outcome.ts";
import { caseOf, hasCase, type IndexedRule, type IndexedTable, type RuleIndex } from "./rule-index.ts";

/** A case of a rule that has an effect on a request. */
export interface Effect {
	readonly field: string;
	/** Id of the case. */
	readonly id: number;
	readonly rule: IndexedRule;
	readonly outcome: Exclude<RuleOutcome, { effect: "none" }>;
	/** The drops around the occurrences of the field, one entry for each combination. */
	readonly around: Map<string, readonly Drop[]>;
}

/** A case that drops the occurrence of a field which is being visited. */
interface Drop {
	readonly field: string;
	readonly id: number;
}

/** The effects of all rules on one request, collected field by field. Depends on the rules, not on the instances that have them. */
export class Effects {
	readonly #index: RuleIndex;
	readonly #policy: types.Degradation;
	readonly #payload: unknown;
	/** By id of the case, in the order of the first occurrence. `undefined` for none. */
	#byCase: Map<number, Effect> | undefined;
	/** The drops around the field that is visited, the outermost first. */
	#around: readonly Drop[] = [];

	/**
	 * @param policy The policy in force.
	 * @param payload The payload of the request, for conditions on other fields.
	 */
	constructor(index: RuleIndex, policy: types.Degradation, payload: unknown) {
		this.#index = index;
		this.#policy = policy;
		this.#payload = payload;
	}

	/** Adds the next field of the request. A field comes before its parts, and its parts before every other field. */
	visit(field: string, value: unknown): void {
		const rules = this.#index.rulesOf.get(field);
		if (rules !== undefined) this.#visit(field, rules, ({ rule }) => caseOf(rule, value, this.#payload));
	}

	/** Adds the next field of a request whose values are unknown. Of a conditional rule, the case without any condition applies. */
	visitName(field: string): void {
		const rules = this.#index.rulesOf.get(field);
		if (rules !== undefined) this.#visit(field, rules, ({ cases }) => cases.length - 1);
	}

	#visit(field: string, rules: readonly IndexedRule[], caseIndex: (rule: IndexedRule) => number): void {
		if (this.#around.length > 0) this.#around = this.#around.filter((drop) => field.startsWith(`${drop.field}.`));
		const around = this.#around;
		const key = around.map(({ id }) => id).join();
		const dropped: Drop[] = [];
		for (const rule of rules) {
			const effect = this.#effect(field, rule, caseIndex(rule));
			if (effect === undefined) continue;
			if (!effect.around.has(key)) effect.around.set(key, around);
			if (effect.outcome.effect === "dropped") dropped.push({ field, id: effect.id });
		}
		if (dropped.length > 0) this.#around = [...around, ...dropped];
	}

	/** The effects on the instances with a table, in the order of the request. */
	*of(table: IndexedTable): Generator<Effect, void, void> {
		for (const effect of this.#byCase?.values() ?? []) if (counts(effect, table)) yield effect;
	}

	/** True if no rule has an effect on the request. */
	get isEmpty(): boolean {
		return this.#byCase === undefined;
	}

	/** True if a rejection is replaced. */
	get replacesRejection(): boolean {
		return [...(this.#byCase?.values() ?? [])].some(({ outcome }) => outcome.effect !== "rejected" && outcome.replacesRejection);
	}

	/** Equal for requests that are rejected by the same instances, and for which the same rejections are replaced. */
	get key(): string {
		const deciding = [...(this.#byCase?.values() ?? [])].filter(
			({ outcome }) => outcome.effect === "rejected" || outcome.replacesRejection,
		);
		return deciding
			.map(({ id, outcome, around }) => `${outcome.effect} ${id} ${[...around.keys()].sort().join("/")}`)
			.sort()
			.join(";");
	}

	/** Returns the effect of a case. `undefined` for a case without one. */
	#effect(field: string, rule: IndexedRule, index: number): Effect | undefined {
		const applied = rule.cases[index];
		if (applied === undefined || applied.treatment === "pass" || applied.treatment === "map") return undefined;
		const id = rule.firstCase + index;
		const known = this.#byCase?.get(id);
		if (known !== undefined) return known;
		const outcome = outcomeOf(applied, this.#policy);
		if (outcome.effect === "none") return undefined;
		const created: Effect = { field, id, rule, outcome, around: new Map() };
		this.#byCase ??= new Map();
		this.#byCase.set(id, created);
		return created;
	}
}

/** True if a table has the case, and some occurrence of the field is within nothing that the table drops. */
function counts({ field, id, around }: Effect, table: IndexedTable): boolean {
	if (!hasCase(table, field, id)) return false;
	return [...around.values()].some((drops) => !drops.some((drop) => hasCase(table, drop.field, drop.id)));
}
