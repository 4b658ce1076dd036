/** Other formats of a file, by a pattern of its name and of the beginning of its text. */
const OTHER_FORMATS: readonly { readonly format: string; readonly name: RegExp; readonly text: RegExp }[] = [
	{ format: "JSON", name: /\.jsonc?$/i, text: /^\s{0,64}\{/ },
	{ format: "YAML", name: /\.ya?ml$/i, text: /^(?:---|[A-Za-z_]{1,64}:(?:\s|$))/ },
	{ format: "a WebAssembly component", name: /\.wasm$/i, text: /^\0asm/ },
];

/** Returns a hint for a text that looks like another format than TOML, or an empty text. */
export function wrongFormat(text: string, source: string): string {
	const beginning = text.slice(0, 256);
	const other = OTHER_FORMATS.find((each) => each.name.test(source)) ?? OTHER_FORMATS.find((each) => each.text.test(beginning));
	if (other !== undefined) return `; this looks like ${other.format}, and a configuration is TOML`;
	return beginning.includes("\0") ? "; this is no text, and a configuration is TOML" : "";
}

/** Hints for messages of the TOML parser. */
const SYNTAX_HINTS: readonly (readonly [message: RegExp, hint: string])[] = [
	[/redefine/, "a table or key may be written only once"],
	[/numeric literal|leading zero|invalid value/, "text needs quotes, and a duration is a whole number"],
	[/control characters are not allowed in strings/, "the text may lack its closing quote"],
];

/** Returns a hint for a message of the TOML parser, or an empty text. */
export function syntaxHint(message: string): string {
	const hint = SYNTAX_HINTS.find(([pattern]) => pattern.test(message))?.[1];
	return hint === undefined ? "" : `; ${hint}`;
}
