import type { OperationFields } from "../../generated/ir/fields/operations.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";

/**
 * Treatment of one field of a request by a backend:
 *
 * - `pass`: sent as it is, at most under another name.
 * - `map`: translated. The upstream receives the same meaning in another form.
 * - `emulate`: imitated by other means, which may do less than the upstream's own function would.
 * - `drop`: left out. The upstream answers as if the field were absent.
 * - `reject`: refused. The router passes over the instance, and the backend refuses the request if it arrives all the same.
 */
export type Treatment = FixedRule["treatment"];

export interface PassRule {
	readonly treatment: "pass";
}

export interface MapRule {
	readonly treatment: "map";
	/** The translation, such as `sent as a message of the role developer`. */
	readonly reason: string;
}

export interface EmulateRule {
	readonly treatment: "emulate";
	/** The imitation, such as `merged into the first user message`. */
	readonly reason: string;
}

export interface DropRule {
	readonly treatment: "drop";
	/** The reason, such as `the upstream has no penalties`. */
	readonly reason: string;
}

export interface RejectRule {
	readonly treatment: "reject";
	/** The reason, such as `the upstream takes no audio`. */
	readonly reason: string;
	/** Treatment in place of the rejection if the policy is `lenient`. Absent: `lenient` rejects as well. */
	readonly lenient?: EmulateRule | DropRule;
}

/** A rule for every value of a field. */
export type FixedRule = PassRule | MapRule | EmulateRule | DropRule | RejectRule;

/** A rule that depends on the value of a field, or on other fields of the request. */
export interface ConditionalRule<T, P = unknown> {
	/** The condition in words, for the documentation, written behind the name of the field, such as `above 1`. */
	readonly when: string;
	/** True if `apply` applies to a value in a payload. */
	test(value: T, payload: P): boolean;
	readonly apply: FixedRule;
	/** The rule for all other values. */
	readonly otherwise: FieldRule<T, P>;
}

/** Declares the treatment of one field. `T` is the type of its values, `P` the type of the payload. */
export type FieldRule<T = unknown, P = unknown> = FixedRule | ConditionalRule<T, P>;

/** Declares the treatment of every field of an operation's request. A missing entry does not compile. */
export type FieldRules<O extends Operation = Operation> = {
	readonly [Q in O]: { readonly [F in keyof OperationFields[Q]]: FieldRule<OperationFields[Q][F], OperationMap[Q]["payload"]> };
}[O];

/** Sent as it is. */
export const pass: PassRule = { treatment: "pass" };

/** Translated without loss. */
export function map(reason: string): MapRule {
	return { treatment: "map", reason };
}

/** Imitated by other means. */
export function emulate(reason: string): EmulateRule {
	return { treatment: "emulate", reason };
}

/** Left out. */
export function drop(reason: string): DropRule {
	return { treatment: "drop", reason };
}

/** Refused. `lenient` is the treatment in place of the rejection if the policy is `lenient`. */
export function reject(reason: string, options: Pick<RejectRule, "lenient"> = {}): RejectRule {
	return { treatment: "reject", reason, ...options };
}

/**
 * A rule for the values that pass a test, and a rule for all others. The default for others is `pass`.
 *
 * ```ts
 * "params.temperature": when("above 1", (value) => value > 1, emulate("sent as 1")),
 * ```
 */
export function when<T, P = unknown>(
	words: string,
	test: (value: T, payload: P) => boolean,
	apply: FixedRule,
	otherwise: FieldRule<T, P> = pass,
): ConditionalRule<T, P> {
	return { when: words, test, apply, otherwise };
}

/** Returns the rule that applies to a value in a payload. */
export function ruleFor<T, P>(rule: FieldRule<T, P>, value: T, payload: P): FixedRule {
	let current = rule;
	while ("when" in current) current = current.test(value, payload) ? current.apply : current.otherwise;
	return current;
}

/** Returns every rule that some value could meet. */
export function possibleRules<T, P>(rule: FieldRule<T, P>): readonly FixedRule[] {
	return "when" in rule ? [rule.apply, ...possibleRules(rule.otherwise)] : [rule];
}
