import { REQUEST_FIELDS } from "../../../generated/ir/fields/operations.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import { type FieldRule, type FixedRule, possibleRules } from "../../backends/rules.ts";
import type { Instance } from "../instances/instance.ts";

/** A rule of one field that is not always `pass` or `map`. Instances with an equal rule for the field share it. */
export interface IndexedRule {
	/** Id of the first case. The further cases have the next ids. */
	readonly firstCase: number;
	/** The cases in the order in which they apply. */
	readonly cases: readonly FixedRule[];
	readonly rule: FieldRule;
}

/** The rules of one instance, by field. Fields that are always passed or mapped have no entry. */
export type IndexedTable = ReadonlyMap<string, IndexedRule>;

/** The rules of all instances for one operation. */
export interface RuleIndex {
	/** The distinct rules of each field. */
	readonly rulesOf: ReadonlyMap<string, readonly IndexedRule[]>;
	readonly tableOf: ReadonlyMap<Instance, IndexedTable>;
	/** The distinct parts of the tables that decide on replaced rejections. Few, also with many different tables. */
	readonly replacing: readonly IndexedTable[];
}

/** Returns the index of an operation. Equal tables are one, so that the cost of a request does not grow with the number of instances. */
export function indexRules(instances: readonly Instance[], operation: Operation): RuleIndex {
	const rules = new Map<string, IndexedRule>();
	const tables = new Map<string, IndexedTable>();
	const rulesOf = new Map<string, IndexedRule[]>();
	const tableOf = new Map<Instance, IndexedTable>();
	let cases = 0;
	for (const instance of instances) {
		const table = new Map<string, IndexedRule>();
		for (const [field, rule] of Object.entries(instance.operations.get(operation)?.rules ?? {})) {
			const possible = possibleRules(rule);
			if (possible.every(({ treatment }) => treatment === "pass" || treatment === "map")) continue;
			const key = `${field} ${ruleKey(rule)}`;
			const known = rules.get(key);
			const indexed = known ?? { firstCase: cases, cases: possible, rule };
			table.set(field, indexed);
			if (known !== undefined) continue;
			cases += possible.length;
			rules.set(key, indexed);
			rulesOf.set(field, [...(rulesOf.get(field) ?? []), indexed]);
		}
		const key = [...table.values()].map(({ firstCase }) => firstCase).join();
		const shared = tables.get(key) ?? table;
		tables.set(key, shared);
		tableOf.set(instance, shared);
	}
	return { rulesOf, tableOf, replacing: replacingParts(tables.values(), operation) };
}

/** Returns the distinct parts of tables with rules that may replace a rejection, or drop a field around others. */
function replacingParts(tables: Iterable<IndexedTable>, operation: Operation): readonly IndexedTable[] {
	const fields: readonly string[] = REQUEST_FIELDS[operation].FIELDS;
	const withParts = new Set(fields.filter((field) => fields.some((other) => other.startsWith(`${field}.`))));
	const parts = new Map<string, IndexedTable>();
	for (const table of tables) {
		const part = [...table].filter(([field, { cases }]) => withParts.has(field) || cases.some(isReplaceable));
		parts.set(part.map(([, { firstCase }]) => firstCase).join(), new Map(part));
	}
	return [...parts.values()];
}

function isReplaceable(rule: FixedRule): boolean {
	return rule.treatment === "reject" && rule.lenient !== undefined;
}

/** Returns true if a case belongs to the rule of a table for a field. */
export function hasCase(table: IndexedTable, field: string, id: number): boolean {
	const rule = table.get(field);
	return rule !== undefined && id >= rule.firstCase && id < rule.firstCase + rule.cases.length;
}

/** Returns the index of the case that applies to a value in a payload. */
export function caseOf(rule: FieldRule, value: unknown, payload: unknown): number {
	let index = 0;
	for (let current = rule; "when" in current && !current.test(value, payload); current = current.otherwise) index += 1;
	return index;
}

const idsOfTests = new WeakMap<object, number>();
let testsSeen = 0;

/** Returns a text that is equal for equal rules. Conditions are equal if they use the same function. */
function ruleKey(rule: FieldRule): string {
	return JSON.stringify(rule, (_, value: unknown) => (typeof value === "function" ? idOf(value) : value));
}

function idOf(test: object): number {
	const known = idsOfTests.get(test);
	if (known !== undefined) return known;
	testsSeen += 1;
	idsOfTests.set(test, testsSeen);
	return testsSeen;
}
