/** Turns a parser's bare "stopped here, these tokens would have done" into a sentence and, where possible, advice. */
import { nearestName } from "../diagnostics/suggest.ts";
import type { Expectation } from "./grammar.ts";
import { KEYWORDS } from "./names.ts";
import type { Token } from "./scan.ts";

/** The place a parse stopped, among the tokens around it. */
export interface Stop {
	readonly expected: readonly Expectation[];
	/** Absent at the end of the file. */
	readonly found?: Token | undefined;
	readonly previous?: Token | undefined;
	/** True if `previous` is the first token of its item: it may be a misspelt keyword. */
	readonly previousBeginsItem: boolean;
}

export interface SyntaxMessage {
	readonly message: string;
	readonly help?: string | undefined;
}

const TYPE_TOKENS = new Set(
	("bool u8 u16 u32 u64 s8 s16 s32 s64 f32 f64 char string error-context list map option result tuple own borrow " + "stream future").split(
		" ",
	),
);
const TYPE_ITEMS = new Set("type record variant enum flags resource".split(" "));

export function syntaxMessage(stop: Stop): SyntaxMessage {
	return {
		message: `expected ${listOf(humanExpectations(stop.expected))}, found ${describe(stop.found)}`,
		help: misspeltKeyword(stop),
	};
}

function expects(stop: Pick<Stop, "expected">, kind: Expectation["kind"], text: string): boolean {
	return stop.expected.some((each) => each.kind === kind && each.text === text);
}

export function describe(token: Token | undefined): string {
	return token === undefined ? "the end of the file" : `\`${token.text}\``;
}

/** Groups of tokens that a reader thinks of as one thing are named as one thing. */
function humanExpectations(expected: readonly Expectation[]): string[] {
	const rules = new Set(expected.filter((each) => each.kind === "rule").map((each) => each.text));
	const tokens = new Set(expected.filter((each) => each.kind === "token").map((each) => each.text));
	const words: string[] = [];
	if (tokens.has("u8")) {
		words.push("a type");
		rules.delete("name");
		removeAll(tokens, TYPE_TOKENS);
	}
	if (tokens.has("world")) {
		words.push("an interface", "a world", "`use`", "a package");
		removeAll(tokens, ["world", "interface", "use", "package", "@"]);
	} else if (tokens.has("record")) {
		words.push(...(tokens.has("import") ? ["a world item"] : ["a type", "a function", "`use`"]));
		removeAll(tokens, [...TYPE_ITEMS, "import", "export", "include", "use", "@"]);
		rules.delete("name");
	} else if (tokens.has("constructor")) {
		words.push("a method", "a static function", "`constructor`");
		removeAll(tokens, ["constructor", "@"]);
		rules.delete("name");
	}
	words.push(...[...rules].map((rule) => `a ${rule}`), ...[...tokens].map((token) => `\`${token}\``));
	return words.length > 0 ? words : ["the end of the file"];
}

function removeAll(from: Set<string>, words: Iterable<string>): void {
	for (const word of words) {
		from.delete(word);
	}
}

function listOf(words: readonly string[]): string {
	return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function misspeltKeyword(stop: Stop): string | undefined {
	const { found, previous } = stop;
	const tokens = stop.expected.filter((each) => each.kind === "token" && KEYWORDS.has(each.text));
	const nearFound =
		found?.kind === "word"
			? nearestName(
					found.text,
					tokens.map((each) => each.text),
				)
			: undefined;
	if (nearFound !== undefined) {
		return `did you mean \`${nearFound}\`?`;
	}
	if (stop.previousBeginsItem && previous?.kind === "word" && expects(stop, "token", ":")) {
		const items = [...TYPE_ITEMS, "use", "import", "export", "include", "interface", "world", "package", "constructor"];
		const near = nearestName(previous.text, items);
		return near === undefined ? undefined : `did you mean \`${near}\` instead of \`${previous.text}\`?`;
	}
	return undefined;
}
