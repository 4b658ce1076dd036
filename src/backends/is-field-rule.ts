import type { FieldRule, Treatment } from "./rules.ts";

const TREATMENTS: ReadonlySet<unknown> = new Set<Treatment>(["pass", "map", "emulate", "drop", "reject"]);

/** Most conditions of one rule. Real rules have up to four. Bounds a rule that leads back to itself. */
const MAX_CONDITIONS = 100;

/** Returns true for the rule of a field. */
export function isFieldRule(value: unknown): value is FieldRule {
	let rule = value;
	for (let conditions = 0; conditions < MAX_CONDITIONS; conditions++) {
		if (!isObject(rule)) return false;
		if (!("when" in rule)) return isFixed(rule);
		if (typeof rule.when !== "string" || typeof rule.test !== "function" || !isFixed(rule.apply)) return false;
		rule = rule.otherwise;
	}
	return false;
}

function isFixed(rule: unknown): boolean {
	if (!isObject(rule) || !TREATMENTS.has(rule.treatment)) return false;
	const { treatment, reason, lenient } = rule;
	if (treatment !== "pass" && typeof reason !== "string") return false;
	return (
		lenient === undefined ||
		(isObject(lenient) && (lenient.treatment === "emulate" || lenient.treatment === "drop") && typeof lenient.reason === "string")
	);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
