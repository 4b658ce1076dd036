import type { JsonValue } from "../../../../generated/ir/json.ts";

/** Longest value that a description repeats, in characters of JSON. A longer one would cost more of the model's attention than it gives. */
const MAX_VALUE = 400;

/**
 * Returns a description that states keywords which the dialect lacks. Models follow such hints often, but not always.
 *
 * @param description The schema's own description. Absent: none.
 */
export function describe(description: JsonValue | undefined, keywords: readonly (readonly [string, JsonValue])[]): string | undefined {
	const hints = keywords.flatMap(([keyword, value]) => {
		const text = JSON.stringify(value);
		return text.length > MAX_VALUE ? [] : [`${keyword}: ${text}`];
	});
	const own = typeof description === "string" ? description : undefined;
	if (hints.length === 0) return own;
	return `${own === undefined || own === "" ? "" : `${own}\n\n`}JSON Schema: ${hints.join(", ")}`;
}
