import { shorten } from "../formats/shorten.ts";

/**
 * Returns the first fault of an SSML document, or `undefined` for a valid one. The document must be well-formed XML with the root
 * `speak`, and must not have a document type declaration. Otherwise an upstream could be made to expand entities. The elements are not
 * checked, because backends support different ones.
 *
 * @see https://www.w3.org/TR/speech-synthesis11/#S2.1
 * @see https://www.w3.org/TR/xml/#sec-well-formed
 */
export function ssmlFault(text: string): string | undefined {
	try {
		new Reader(text).document();
		return undefined;
	} catch (thrown) {
		if (thrown instanceof XmlFault) return thrown.message;
		throw thrown;
	}
}

class XmlFault extends Error {}

const NAME = "[A-Za-z_:\\u00c0-\\u{10ffff}][\\w:.\\u00b7-\\u{10ffff}-]*";
/**
 * White space of XML. `\s` matches more, and shares characters with NAME: a text of those would be divided in every way.
 *
 * @see https://www.w3.org/TR/xml/#NT-S
 */
const S = "[ \\t\\r\\n]";
const ATTRIBUTE = new RegExp(`${S}+(${NAME})${S}*=${S}*(?:"([^<"]*)"|'([^<']*)')`, "uy");
const START = new RegExp(`<(${NAME})`, "uy");
const START_END = /[ \t\r\n]*(\/?)>/y;
const END = new RegExp(`</(${NAME})${S}*>`, "uy");
const TEXT = /[^<]+/y;
const SPACE = /[ \t\r\n]+/y;
const COMMENT = /<!--([\s\S]*?)-->/y;
const CDATA = /<!\[CDATA\[[\s\S]*?\]\]>/y;
/** @see https://www.w3.org/TR/xml/#NT-XMLDecl */
const DECLARATION =
	/<\?xml\s+version\s*=\s*(["'])1\.[0-9]+\1(?:\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>/y;
const INSTRUCTION = new RegExp(`<\\?(?!xml[ \\t\\r\\n?])${NAME}(?:${S}[\\s\\S]*?)?\\?>`, "uiy");
/** An `&` that begins neither a predefined entity nor a character reference. */
const BARE_AMPERSAND = /&(?!(?:lt|gt|amp|apos|quot|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/;
const CHARACTER_REFERENCE = /&#(?:([0-9]+)|x([0-9A-Fa-f]+));/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML allows no other control characters
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

class Reader {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	document(): void {
		if (!this.#text.isWellFormed() || NO_CHARACTER.test(this.#text)) throw new XmlFault("contains a character that XML does not allow");
		this.#take(DECLARATION);
		this.#misc();
		const root = this.#startTag();
		if (root === undefined) throw this.#fault("an SSML document begins with its root element <speak>");
		if (root.name !== "speak") throw this.#fault(`the root element of an SSML document is <speak>, not <${shortened(root.name)}>`);
		if (!root.empty) this.#content(root.name);
		this.#misc();
		if (this.#at < this.#text.length) throw this.#fault("nothing may follow </speak>");
	}

	/** Reads white space, comments and processing instructions before or after the root. */
	#misc(): void {
		while (this.#take(SPACE) !== undefined || this.#commentOrInstruction()) {}
		if (this.#text.startsWith("<!DOCTYPE", this.#at)) throw this.#fault("a document type declaration is not allowed");
	}

	/** Reads up to the end tag of the root. Open elements are a list, so that deep nesting cannot exhaust the stack. */
	#content(root: string): void {
		const open = [root];
		while (open.length > 0) {
			const end = this.#take(END);
			if (end !== undefined) {
				const expected = open.pop();
				if (end[1] !== expected) throw this.#fault(`</${shortened(end[1])}> closes <${shortened(expected)}>`);
				continue;
			}
			const text = this.#take(TEXT);
			if (text !== undefined) {
				this.#checkText(text[0]);
				if (text[0].includes("]]>")) throw this.#fault("]]> is not allowed in text");
				continue;
			}
			if (this.#commentOrInstruction() || this.#take(CDATA) !== undefined) continue;
			const start = this.#startTag();
			if (start === undefined)
				throw this.#fault(this.#at < this.#text.length ? "malformed XML" : `<${shortened(open.at(-1))}> is never closed`);
			if (!start.empty) open.push(start.name);
		}
	}

	/** Reads a comment or a processing instruction. Returns false if there is none. */
	#commentOrInstruction(): boolean {
		const comment = this.#take(COMMENT);
		if (/--|-$/.test(comment?.[1] ?? "")) throw this.#fault("-- is not allowed in a comment");
		return comment !== undefined || this.#take(INSTRUCTION) !== undefined;
	}

	#startTag(): { readonly name: string; readonly empty: boolean } | undefined {
		const [, name] = this.#take(START) ?? [];
		if (name === undefined) return undefined;
		const seen = new Set<string>();
		for (let match = this.#take(ATTRIBUTE); match !== undefined; match = this.#take(ATTRIBUTE)) {
			const [, attribute = "", double, single] = match;
			if (seen.has(attribute)) throw this.#fault(`<${shortened(name)}> has the attribute ${shortened(attribute)} twice`);
			seen.add(attribute);
			this.#checkText(double ?? single ?? "");
		}
		const end = this.#take(START_END);
		if (end === undefined) throw this.#fault(`the tag <${shortened(name)}> is malformed`);
		return { name, empty: end[1] === "/" };
	}

	#checkText(text: string): void {
		const bare = BARE_AMPERSAND.exec(text);
		if (bare !== null) throw this.#fault("an & begins neither a predefined entity nor a character reference; write &amp;");
		for (const [reference, decimal, hexadecimal] of text.matchAll(CHARACTER_REFERENCE)) {
			const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
			if (!isCharacter(code)) throw this.#fault(`${reference} refers to a character that XML does not allow`);
		}
	}

	/** Reads the text that the sticky `pattern` matches at the current position. Returns `undefined` if there is none. */
	#take(pattern: RegExp): RegExpExecArray | undefined {
		pattern.lastIndex = this.#at;
		const match = pattern.exec(this.#text);
		if (match === null) return undefined;
		this.#at = pattern.lastIndex;
		return match;
	}

	#fault(what: string): XmlFault {
		const line = this.#text.slice(0, this.#at).split("\n").length;
		return new XmlFault(`is not well-formed SSML: ${what} (line ${line})`);
	}
}

/**
 * Returns true if XML allows the character.
 *
 * @see https://www.w3.org/TR/xml/#NT-Char
 */
function isCharacter(code: number): boolean {
	if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
	return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** Returns a name for an error message, cut after 40 characters. */
function shortened(name = ""): string {
	return shorten(name, 40);
}
