import type { FieldRule } from "../../backends/rules.ts";

/** A table of rules by the path of the field, whatever its operation is. */
export type RuleTable = Readonly<Record<string, FieldRule>>;

const idsOfTests = new WeakMap<object, number>();
let testsSeen = 0;

/** Returns a text that is equal for tables with equal rules. Conditions are equal if they use the same function. */
export function tableKey(table: RuleTable): string {
	return JSON.stringify(Object.entries(table), (_, value: unknown) => (typeof value === "function" ? idOf(value) : value));
}

function idOf(test: object): number {
	const known = idsOfTests.get(test);
	if (known !== undefined) return known;
	testsSeen += 1;
	idsOfTests.set(test, testsSeen);
	return testsSeen;
}
