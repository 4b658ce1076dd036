import { REQUEST_FIELDS } from "../../generated/ir/fields/operations.ts";
import { type Feature, OPERATIONS, type Operation } from "../../generated/ir/operations.ts";
import { type FieldRule, type FieldRules, type FixedRule, possibleRules } from "./rules.ts";

/**
 * Returns the features that a table of rules offers: those of the operation, without the features of rejected fields. A field counts as
 * rejected if the rule rejects every value that demands the feature.
 */
export function offeredFeatures<O extends Operation>(operation: O, rules: FieldRules<O>): Feature[] {
	const missing = new Set<Feature>();
	const byField: Readonly<Record<string, FieldRule>> = rules;
	for (const { field, feature, onlyIfTrue } of REQUEST_FIELDS[operation].FEATURE_DEMANDS) {
		const rule = byField[field];
		if (rule === undefined) continue;
		const possible = onlyIfTrue ? rulesForTrue(rule) : possibleRules(rule);
		if (possible.every(({ treatment }) => treatment === "reject")) missing.add(feature);
	}
	return OPERATIONS[operation].features.filter((feature) => !missing.has(feature));
}

/** Returns every rule that the value `true` could meet. A condition on the payload is undecided. */
function rulesForTrue(rule: FieldRule): readonly FixedRule[] {
	if (!("when" in rule)) return [rule];
	if (rule.test.length > 1) return [rule.apply, ...rulesForTrue(rule.otherwise)];
	return rule.test(true, {}) ? [rule.apply] : rulesForTrue(rule.otherwise);
}
