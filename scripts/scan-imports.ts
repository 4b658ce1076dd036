/**
 * The imports of one TypeScript or JavaScript file, found in its tokens. A parser takes about fifty times as long.
 *
 * Comments, strings, templates and regular expressions are tokens of their own, so text in them is never taken for an import.
 */
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
	return token !== undefined && /^["']/.test(token.text) ? token.text.slice(1, -1) : undefined;
}

const BLANK = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
/** A string, a word or number, or any other character. Beyond ASCII every character counts as part of a word. */
const TOKEN = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|[\w$#\u0080-\uffff]+|[\s\S]/y;
/** A template from its start, or from the end of a substitution, to its end or to the next substitution. */
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const REGULAR_EXPRESSION = /\/(?:[^\\/[\n]|\\.|\[(?:[^\\\]\n]|\\.)*\])+\/\w*/y;

/** All tokens but blanks and comments. A template counts as its backticks and the tokens of its substitutions. */
function tokenize(source: string): Token[] {
	const tokens: Token[] = [];
	/** For each template around this place, the braces that are open in its substitution. */
	const braces: number[] = [];
	let offset = 0;
	const take = (pattern: RegExp): RegExpExecArray | null => {
		pattern.lastIndex = offset;
		const match = pattern.exec(source);
		if (match !== null) offset = pattern.lastIndex;
		return match;
	};
	const template = (): void => {
		if (take(TEMPLATE)?.[0].endsWith("${")) braces.push(0);
	};
	for (;;) {
		take(BLANK);
		const start = offset;
		const isPattern = source[start] === "/" && startsExpression(tokens.at(-1));
		const text = ((isPattern ? take(REGULAR_EXPRESSION) : null) ?? take(TOKEN))?.[0];
		if (text === undefined) return tokens;
		tokens.push({ text, offset: start });
		const depth = braces.at(-1);
		if (text === "`") template();
		else if (depth !== undefined && text === "{") braces[braces.length - 1] = depth + 1;
		else if (depth !== undefined && text === "}") {
			braces.pop();
			if (depth > 0) braces.push(depth - 1);
			else template();
		}
	}
}

/** Words that an expression follows, so that a slash after them begins a regular expression. */
const BEFORE_EXPRESSION = new Set("await case delete do else in instanceof new of return throw typeof void yield".split(" "));

/** True if an expression begins after `previous`, so that a slash there is no division. */
function startsExpression(previous: Token | undefined): boolean {
	if (previous === undefined || BEFORE_EXPRESSION.has(previous.text)) return true;
	return !/[\w$\u0080-\uffff)\]}"'`]$/.test(previous.text);
}
