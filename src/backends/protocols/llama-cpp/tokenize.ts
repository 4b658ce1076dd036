import { eventLoopTurn } from "../../../async/event-loop-turn.ts";
import { abortError } from "../../../errors/spear-error.ts";
import type { PromptText, Token, Tokenizer } from "./library.ts";

/**
 * Most characters of one call of the tokenizer, which blocks the event loop. Hostile text takes 7 µs a character. Otherwise a guest could
 * stop the host for seconds with a text for a large context.
 */
const PIECE_CHARACTERS = 2048;

/** Characters at the end of a piece among which a blank is looked for. */
const CUT_CHARACTERS = 256;

/** Bounds of a tokenization. */
export interface TokenizeOptions {
	readonly signal: AbortSignal;
	/** Most tokens. The tokenization ends after the piece that goes beyond. */
	readonly max: number;
}

/** Returns the tokens of a text, in which no control token is recognized. Yields to the event loop between pieces. */
export function textTokens(text: string, tokenizer: Tokenizer, options: TokenizeOptions): Promise<Token[]> {
	return tokensOf([{ text, special: false, trims: undefined }], tokenizer, options);
}

/** Returns the tokens of a prompt. Yields to the event loop between pieces. */
export function promptTokens(prompt: PromptText, tokenizer: Tokenizer, options: TokenizeOptions): Promise<Token[]> {
	const segments: Segment[] = [];
	// The prompt passes its segments to a tokenizer that only notes them.
	prompt.tokenize((text, special = false, trims) => {
		if (text === "") return [];
		segments.push({ text, special, trims });
		return [0];
	});
	return tokensOf(segments, tokenizer, options);
}

/** Part of a prompt: text of a message, or control tokens of the template. */
interface Segment {
	readonly text: string;
	readonly special: Parameters<Tokenizer>[1];
	readonly trims: Parameters<Tokenizer>[2];
}

async function tokensOf(segments: readonly Segment[], tokenizer: Tokenizer, { signal, max }: TokenizeOptions): Promise<Token[]> {
	const tokens: Token[] = [];
	for (const { text, special, trims } of segments) {
		for (let from = 0; from < text.length && tokens.length <= max; ) {
			await eventLoopTurn();
			if (signal.aborted) throw abortError(signal);
			const to = special === false ? pieceEnd(text, from) : text.length;
			// Some vocabularies put a blank before each text.
			tokens.push(...tokenizer(text.slice(from, to), special, from === 0 ? trims : "trimLeadingSpace"));
			from = to;
		}
	}
	return tokens;
}

/** Returns the end of the piece that starts at `from`: before a blank, so that no word is cut, if there is one near. */
function pieceEnd(text: string, from: number): number {
	const end = from + PIECE_CHARACTERS;
	if (end >= text.length) return text.length;
	for (let at = end; at > end - CUT_CHARACTERS; at--) {
		if (text[at] === " " && text[at - 1] !== " ") return at;
	}
	return /[\udc00-\udfff]/.test(text.charAt(end)) ? end - 1 : end;
}
