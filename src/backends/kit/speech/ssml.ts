/**
 * Text of an SSML document, for upstreams that speak plain text. The document must be well-formed XML without a document type. The host
 * checks requests for both.
 *
 * @see https://www.w3.org/TR/speech-synthesis11/
 */

/** The beginning of a comment, an instruction, a section of character data or a tag; or the text before one. */
const TOKEN = /<!--|<\?|<!\[CDATA\[|<\/?[^ \t\r\n/>]+|[^<]+/y;
const ATTRIBUTE = /[ \t\r\n]+([^ \t\r\n=/>]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^"]*)"|'([^']*)')/y;
const REFERENCE = /&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|apos|quot));/g;

/** Elements whose content is not spoken. */
const SILENT: ReadonlySet<string> = new Set(["metadata", "meta", "lexicon", "lookup", "desc"]);

/** Elements that are spoken apart. */
const APART: ReadonlySet<string> = new Set(["s", "sentence", "p", "paragraph"]);

const ENTITIES: ReadonlyMap<string, string> = new Map([
	["lt", "<"],
	["gt", ">"],
	["amp", "&"],
	["apos", "'"],
	["quot", '"'],
]);

const WORD = /^[\p{L}\p{N}]/u;

interface Tag {
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
	readonly kind: "start" | "empty" | "end";
	/** Offset after the tag. */
	readonly after: number;
}

/**
 * Returns the spoken text. Elements for the manner of speaking lose their effect. A short break becomes a comma, a long one the end of a
 * line, and a substitution its alias. Sentences and paragraphs are lines. Reads the document once.
 */
export function textOfSsml(ssml: string): string {
	const spoken = new SpokenText();
	/** Number of open elements from the outermost one that is not spoken. */
	let silent = 0;
	let at = 0;
	while (at < ssml.length) {
		TOKEN.lastIndex = at;
		const [token = ssml.slice(at)] = TOKEN.exec(ssml) ?? [];
		if (token === "<!--") at = after(ssml, "-->", at);
		else if (token === "<?") at = after(ssml, "?>", at);
		else if (token === "<![CDATA[") {
			const end = after(ssml, "]]>", at);
			if (silent === 0) spoken.add(ssml.slice(at + token.length, end - 3));
			at = end;
		} else if (token.startsWith("<")) {
			const tag = readTag(ssml, at, token);
			at = tag.after;
			if (silent === 0) silent = speak(tag, spoken) ? 0 : 1;
			else if (tag.kind !== "empty") silent += tag.kind === "start" ? 1 : -1;
		} else {
			if (silent === 0) spoken.add(decoded(token));
			at += token.length;
		}
	}
	return spoken.toString();
}

/** Applies a tag. Returns false if the content that follows is not spoken. */
function speak({ name, attributes, kind }: Tag, spoken: SpokenText): boolean {
	if (APART.has(name)) spoken.endLine();
	if (kind === "end") return true;
	const alias = name === "sub" ? attributes.get("alias") : undefined;
	if (alias !== undefined) spoken.add(alias);
	if (name === "break") pause(attributes, spoken);
	return kind === "empty" || (alias === undefined && !SILENT.has(name));
}

function pause(attributes: ReadonlyMap<string, string>, spoken: SpokenText): void {
	const [, amount, unit] = /^([0-9.]{1,10})(ms|s)$/.exec(attributes.get("time") ?? "") ?? [];
	const strength = attributes.get("strength");
	const seconds = amount === undefined ? undefined : Number(amount) / (unit === "ms" ? 1000 : 1);
	if (seconds === 0 || strength === "none" || strength === "x-weak") spoken.add(" ");
	else if ((seconds ?? 0) >= 1 || strength === "strong" || strength === "x-strong") spoken.endLine();
	else spoken.pause();
}

/** Text in lines, with single spaces. */
class SpokenText {
	readonly #parts: string[] = [];
	/** True if the text so far ends with a word. */
	#endsInWord = false;
	/** True if a comma follows, unless a mark does. */
	#hasPause = false;

	add(text: string): void {
		const words = text.replace(/\s+/g, " ");
		const trimmed = words.trim();
		if (trimmed !== "") {
			if (this.#hasPause && WORD.test(trimmed)) this.#parts.push(", ");
			this.#hasPause = false;
			this.#endsInWord = WORD.test([...trimmed.slice(-2)].at(-1) ?? "");
		}
		this.#parts.push(words);
	}

	/** Adds a comma between two words. */
	pause(): void {
		this.#parts.push(" ");
		this.#hasPause = this.#endsInWord;
	}

	endLine(): void {
		this.#parts.push("\n");
		this.#endsInWord = false;
		this.#hasPause = false;
	}

	toString(): string {
		const lines = this.#parts.join("").split("\n");
		return lines
			.map((line) => line.replace(/ +/g, " ").replaceAll(" ,", ",").trim())
			.filter((line) => line !== "")
			.join("\n");
	}
}

function readTag(text: string, at: number, opening: string): Tag {
	const attributes = new Map<string, string>();
	ATTRIBUTE.lastIndex = at + opening.length;
	let end = ATTRIBUTE.lastIndex;
	for (let match = ATTRIBUTE.exec(text); match !== null; match = ATTRIBUTE.exec(text)) {
		const [, name = "", double, single] = match;
		attributes.set(name, decoded(double ?? single ?? ""));
		end = ATTRIBUTE.lastIndex;
	}
	const next = after(text, ">", end);
	const isEnd = opening.startsWith("</");
	const kind = isEnd ? "end" : text[next - 2] === "/" ? "empty" : "start";
	return { name: opening.slice(isEnd ? 2 : 1), attributes, kind, after: next };
}

/** Returns the offset after the next occurrence of a mark, or the end of the text. */
function after(text: string, mark: string, from: number): number {
	const at = text.indexOf(mark, from);
	return at === -1 ? text.length : at + mark.length;
}

function decoded(text: string): string {
	return text.replace(REFERENCE, (reference, hexadecimal?: string, decimal?: string, name?: string) => {
		if (name !== undefined) return ENTITIES.get(name) ?? reference;
		const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
		return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
	});
}
