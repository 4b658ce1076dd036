import type { DiscoveredModel } from "../../backends/discovery.ts";
import { closest } from "../../config/did-you-mean.ts";
import { isPattern } from "../../models/model-pattern.ts";

/** Most models that a message names. */
const MAX_NAMED = 5;

/**
 * Returns the fault of configured models that an upstream does not list, as a line; `undefined` if it lists all of them. Patterns are not
 * compared.
 *
 * @param configured The upstream's names.
 */
export function unknownModels(configured: readonly string[], listed: readonly DiscoveredModel[]): string | undefined {
	const names = new Set(listed.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
	const missing = configured.filter((name) => !isPattern(name) && !names.has(name) && !names.has(withoutVariant(name)));
	const [first] = missing;
	if (first === undefined) return undefined;
	const suggestion = closest(first, [...names]);
	const more = missing.length > MAX_NAMED ? `, and ${missing.length - MAX_NAMED} more` : "";
	const quoted = missing.slice(0, MAX_NAMED).map((name) => `"${name}"`);
	return `the upstream does not list ${quoted.join(", ")}${more}${suggestion === undefined ? "" : `; did you mean "${suggestion}"?`}`;
}

/** Returns a name without its last part after a colon: OpenRouter accepts variants such as `:nitro`, and lists none of them. */
function withoutVariant(name: string): string {
	const end = name.lastIndexOf(":");
	return end === -1 ? name : name.slice(0, end);
}
