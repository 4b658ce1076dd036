/** Deepest JSON that the host reads, in levels of lists and objects. Real documents have fewer than 30; recursion needs a bound. */
export const MAX_JSON_DEPTH = 256;

/** The error for JSON that is nested too deeply. */
export class JsonDepthError extends SyntaxError {
	override readonly name = "JsonDepthError";

	constructor() {
		super(`it is nested deeper than ${MAX_JSON_DEPTH} levels`);
	}
}

/**
 * Parses JSON text from outside. Checks the depth before parsing: parsed values are walked by recursion, here and in `JSON.stringify`. A text
 * with fewer characters than levels, such as most events of streams, needs no check.
 *
 * @throws SyntaxError for text that is not JSON.
 * @throws JsonDepthError for text that is nested deeper than {@link MAX_JSON_DEPTH} levels.
 */
export function parseJson(text: string): unknown {
	if (text.length > MAX_JSON_DEPTH && mayExceedDepth(text) && exceedsDepth(text, MAX_JSON_DEPTH)) throw new JsonDepthError();
	return JSON.parse(text);
}

/** Returns the clause for a message about text that {@link parseJson} refused. `otherwise` is the clause for text that is not JSON. */
export function jsonFault(thrown: unknown, otherwise = "it is not JSON"): string {
	return thrown instanceof JsonDepthError ? thrown.message : otherwise;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Returns false for a text with at most {@link MAX_JSON_DEPTH} opening brackets. Finds them natively: long lists of numbers have few. */
function mayExceedDepth(text: string): boolean {
	let brackets = 0;
	for (const bracket of ["{", "["]) {
		for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
			if (++brackets > MAX_JSON_DEPTH) return true;
		}
	}
	return false;
}

/** Returns true if a text opens more than `max` brackets at once. Reads the text once, and stops at the bracket beyond the bound. */
export function exceedsDepth(text: string, max: number): boolean {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			at = endOfString(text, at);
		} else if (code === 0x5b || code === 0x7b) {
			if (++depth > max) return true;
		} else if (code === 0x5d || code === 0x7d) depth--;
	}
	return false;
}

/** Returns true if a text opens more brackets and has more commas than `max`: at least as many as it has values. Reads the text up to there. */
export function exceedsMarks(text: string, max: number): boolean {
	if (text.length <= max) return false;
	let marks = 0;
	for (let at = 0; at < text.length && marks <= max; at++) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) at = endOfString(text, at);
		else if (code === 0x5b || code === 0x7b || code === 0x2c) marks++;
	}
	return marks > max;
}

/** Returns the offset of the quote that closes the string at `start`, or of the end of the text. Skips long strings, such as images in base64, natively. */
export function endOfString(text: string, start: number): number {
	for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
		let backslashes = 0;
		while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
		if (backslashes % 2 === 0) return at;
	}
	return text.length;
}
