/**
 * Spellings of one kebab-case WIT name in the languages we emit. Names for JavaScript are spelt as the official tools spell them: the case
 * of a word in WIT does not matter, so `get-URL` is `getUrl`.
 */

/** A run asks ten thousand times for a few hundred names. */
const camelCased = new Map<string, string>();

/** `max-output-tokens` → `maxOutputTokens` (jco, QuickJS and StarlingMonkey members). */
export function camelCase(name: string): string {
	const known = camelCased.get(name);
	if (known !== undefined) return known;
	const [first = "", ...others] = name.toLowerCase().split("-");
	const spelt = first + others.map(capitalized).join("");
	camelCased.set(name, spelt);
	return spelt;
}

/** `json-schema-format` → `JsonSchemaFormat` (TypeScript types, resource classes). */
export function pascalCase(name: string): string {
	return capitalized(camelCase(name));
}

/** `max-output-tokens` → `max_output_tokens` (IR members, enum values, variant tags). */
export function snakeCase(name: string): string {
	return name.replaceAll("-", "_").toLowerCase();
}

/** `max-output-tokens` → `MAX_OUTPUT_TOKENS` (constants). */
export function constantCase(name: string): string {
	return snakeCase(name).toUpperCase();
}

/** `JsonSchemaFormat` → `json-schema-format`, for messages. */
export function kebabCase(name: string): string {
	return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}

/** `chat_completions` → `chatCompletions`. */
export function camelFromSnake(name: string): string {
	return camelCase(name.replaceAll("_", "-"));
}

/** `chat_completions` → `ChatCompletions`. */
export function pascalFromSnake(name: string): string {
	return pascalCase(name.replaceAll("_", "-"));
}

function capitalized(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}
