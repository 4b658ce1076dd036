import type * as asr from "../../../../../generated/ir/asr.ts";

/** Scripts that put no space between words. */
const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Returns the space that belongs between two parts of a transcript. Servers trim the parts or leave the space at either side. */
function separator(before: string, after: string): string {
	const last = /.$/su.exec(before.slice(-2))?.[0] ?? "";
	const first = /^./su.exec(after)?.[0] ?? "";
	if (last === "" || first === "" || /\s/.test(last) || /\s/.test(first)) return "";
	return NO_SPACES.test(last) || NO_SPACES.test(first) ? "" : " ";
}

/** Returns the whole text of parts of a transcript. */
export function joinText(parts: readonly string[]): string {
	const whole = new TranscriptJoiner();
	for (const text of parts) whole.add({ text, segments: [], words: [] });
	return whole.response.text;
}

/** Joins the parts of a transcript that arrives piece by piece. */
export class TranscriptJoiner {
	readonly #texts: string[] = [];
	readonly #segments: asr.Segment[] = [];
	readonly #words: asr.Word[] = [];
	#last = "";
	#facts: Omit<asr.Response, "text" | "segments" | "words"> = {};

	/** Adds a part. Returns its text with the space that separates it from the part before. */
	add({ text, segments, words, ...facts }: asr.Response): string {
		const added = text === "" ? "" : separator(this.#last, text) + text;
		this.#texts.push(added);
		if (text !== "") this.#last = text;
		for (const segment of segments) this.#segments.push(segment);
		for (const word of words) this.#words.push(word);
		this.#facts = { ...this.#facts, ...facts };
		return added;
	}

	/** Adds a fragment of text as it is. */
	append(fragment: string, facts: Omit<asr.Response, "text" | "segments" | "words">): void {
		this.#texts.push(fragment);
		this.#facts = { ...this.#facts, ...facts };
	}

	/** The transcript of all parts. Language, duration and usage are those of the last part that states them. */
	get response(): asr.Response {
		return { text: this.#texts.join(""), ...this.#facts, segments: this.#segments, words: this.#words };
	}
}
