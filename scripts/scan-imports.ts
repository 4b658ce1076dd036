/** The imports of one TypeScript or JavaScript file, found in its tokens. A parser takes about ten times as long. */
import jsTokens from "js-tokens";

export interface ImportedModule {
	/** As written, e.g. `../router/router.ts` or `undici`. */
	readonly specifier: string;
	/** `import type …` or `export type …`. A single `type` name among others does not count. */
	readonly typeOnly: boolean;
	/** Counts from 1. */
	readonly line: number;
}

interface Token {
	readonly text: string;
	readonly isString: boolean;
	readonly offset: number;
}

/** Static imports, re-exports, and dynamic imports of a literal, in the order of the text. */
export function scanImports(source: string): ImportedModule[] {
	const tokens = tokenize(source);
	const found: ImportedModule[] = [];
	let line = 1;
	let counted = 0;
	for (let at = 0; at < tokens.length; at++) {
		const token = tokens[at];
		if (token === undefined || (token.text !== "import" && token.text !== "export")) continue;
		// A member of that name, e.g. `loader.import(…)`.
		if (tokens[at - 1]?.text === ".") continue;
		const specifier = token.text === "import" ? importedBy(tokens, at + 1) : exportedFrom(tokens, at + 1);
		if (specifier === undefined) continue;
		for (; counted < token.offset; counted++) if (source.charCodeAt(counted) === 10) line++;
		found.push({ specifier, typeOnly: isTypeOnly(tokens, at + 1), line });
	}
	return found;
}

/** The specifier of `import "x"`, `import("x")` or `import … from "x"`. */
function importedBy(tokens: readonly Token[], at: number): string | undefined {
	const first = literal(tokens[at]);
	if (first !== undefined) return first;
	if (tokens[at]?.text === "(") return literal(tokens[at + 1]);
	return afterFrom(tokens, at);
}

/** The specifier of `export … from "x"`. Any other export has none. */
function exportedFrom(tokens: readonly Token[], at: number): string | undefined {
	const first = tokens[tokens[at]?.text === "type" ? at + 1 : at]?.text;
	return first === "*" || first === "{" ? afterFrom(tokens, at) : undefined;
}

/** Follows the names of an import or export to `from "x"`. A token of any other kind shows that it is neither. */
function afterFrom(tokens: readonly Token[], at: number): string | undefined {
	for (let next = at; next < tokens.length; next++) {
		const text = tokens[next]?.text ?? "";
		const specifier = text === "from" ? literal(tokens[next + 1]) : undefined;
		if (specifier !== undefined) return specifier;
		// A closed list without `from` is an export of the file's own names.
		if (text === "}" && tokens[next + 1]?.text !== "from") return undefined;
		if (!/^[\w$\u0080-\uffff*,{}"']/.test(text)) return undefined;
	}
	return undefined;
}

/** In `import type from "x"` and `import type, { a } from "x"` the word is a name. */
function isTypeOnly(tokens: readonly Token[], at: number): boolean {
	if (tokens[at]?.text !== "type") return false;
	const next = tokens[at + 1]?.text;
	return next !== "," && !(next === "from" && literal(tokens[at + 2]) !== undefined);
}

function literal(token: Token | undefined): string | undefined {
	return token?.isString ? token.text.slice(1, -1) : undefined;
}

/** All tokens but blanks and comments. Text in templates and regular expressions is part of their tokens. */
function tokenize(source: string): Token[] {
	const tokens: Token[] = [];
	let offset = 0;
	for (const { type, value } of jsTokens(source)) {
		if (!BLANK.has(type)) tokens.push({ text: value, isString: type === "StringLiteral", offset });
		offset += value.length;
	}
	return tokens;
}

const BLANK = new Set(["WhiteSpace", "LineTerminatorSequence", "SingleLineComment", "MultiLineComment"]);
