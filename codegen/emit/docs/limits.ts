/** Constraints and default of a field, in words. */
import { constraintsOf } from "../../model/abi.ts";
import type { Field } from "../../model/model.ts";

export interface Limit {
	readonly words: string;
	/** A value as the WIT writes it. */
	readonly code?: string;
}

export function limitsOf(field: Field): Limit[] {
	const { integer, minimum, maximum, minItems, maxItems, pattern, default: preset } = constraintsOf(field);
	return [
		...(integer === true ? [{ words: "whole number" }] : []),
		...between(minimum, maximum),
		...between(minItems, maxItems, "item"),
		...(pattern === undefined ? [] : [{ words: "matches", code: pattern }]),
		...(preset === undefined ? [] : [{ words: "default", code: preset }]),
	];
}

function between(low: number | undefined, high: number | undefined, unit?: string): Limit[] {
	const count = (value: number): string => (unit === undefined ? String(value) : `${value} ${unit}${value === 1 ? "" : "s"}`);
	if (low !== undefined && high !== undefined) return [{ words: `${low} to ${count(high)}` }];
	if (low !== undefined) return [{ words: `at least ${count(low)}` }];
	return high === undefined ? [] : [{ words: `at most ${count(high)}` }];
}
