/** Faults of the patterns that `@pattern` gives for texts. */
import { growthFault } from "./regexp-growth.ts";

/** Longest pattern, in characters. */
const MAX_PATTERN = 300;

/** The reason for which a pattern is no regular expression, as JSON Schema reads it. */
export function patternFault(pattern: string): string | undefined {
	try {
		new RegExp(pattern, "u");
		return undefined;
	} catch (cause) {
		return cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, "") : String(cause);
	}
}

/** The reason for which a host that checks a text of a guest might hang. */
export function slownessOf(pattern: string): string | undefined {
	if (pattern.length > MAX_PATTERN) return `it has more than ${MAX_PATTERN} characters`;
	try {
		return growthFault(new RegExp(pattern, "u"), { bounded: "loop" });
	} catch (cause) {
		return cause instanceof Error ? cause.message : String(cause);
	}
}
