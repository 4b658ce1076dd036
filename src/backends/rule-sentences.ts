import type { FieldRule, FixedRule, Treatment } from "./rules.ts";

/** A treatment of a field, with the condition in words. */
export interface Case {
	/** Absent: for every value, or for all others. */
	readonly when?: string;
	readonly rule: FixedRule;
}

/** Returns the cases of a rule, in the order in which they apply. */
export function casesOf(rule: FieldRule): readonly Case[] {
	return "when" in rule ? [{ when: rule.when, rule: rule.apply }, ...casesOf(rule.otherwise)] : [{ rule }];
}

const VERBS: { readonly [T in Treatment]: string } = {
	pass: "passed",
	map: "translated",
	emulate: "emulated",
	drop: "dropped",
	reject: "rejected",
};

/**
 * Returns the given treatments of a table in sentences, such as `params.seed is dropped: the API has no seed`. Fields with the same
 * treatment share a sentence. Parts of a field with the same treatment are left out.
 */
export function ruleSentences(table: Readonly<Record<string, FieldRule>>, treatments: readonly Treatment[]): string[] {
	const fieldsOf = new Map<string, string[]>();
	for (const [field, rule] of Object.entries(table)) {
		for (const { when, rule: fixed } of casesOf(rule)) {
			if (fixed.treatment === "pass" || !treatments.includes(fixed.treatment)) continue;
			const end = `${VERBS[fixed.treatment]}: ${fixed.reason}`;
			const fields = fieldsOf.get(end) ?? [];
			fieldsOf.set(end, fields);
			if (!fields.some((other) => field.startsWith(`${other}.`))) fields.push(when === undefined ? field : `${field} ${when}`);
		}
	}
	return [...fieldsOf].map(([end, fields]) => `${enumerated(fields)} ${fields.length === 1 ? "is" : "are"} ${end}`);
}

function enumerated(fields: readonly string[]): string {
	return fields.length < 2 ? fields.join("") : `${fields.slice(0, -1).join(", ")} and ${fields.at(-1)}`;
}
