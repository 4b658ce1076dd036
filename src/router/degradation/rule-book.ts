import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import { REQUEST_FIELDS, type RequestFields } from "../../../generated/ir/fields/operations.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Instance } from "../instances/instance.ts";
import { type Assessment, assessed, withReplacements } from "./assessment.ts";
import { type Effect, Effects } from "./effects.ts";
import { withReplacedNames } from "./named-fields.ts";
import { type IndexedTable, indexRules, type RuleIndex } from "./rule-index.ts";

/** The treatment of one request by the instances, by their tables of rules. */
export interface RequestAssessment {
	/** Equal for requests that the same instances can serve, as far as rules decide. */
	readonly key: string;
	/** Returns the treatment by an instance. `undefined` if the instance has no rules. */
	of(instance: Instance): Assessment | undefined;
}

/**
 * The tables of rules of all instances. One walk over the fields of a request finds the effects of all rules. Instances with equal rules
 * share them, and the treatment by an instance is computed when it is asked for.
 */
export class RuleBook {
	readonly #operations = new Map<Operation, RuleIndex>();

	constructor(instances: readonly Instance[]) {
		const operations = new Set(instances.flatMap((instance) => [...instance.operations.keys()]));
		for (const operation of operations) {
			const index = indexRules(instances, operation);
			if (index.rulesOf.size > 0) this.#operations.set(operation, index);
		}
	}

	/**
	 * Assesses a request. `undefined` if every instance sends every field of every request of the operation.
	 *
	 * @param policy The policy in force.
	 */
	assess<O extends Operation>({ operation, payload }: RequestEnvelope<O>, policy: types.Degradation): RequestAssessment | undefined {
		const index = this.#operations.get(operation);
		if (index === undefined) return undefined;
		const fields: { readonly [P in Operation]: RequestFields<P> } = REQUEST_FIELDS;
		const effects = new Effects(index, policy, payload);
		fields[operation].walkFields(payload, (field: string, value: unknown) => effects.visit(field, value));
		return assessmentBy(index, effects, (ofTable) => withReplacements({ operation, payload }, ofTable, assessed(ofTable)));
	}

	/**
	 * Assesses a request that is known by the names of its fields alone. Of a conditional rule, the case without any condition applies.
	 *
	 * @param policy The policy in force.
	 */
	assessNames(operation: Operation, fields: readonly string[], policy: types.Degradation): RequestAssessment | undefined {
		const index = this.#operations.get(operation);
		if (index === undefined) return undefined;
		const effects = new Effects(index, policy, {});
		for (const field of fields) effects.visitName(field);
		return assessmentBy(index, effects, (ofTable) => withReplacedNames({ operation, fields }, ofTable, assessed(ofTable)));
	}
}

/** Treatment of a request that no rule of a table changes. */
const WITHOUT_EFFECTS: Assessment = assessed([]);

/** @param assess Returns the assessment that follows from the effects of one table. */
function assessmentBy(
	{ tableOf, replacing }: RuleIndex,
	effects: Effects,
	assess: (ofTable: readonly Effect[]) => Assessment,
): RequestAssessment {
	if (effects.isEmpty) return { key: "", of: (instance) => (tableOf.has(instance) ? WITHOUT_EFFECTS : undefined) };
	const byTable = new Map<IndexedTable, Assessment>();
	return {
		key: effects.replacesRejection
			? `${effects.key} ${replacing.map((part) => keyOf(assess([...effects.of(part)]))).join(";")}`
			: effects.key,
		of(instance) {
			const table = tableOf.get(instance);
			if (table === undefined) return undefined;
			const known = byTable.get(table) ?? assess([...effects.of(table)]);
			byTable.set(table, known);
			return known;
		},
	};
}

/** Equal for assessments that make the same instances candidates. */
function keyOf({ rejection, replacedFeatures }: Assessment): string {
	return rejection === undefined ? [...replacedFeatures].sort().join() : "x";
}
