import { essenceOf } from "../../formats/media-type.ts";

/**
 * A boundary: 1 to 70 characters. RFC 2046 allows a few more characters than a token has, of which these occur.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
 */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=?!#$%&*^`{|}~ ]{0,69}[0-9A-Za-z'()+_,\-./:=?!#$%&*^`{|}~]$/;

/** Returns true if the body of a request with this `Content-Type` is a form with files. */
export function isMultipartForm(contentType: string | undefined): boolean {
	return contentType !== undefined && essenceOf(contentType) === "multipart/form-data";
}

/** Returns the boundary that a `Content-Type` names. `undefined` without a valid one, or with two. */
export function boundaryOf(contentType: string): string | undefined {
	const values = parametersOf(contentType).filter(([name]) => name === "boundary");
	const [first] = values;
	return first !== undefined && values.length === 1 && BOUNDARY.test(first[1]) ? first[1] : undefined;
}

/**
 * Returns the parameters of a header such as `form-data; name="file"`, with names in lower case, in order. A quoted value ends at the next
 * quote without a backslash before it. A malformed rest is left out.
 */
export function parametersOf(header: string): (readonly [name: string, value: string])[] {
	const found: (readonly [string, string])[] = [];
	let at = header.indexOf(";");
	while (at !== -1 && at < header.length) {
		const equals = header.indexOf("=", at);
		if (equals === -1) break;
		const name = header
			.slice(at + 1, equals)
			.trim()
			.toLowerCase();
		const start = skipSpaces(header, equals + 1);
		const { value, end } = header[start] === '"' ? quotedAt(header, start) : tokenAt(header, start);
		if (value === undefined) break;
		found.push([name, value]);
		at = header.indexOf(";", end);
	}
	return found;
}

interface Value {
	readonly value: string | undefined;
	/** Place after the value. */
	readonly end: number;
}

function tokenAt(header: string, start: number): Value {
	const semicolon = header.indexOf(";", start);
	const end = semicolon === -1 ? header.length : semicolon;
	return { value: header.slice(start, end).trim(), end };
}

/**
 * Reads a quoted value. Browsers escape a quote as `%22` and leave a backslash as it is, older clients write `\"` and `\\`. Both are read: a
 * backslash before another character stays.
 */
function quotedAt(header: string, start: number): Value {
	let value = "";
	for (let at = start + 1; at < header.length; at += 1) {
		const character = header[at];
		if (character === '"') return { value, end: at + 1 };
		const next = header[at + 1];
		if (character === "\\" && (next === '"' || next === "\\")) {
			value += next;
			at += 1;
		} else value += character;
	}
	return { value: undefined, end: header.length };
}

function skipSpaces(text: string, from: number): number {
	let at = from;
	while (text[at] === " " || text[at] === "\t") at += 1;
	return at;
}
