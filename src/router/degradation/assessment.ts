import { REQUEST_FIELDS, type RequestFields } from "../../../generated/ir/fields/operations.ts";
import { demandedFeatures, type Feature, type Operation, type OperationMap } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { payloads } from "../../../generated/schema/validate/operations.js";
import type { Validator } from "../../../generated/schema/validate/validator.d.ts";
import { type FieldRule, ruleFor } from "../../backends/rules.ts";
import { MAX_DOWNGRADES } from "../../operations/downgrades.ts";
import { outcomeOf } from "./outcome.ts";
import { withoutField } from "./remove-field.ts";

/** The treatment of one request by the instances with one table of rules. */
export interface Assessment {
	/** Reason for which the instances reject the request, beginning with the field. `undefined` if they accept it. */
	readonly rejection: string | undefined;
	/** Fields that are emulated or dropped. Each field appears once. */
	readonly downgrades: readonly types.Downgrade[];
	/** The payload without the fields that the host removes in place of a rejection. `undefined` if it removes none. */
	readonly payload: unknown;
	/** Features of fields whose rejection is replaced. The instances need not offer these features. */
	readonly replacedFeatures: ReadonlySet<string>;
}

const NO_FEATURES: ReadonlySet<string> = new Set();

/** Assesses one request by one table of rules, field by field. */
export class TableAssessment implements Assessment {
	readonly #policy: types.Degradation;
	readonly #original: unknown;
	readonly #downgrades = new Map<string, types.Downgrade>();
	/** Rules of the fields whose rejection is replaced. */
	readonly #replaced = new Map<string, FieldRule>();
	/** Beginning of the fields that are parts of the occurrence that was dropped last. */
	#dropped: string | undefined;
	#replacedFeatures = NO_FEATURES;
	payload: unknown;
	rejection: string | undefined;

	/**
	 * @param policy The policy in force.
	 * @param original The payload of the request, for conditions on other fields.
	 */
	constructor(policy: types.Degradation, original: unknown) {
		this.#policy = policy;
		this.#original = original;
	}

	get downgrades(): readonly types.Downgrade[] {
		return [...this.#downgrades.values()];
	}

	get replacedFeatures(): ReadonlySet<string> {
		return this.#replacedFeatures;
	}

	/** Equal for assessments that make the instances candidates of the same requests. Empty if nothing prevents that. */
	get key(): string {
		if (this.rejection !== undefined) return "x";
		return [...this.#replacedFeatures].sort().join(",");
	}

	/** Adds the next field of the request. A field comes before its parts, and its parts before every other field. */
	visit(field: string, rule: FieldRule, value: unknown): void {
		if (this.rejection !== undefined) return;
		if (this.#dropped !== undefined && field.startsWith(this.#dropped)) return;
		this.#dropped = undefined;
		const outcome = outcomeOf(ruleFor(rule, value, this.#original), this.#policy);
		if (outcome.effect === "none") return;
		if (outcome.effect === "rejected") {
			this.rejection = `${field}: ${outcome.detail}`;
			return;
		}
		const { effect, detail, replacesRejection } = outcome;
		if (replacesRejection) this.#replaced.set(field, rule);
		if (effect === "dropped") this.#dropped = `${field}.`;
		if (this.#downgrades.size < MAX_DOWNGRADES && !this.#downgrades.has(field)) this.#downgrades.set(field, { field, effect, detail });
	}

	/** Removes the fields that are dropped in place of a rejection. Called once, after the last field. */
	replaceRejections<O extends Operation>(operation: O, original: OperationMap[O]["payload"]): void {
		if (this.rejection !== undefined || this.#replaced.size === 0) return;
		const payload = this.#withoutRemoved(operation, original);
		if (payload === undefined) return;
		if (payload !== original) this.payload = payload;
		this.#replacedFeatures = this.#featuresLeft(operation, original, payload);
	}

	/** The payload without the removed fields; `undefined`, with a rejection, if the request cannot do without one of them. */
	#withoutRemoved<O extends Operation>(operation: O, original: OperationMap[O]["payload"]): OperationMap[O]["payload"] | undefined {
		const validators: { readonly [P in Operation]: Validator<OperationMap[P]["payload"]> } = payloads;
		let payload = original;
		for (const [field, rule] of this.#replaced) {
			const left = withoutField(payload, field, (value) => this.#replaces(rule, value, "dropped"));
			if (left === payload) continue;
			if (left === undefined || !validators[operation](left)) {
				this.rejection = `${field}: the request is invalid without it`;
				return undefined;
			}
			payload = left;
		}
		return payload;
	}

	/** True if the rejection of a value is replaced. The default is any replacement. */
	#replaces(rule: FieldRule, value: unknown, effect?: "dropped"): boolean {
		const outcome = outcomeOf(ruleFor(rule, value, this.#original), this.#policy);
		if (outcome.effect === "none" || outcome.effect === "rejected") return false;
		return outcome.replacesRejection && (effect === undefined || outcome.effect === effect);
	}

	/** Features that the original demands and that the payload does not, fields whose rejection is replaced left aside. */
	#featuresLeft<O extends Operation>(
		operation: O,
		original: OperationMap[O]["payload"],
		payload: OperationMap[O]["payload"],
	): ReadonlySet<string> {
		const fields: { readonly [P in Operation]: RequestFields<P> } = REQUEST_FIELDS;
		const { FEATURE_DEMANDS, walkFields } = fields[operation];
		const needed = new Set<Feature>();
		walkFields(payload, (name: string, value: unknown) => {
			const rule = this.#replaced.get(name);
			if (rule !== undefined && this.#replaces(rule, value)) return;
			for (const { field, feature, onlyIfTrue } of FEATURE_DEMANDS) {
				if (field === name && (!onlyIfTrue || value === true)) needed.add(feature);
			}
		});
		const demanded: ReadonlySet<Feature> = demandedFeatures[operation](original);
		return new Set([...demanded].filter((feature) => !needed.has(feature)));
	}
}
