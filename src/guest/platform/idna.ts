/**
 * Names of hosts outside ASCII, in place of a package with tables of 220 kB. Maps by Unicode's normalization and case, as UTS 46 does for almost
 * all characters, and refuses characters without a meaning in a name. Does not check the order of right-to-left scripts and joiners.
 *
 * @see https://www.unicode.org/reports/tr46/
 */
import punycode from "punycode/punycode.es6.js";

/** Characters that the mapping removes. */
// biome-ignore lint/suspicious/noMisleadingCharacterClass: each is a character of its own
const IGNORED = /[\u00AD\u034F\u180B-\u180D\u180F\u200B\u2060\u2064\uFE00-\uFE0F\uFEFF\u{1BCA0}-\u{1BCA3}\u{E0100}-\u{E01EF}]/gu;

/** Characters that no name contains: controls, private and unassigned ones, surrogates, spaces and formats other than joiners. */
const REFUSED = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Z}\uFFFC\uFFFD\u200E\u200F\u202A-\u202E\u2061-\u2063\u206A-\u206F\u{E0001}-\u{E007F}]/u;

const DOTS = /[\u3002\uFF0E\uFF61]/g;

export interface AsciiOptions {
	readonly verifyDNSLength?: boolean;
	readonly checkHyphens?: boolean;
	readonly useSTD3ASCIIRules?: boolean;
}

/** Returns a name in ASCII, with Punycode for each label outside ASCII. Returns null for an invalid name. */
export function toASCII(domain: string, options: AsciiOptions = {}): string | null {
	const { labels, isValid } = processed(domain);
	if (!isValid) return null;
	const ascii = labels.map((label) => (isAscii(label) ? label : `xn--${punycode.encode(label)}`));
	const name = ascii.join(".");
	if (options.verifyDNSLength && (name.length === 0 || name.length > 253 || ascii.some(({ length }) => length === 0 || length > 63)))
		return null;
	return name;
}

/** Returns a name with the characters that its Punycode stands for. */
export function toUnicode(domain: string): { readonly domain: string; readonly error: boolean } {
	const { labels, isValid } = processed(domain);
	return { domain: labels.join("."), error: !isValid };
}

function processed(domain: string): { labels: string[]; isValid: boolean } {
	let isValid = true;
	const labels = mapped(domain)
		.split(".")
		.map((label) => {
			if (!label.startsWith("xn--")) {
				if (!isAscii(label) && !isLabel(label)) isValid = false;
				return label;
			}
			let decoded = "";
			try {
				decoded = punycode.decode(label.slice("xn--".length));
			} catch {
				isValid = false;
			}
			// A label that needs no Punycode, or that the mapping would change, has another name.
			if (isAscii(decoded) || mapped(decoded) !== decoded || !isLabel(decoded)) isValid = false;
			return decoded;
		});
	return { labels, isValid };
}

function mapped(text: string): string {
	const folded = text
		.replace(IGNORED, "")
		.replace(DOTS, ".")
		.replace(/\u1E9E/g, "\u00DF")
		.toLowerCase();
	return folded
		.normalize("NFKC")
		.replace(IGNORED, "")
		.toLowerCase()
		.normalize("NFC")
		.replace(/\u03C2/g, "\u03C2");
}

function isLabel(label: string): boolean {
	return label === label.normalize("NFC") && !/^\p{M}/u.test(label) && !REFUSED.test(label) && !label.includes(".");
}

function isAscii(text: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters of ASCII
	return /^[\u0000-\u007F]*$/.test(text);
}
