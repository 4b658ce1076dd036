/** Spellings of one kebab-case WIT name in the languages we emit. */

/** `max-output-tokens` → `maxOutputTokens` (jco, QuickJS and StarlingMonkey members). */
export function camelCase(name: string): string {
	return name.replace(/-([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}

/** `json-schema-format` → `JsonSchemaFormat` (TypeScript types, resource classes). */
export function pascalCase(name: string): string {
	const camel = camelCase(name);
	return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** `max-output-tokens` → `max_output_tokens` (IR members, enum values, variant tags). */
export function snakeCase(name: string): string {
	return name.replaceAll("-", "_").toLowerCase();
}

/** `chat_completions` → `chatCompletions`. */
export function camelFromSnake(name: string): string {
	return camelCase(name.replaceAll("_", "-"));
}

/** `chat_completions` → `ChatCompletions`. */
export function pascalFromSnake(name: string): string {
	return pascalCase(name.replaceAll("_", "-"));
}
