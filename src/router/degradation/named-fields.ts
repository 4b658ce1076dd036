import { REQUEST_FIELDS } from "../../../generated/ir/fields/operations.ts";
import type { Feature, Operation } from "../../../generated/ir/operations.ts";
import type { Assessment } from "./assessment.ts";
import type { Effect } from "./effects.ts";

/**
 * Returns an assessment with the features that need not be offered, for a request that is known by the names of its fields. As for a whole
 * request, a feature is replaced unless a field needs the feature that is neither replaced nor part of a dropped field.
 *
 * @param effects The effects of the table's rules on the fields.
 */
export function withReplacedNames(
	{ operation, fields }: { readonly operation: Operation; readonly fields: readonly string[] },
	effects: readonly Effect[],
	assessment: Assessment,
): Assessment {
	const replaced = effects.filter(({ outcome }) => outcome.effect !== "rejected" && outcome.replacesRejection);
	if (assessment.rejection !== undefined || replaced.length === 0) return assessment;
	const isReplaced = (name: string): boolean =>
		replaced.some(({ field, outcome }) => name === field || (outcome.effect === "dropped" && name.startsWith(`${field}.`)));
	const needed = featuresOf(
		operation,
		fields.filter((name) => !isReplaced(name)),
	);
	return { ...assessment, replacedFeatures: featuresOf(operation, fields).difference(needed) };
}

/** Returns the features that a backend must offer for fields. */
function featuresOf(operation: Operation, fields: readonly string[]): Set<Feature> {
	const rows = REQUEST_FIELDS[operation].FEATURE_DEMANDS.filter(({ field }) => fields.includes(field));
	return new Set(rows.map(({ feature }) => feature));
}
