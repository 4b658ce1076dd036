/** Receives a character that an escape stands for, and the position after the escape. */
export type OnCharacter = (code: number, next: number) => void;

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const PLUS = 0x2b;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Codes of the characters that escapes begin with. */
export const ESCAPE_STARTS: ReadonlySet<number> = new Set([PERCENT, AMPERSAND, PLUS, BACKSLASH]);

/** Breaks of a line, as characters and as escapes of JSON, with the space that a header's folded line begins with. Nothing else divides a key. */
const LINE_BREAK = /(?:\r|\n|\\{1,4}[rn]){1,4}[ \t]{0,8}/y;

/** Named entities of HTML that stand for ASCII characters of keys. */
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Passes on each character that an escape at this position may stand for: percent-encoding, also twice; `+` of forms; escapes of JSON,
 * also within a JSON string; entities of HTML. Every pattern is bounded.
 */
export function readEscapes(text: string, at: number, onCharacter: OnCharacter): void {
	switch (text.charCodeAt(at)) {
		case PERCENT: {
			const [once, twice] = [/%([0-9a-f]{2})/iy, /%25([0-9a-f]{2})/iy].map((pattern) => matchAt(pattern, text, at));
			if (once !== undefined) onCharacter(Number.parseInt(once[1] ?? "", 16), at + once[0].length);
			if (twice !== undefined) onCharacter(Number.parseInt(twice[1] ?? "", 16), at + twice[0].length);
			return;
		}
		case PLUS:
			onCharacter(BLANK, at + 1);
			return;
		case AMPERSAND: {
			const found = matchAt(/&(?:#x0{0,4}([0-9a-f]{1,4})|#0{0,4}(\d{1,5})|([a-z]{2,4}));/iy, text, at);
			if (found === undefined) return;
			const [whole, hex, decimal, name = ""] = found;
			const named = Object.hasOwn(ENTITIES, name.toLowerCase()) ? ENTITIES[name.toLowerCase()] : undefined;
			const code = hex !== undefined ? Number.parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : named?.charCodeAt(0);
			if (code !== undefined) onCharacter(code, at + whole.length);
			return;
		}
		case BACKSLASH: {
			const unicode = matchAt(/\\{1,7}u([0-9a-f]{4})/iy, text, at);
			if (unicode !== undefined) onCharacter(Number.parseInt(unicode[1] ?? "", 16), at + unicode[0].length);
			const punctuation = matchAt(/\\{1,7}(["'/])/y, text, at);
			if (punctuation !== undefined) onCharacter(punctuation[1]?.charCodeAt(0) ?? 0, at + punctuation[0].length);
			for (const length of [2, 4]) if (text.startsWith("\\".repeat(length), at)) onCharacter(BACKSLASH, at + length);
		}
	}
}

/** Returns the position after a break of a line. `undefined` if there is none at this position. */
export function afterLineBreak(text: string, at: number): number | undefined {
	const code = text.charCodeAt(at);
	if (code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== BACKSLASH) return undefined;
	const found = matchAt(LINE_BREAK, text, at);
	return found === undefined ? undefined : at + found[0].length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
	pattern.lastIndex = at;
	return pattern.exec(text) ?? undefined;
}
