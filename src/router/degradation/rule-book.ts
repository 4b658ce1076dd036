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
		const tables = new Assessments(() => new TableAssessment(policy, request.payload));
		fields[request.operation].walkFields(request.payload, (field: string, value: unknown) => {
			for (const { table, rule } of rules.watched.get(field) ?? NONE_WATCHED) tables.of(table).visit(field, rule, value);
		});
		for (const table of tables.all) table.replaceRejections(request.operation, request.payload);
		return assessmentOf(rules, tables);
	}

	/**
	 * Assesses a request that is known by the names of its fields alone. Of a conditional rule, the case without any condition applies.
	 *
	 * @param policy The policy in force.
	 */
	assessNames(operation: Operation, fields: readonly string[], policy: types.Degradation): RequestAssessment | undefined {
		const rules = this.#operations.get(operation);
		if (rules === undefined) return undefined;
		const tables = new Assessments(() => new TableAssessment(policy, {}));
		for (const field of fields) {
			for (const { table, rule } of rules.watched.get(field) ?? NONE_WATCHED) {
				tables.of(table).visit(field, possibleRules(rule).at(-1) ?? rule, undefined);
			}
		}
		return assessmentOf(rules, tables);
	}
}

const NONE_WATCHED: readonly WatchedRule[] = [];

/** The assessments of one request, created at the first field that a table treats in another way than `pass` and `map`. */
class Assessments {
	readonly #create: () => TableAssessment;
	readonly #byTable = new Map<number, TableAssessment>();

	constructor(create: () => TableAssessment) {
		this.#create = create;
	}

	/** Returns the assessment by a table. */
	of(table: number): TableAssessment {
		const known = this.#byTable.get(table);
		if (known !== undefined) return known;
		const created = this.#create();
		this.#byTable.set(table, created);
		return created;
	}

	get all(): Iterable<TableAssessment> {
		return this.#byTable.values();
	}

	/** Returns the assessment by a table, if one was created. */
	find(table: number | undefined): TableAssessment | undefined {
		return table === undefined ? undefined : this.#byTable.get(table);
	}

	/** Equal for assessments that make the instances candidates of the same requests. Empty if nothing prevents that. */
	get key(): string {
		const effects = [...this.#byTable].filter(([, { key }]) => key !== "").sort(([a], [b]) => a - b);
		return effects.map(([table, { key }]) => `${table}:${key}`).join(";");
	}
}

function assessmentOf({ tableOf }: OperationRules, tables: Assessments): RequestAssessment {
	return { key: tables.key, of: (instance) => tables.find(tableOf.get(instance)) };
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
	return { tableOf, watched };
}
