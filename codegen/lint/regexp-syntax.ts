/** A regular expression as a tree, as far as its cost depends on it. */
export type Pattern =
	/** A character of a set, as it is written: `a`, `\d`, `[^"]`, `.`. */
	| { readonly kind: "character"; readonly source: string }
	/** A place that may refuse to match and reads nothing: `$`, `\b`, a look-around, and a back-reference, which may be empty. */
	| { readonly kind: "guard" }
	/** `^` */
	| { readonly kind: "begin" }
	/** The text of a look-ahead. What follows reads the same text again. */
	| { readonly kind: "ahead"; readonly body: Pattern }
	| { readonly kind: "sequence"; readonly items: readonly Pattern[] }
	| { readonly kind: "choice"; readonly items: readonly Pattern[] }
	| { readonly kind: "repeat"; readonly body: Pattern; readonly min: number; readonly max: number };

const QUANTIFIER = /[*+?]\??|\{(\d+)(,?)(\d*)\}\??/y;
const ATOM = /\[(?:[^\]\\]|\\.)*\]|\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|c[a-z]|[pP]\{[^}]*\}|.)|[^\\]/isuy;
const GROUP = /\((?:\?(?:<(?![=!])[^>]*>|<?[:=!]))?/y;

/** Parses the source of a regular expression that JavaScript accepts, without the flag `v`. */
export function parsePattern(source: string): Pattern {
	let at = 0;
	const match = (pattern: RegExp): RegExpExecArray | undefined => {
		pattern.lastIndex = at;
		const found = pattern.exec(source) ?? undefined;
		at += found?.[0].length ?? 0;
		return found;
	};

	const choice = (): Pattern => {
		const items = [sequence()];
		while (source[at] === "|") {
			at += 1;
			items.push(sequence());
		}
		const [only] = items;
		return items.length === 1 && only !== undefined ? only : { kind: "choice", items };
	};

	const sequence = (): Pattern => {
		const items: Pattern[] = [];
		while (at < source.length && source[at] !== "|" && source[at] !== ")") {
			const body = atom();
			const found = match(QUANTIFIER);
			items.push(found === undefined ? body : { kind: "repeat", body, ...bounds(found) });
		}
		return { kind: "sequence", items };
	};

	const atom = (): Pattern => {
		if (source[at] === "(") {
			const kind = match(GROUP)?.[0] ?? "";
			const body = choice();
			at += 1; // the closing bracket
			if (kind.startsWith("(?<=") || kind.startsWith("(?<!")) throw new Error(`a look-behind is not supported: ${source}`);
			return kind === "(?=" || kind === "(?!" ? { kind: "ahead", body } : body;
		}
		const text = match(ATOM)?.[0] ?? "";
		if (text === "^") return { kind: "begin" };
		if (text === "$" || /^\\(?:[bB1-9]|k)/.test(text)) return { kind: "guard" };
		return { kind: "character", source: text };
	};

	const whole = choice();
	if (at !== source.length) throw new Error(`unexpected ${source[at]} at ${at} of ${source}`);
	return whole;
}

function bounds([text, least = "", comma, most = ""]: RegExpExecArray): { min: number; max: number } {
	if (text.startsWith("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
	if (text.startsWith("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
	if (text.startsWith("?")) return { min: 0, max: 1 };
	return { min: Number(least), max: comma === "" ? Number(least) : most === "" ? Number.POSITIVE_INFINITY : Number(most) };
}
