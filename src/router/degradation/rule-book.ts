import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import { REQUEST_FIELDS, type RequestFields } from "../../../generated/ir/fields/operations.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { type FieldRule, possibleRules } from "../../backends/rules.ts";
import type { Instance } from "../instances/instance.ts";
import { type Assessment, TableAssessment } from "./assessment.ts";
import { tableKey } from "./rule-table.ts";

/** The treatment of one request by the instances, by their tables of rules. */
export interface RequestAssessment {
	/** Equal for requests that the same instances can serve, as far as rules decide. */
	readonly key: string;
	/** Returns the treatment by an instance. `undefined` if it sends every field. */
	of(instance: Instance): Assessment | undefined;
}

/** A rule of one of the tables of an operation. */
interface WatchedRule {
	/** Index of the table. */
	readonly table: number;
	readonly rule: FieldRule;
}

/** The tables of rules of one operation. */
interface OperationRules {
	readonly tables: number;
	/** Index of the table of each instance. */
	readonly tableOf: ReadonlyMap<Instance, number>;
	/** Rules that are not always `pass` or `map`, by field. */
	readonly watched: ReadonlyMap<string, readonly WatchedRule[]>;
}

/**
 * The tables of rules of all instances. A request is assessed once for each distinct table of its operation, in one walk over its fields.
 */
export class RuleBook {
	readonly #operations = new Map<Operation, OperationRules>();

	constructor(instances: readonly Instance[]) {
		const operations = new Set(instances.flatMap((instance) => [...instance.operations.keys()]));
		for (const operation of operations) {
			const rules = rulesOf(instances, operation);
			if (rules.watched.size > 0) this.#operations.set(operation, rules);
		}
	}

	/**
	 * Assesses a request. `undefined` if every instance sends every field of every request of the operation.
	 *
	 * @param policy The policy in force.
	 */
	assess<O extends Operation>(request: RequestEnvelope<O>, policy: types.Degradation): RequestAssessment | undefined {
		const rules = this.#operations.get(request.operation);
		if (rules === undefined) return undefined;
		const fields: { readonly [P in Operation]: RequestFields<P> } = REQUEST_FIELDS;
		const tables = Array.from({ length: rules.tables }, () => new TableAssessment(policy, request.payload));
		fields[request.operation].walkFields(request.payload, (field: string, value: unknown) => {
			for (const { table, rule } of rules.watched.get(field) ?? []) tables[table]?.visit(field, rule, value);
		});
		for (const table of tables) table.replaceRejections(request.operation, request.payload);
		return assessmentOf(rules, tables);
	}

	/**
	 * Assesses a request that is known by the names of its fields alone. Of a conditional rule, the case without any condition applies.
	 *
	 * @param policy The policy in force.
	 */
	assessNames(operation: Operation, fields: readonly string[], policy: types.Degradation): RequestAssessment | undefined {
		const rules = this.#operations.get(operation);
		if (rules === undefined || fields.length === 0) return undefined;
		const tables = Array.from({ length: rules.tables }, () => new TableAssessment(policy, {}));
		for (const field of fields) {
			for (const { table, rule } of rules.watched.get(field) ?? []) {
				tables[table]?.visit(field, possibleRules(rule).at(-1) ?? rule, undefined);
			}
		}
		return assessmentOf(rules, tables);
	}
}

function assessmentOf({ tableOf }: OperationRules, tables: readonly TableAssessment[]): RequestAssessment {
	return {
		key: tables.every(({ key }) => key === "") ? "" : tables.map(({ key }) => key).join(";"),
		of: (instance) => tables[tableOf.get(instance) ?? -1],
	};
}

/** Collects the distinct tables of the instances that serve an operation. */
function rulesOf(instances: readonly Instance[], operation: Operation): OperationRules {
	const indexes = new Map<string, number>();
	const tableOf = new Map<Instance, number>();
	const watched = new Map<string, WatchedRule[]>();
	for (const instance of instances) {
		const table = instance.operations.get(operation)?.rules;
		if (table === undefined) continue;
		const key = tableKey(table);
		const known = indexes.get(key);
		const index = known ?? indexes.size;
		indexes.set(key, index);
		tableOf.set(instance, index);
		if (known !== undefined) continue;
		for (const [field, rule] of Object.entries(table)) {
			if (possibleRules(rule).every(({ treatment }) => treatment === "pass" || treatment === "map")) continue;
			watched.set(field, [...(watched.get(field) ?? []), { table: index, rule }]);
		}
	}
	return { tables: indexes.size, tableOf, watched };
}
