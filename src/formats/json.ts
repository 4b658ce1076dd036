/** Deepest JSON that the host reads, in levels of lists and objects. Real documents have fewer than 30; recursion needs a bound. */
export const MAX_JSON_DEPTH = 256;

/**
 * Most lists, objects and texts, names of members among them, of JSON that the host reads. Each may take 100 bytes beside its text, so that an answer of
 * 60 MB could take 2 GB and ten seconds. Numbers do not count: large embeddings consist of them.
 */
export const MAX_JSON_ITEMS = 1_000_000;

/** The error for JSON with too many lists, objects and texts. */
export class JsonSizeError extends SyntaxError {
	override readonly name = "JsonSizeError";

	constructor() {
		super(`it has more than ${MAX_JSON_ITEMS} lists, objects and texts`);
	}
}

/** The error for JSON that is nested too deeply. */
export class JsonDepthError extends SyntaxError {
	override readonly name = "JsonDepthError";

	constructor() {
		super(`it is nested deeper than ${MAX_JSON_DEPTH} levels`);
	}
}

/**
 * Parses JSON text from outside. Checks the depth before parsing: parsed values are walked by recursion, here and in `JSON.stringify`. Checks the number
 * of items, which take memory and time. A text with fewer characters than levels, such as most events of streams, needs no check.
 *
 * @throws SyntaxError for text that is not JSON.
 * @throws JsonDepthError for text that is nested deeper than {@link MAX_JSON_DEPTH} levels.
 * @throws JsonSizeError for text with more than {@link MAX_JSON_ITEMS} lists, objects and texts.
 */
export function parseJson(text: string): unknown {
	if (text.length > MAX_JSON_ITEMS || (text.length > MAX_JSON_DEPTH && mayExceedDepth(text))) checkMarks(text);
	return JSON.parse(text);
}

/** Returns the clause for a message about text that {@link parseJson} refused. `otherwise` is the clause for text that is not JSON. */
export function jsonFault(thrown: unknown, otherwise = "it is not JSON"): string {
	return thrown instanceof JsonDepthError || thrown instanceof JsonSizeError ? thrown.message : otherwise;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Reads the text once, up to the mark beyond a bound. Throws as `parseJson`. */
function checkMarks(text: string): void {
	let depth = 0;
	let items = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === 0x5d || code === 0x7d) depth--;
		else if (code === QUOTE || code === 0x5b || code === 0x7b) {
			if (code === QUOTE) at = endOfItem(text, at);
			else if (++depth > MAX_JSON_DEPTH) throw new JsonDepthError();
			if (++items > MAX_JSON_ITEMS) throw new JsonSizeError();
		}
	}
}

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

/** As `endOfString`. Texts with many escapes are read faster, and others natively as well. */
function endOfItem(text: string, start: number): number {
	const quote = text.indexOf('"', start + 1);
	if (quote === -1) return text.length;
	if (text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
	let at = start + 1;
	for (; at < text.length && text.charCodeAt(at) !== QUOTE; at++) if (text.charCodeAt(at) === BACKSLASH) at++;
	return at;
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
