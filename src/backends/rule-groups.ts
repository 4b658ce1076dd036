import { type OperationField, REQUEST_FIELDS } from "../../generated/ir/fields/operations.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import { type DropRule, type FieldRules, type FixedRule, pass, type RejectRule } from "./rules.ts";

/** The field `F` and every part of it. */
type FieldAndParts<O extends Operation, F extends string> = Extract<OperationField<O>, F | `${F}.${string}`>;

/** Entries of a table of rules that several fields share, to be spread into the table. */
export interface RuleGroups<O extends Operation> {
	/** Entries for the named fields. Parts of the fields are not included. */
	each<F extends OperationField<O>, R extends FixedRule>(fields: readonly F[], rule: R): { readonly [K in F]: R };
	/**
	 * Entries for a field and every part of it. Only for `drop` and `reject`: these treat a later part of the field in the same way.
	 */
	under<F extends OperationField<O>, R extends DropRule | RejectRule>(field: F, rule: R): { readonly [K in FieldAndParts<O, F>]: R };
}

/**
 * Returns the functions that make entries of a table for several fields at once.
 *
 * ```ts
 * const { each, under } = ruleGroups("chat_completions");
 *
 * export const RULES: FieldRules<"chat_completions"> = {
 * 	...each(["model", "messages", "messages.content"], pass),
 * 	...under("messages.content.audio", reject("the upstream takes no audio")),
 * 	// and so on
 * };
 * ```
 */
export function ruleGroups<O extends Operation>(operation: O): RuleGroups<O> {
	return {
		each: (fields, rule) => entries(fields, rule),
		under: (field, rule) => entries(partsOf(operation, field), rule),
	};
}

/** Returns a table in which every field passes. A later field passes as well, so no kind of this package uses it. */
export function allPass<O extends Operation>(operation: O): FieldRules<O> {
	return Object.fromEntries(REQUEST_FIELDS[operation].FIELDS.map((field): readonly unknown[] => [field, pass]));
}

/** Returns a field and every part of it. */
function partsOf<O extends Operation, F extends OperationField<O>>(operation: O, field: F): FieldAndParts<O, F>[] {
	const isPart = (each: string): each is FieldAndParts<O, F> => each === field || each.startsWith(`${String(field)}.`);
	const fields: readonly string[] = REQUEST_FIELDS[operation].FIELDS;
	return fields.filter(isPart);
}

function entries<F extends string, R>(fields: readonly F[], rule: R): { readonly [K in F]: R } {
	return Object.fromEntries(fields.map((field): readonly unknown[] => [field, rule]));
}
