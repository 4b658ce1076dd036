/**
 * `spear-hostcall/guest/history`: a conversation within a budget of tokens. Needs no interface of the host.
 */
import type { ContentPart, Message } from "spear:ai/cchat@0.1.0";

/** Characters of a token, on average. Counted in UTF-16 units. */
const CHARACTERS_PER_TOKEN = 4;

/** Tokens around each message. */
const MESSAGE_TOKENS = 4;

/** Tokens of an image, a recording or a document. Models differ widely. */
const MEDIA_TOKENS = 800;

export interface TrimOptions {
	/** Most tokens of the messages that stay. */
	readonly maxTokens: number;
	/** Returns the tokens of a message. The default is `estimateTokens`. */
	readonly tokensOf?: (message: Message) => number;
}

/** A conversation that was trimmed. */
export interface Trimmed {
	/** Messages that stay, in order. */
	readonly messages: Message[];
	/** Messages that were left out, in order. */
	readonly dropped: Message[];
	/** Tokens of the messages that stay. Above the budget only if instructions and the last message of the user exceed it alone. */
	readonly tokens: number;
}

/**
 * Returns the newest part of a conversation that fits a budget of tokens. Instructions stay. Whole turns are left out, the oldest first: a message of the
 * user with all that answers it. If the last turn alone exceeds the budget, its oldest tool calls are left out with their results. A call and its
 * result are never separated.
 *
 * ```ts
 * const { messages } = trim(conversation.messages(), { maxTokens: 8_000 });
 * const next = chat({ messages, tools });
 * ```
 */
export function trim(messages: readonly Message[], { maxTokens, tokensOf = estimateTokens }: TrimOptions): Trimmed {
	const kept = new Set<Message>();
	let tokens = 0;
	const keep = (group: readonly Message[]): void => {
		for (const message of group) {
			kept.add(message);
			tokens += tokensOf(message);
		}
	};
	const fits = (group: readonly Message[]): boolean => tokens + group.reduce((sum, message) => sum + tokensOf(message), 0) <= maxTokens;
	keep(messages.filter(({ role }) => role === "system"));
	const turns = grouped(
		messages.filter(({ role }) => role !== "system"),
		({ role }) => role === "user",
	);
	const last = turns.at(-1) ?? [];
	if (fits(last)) {
		for (const turn of turns.reverse()) {
			if (!fits(turn)) break;
			keep(turn);
		}
	} else {
		// The question stays, whatever its size. Its newest steps follow as far as they fit.
		const [question = [], ...steps] = grouped(last, ({ role }) => role !== "tool");
		keep(question);
		for (const step of steps.reverse()) {
			if (!fits(step)) break;
			keep(step);
		}
	}
	return { messages: messages.filter((message) => kept.has(message)), dropped: messages.filter((message) => !kept.has(message)), tokens };
}

/** Returns the tokens of a message by the length of its text. A model counts others, by some ten percent in English. */
export function estimateTokens({ content, toolCalls }: Message): number {
	const calls = (toolCalls ?? []).reduce((sum, call) => sum + call.name.length + call.arguments.length, 0);
	return MESSAGE_TOKENS + Math.ceil(calls / CHARACTERS_PER_TOKEN) + content.reduce((sum, part) => sum + tokensOfPart(part), 0);
}

function tokensOfPart(part: ContentPart): number {
	if (part.tag === "text" || part.tag === "refusal") return Math.ceil(part.val.length / CHARACTERS_PER_TOKEN);
	if (part.tag === "reasoning") return Math.ceil(part.val.text.length / CHARACTERS_PER_TOKEN);
	return part.tag === "annotation" || part.tag === "opaque" ? 0 : MEDIA_TOKENS;
}

/** Splits messages before each one that begins a group. */
function grouped(messages: readonly Message[], begins: (message: Message) => boolean): Message[][] {
	const groups: Message[][] = [];
	for (const message of messages) {
		const group = groups.at(-1);
		if (group === undefined || begins(message)) groups.push([message]);
		else group.push(message);
	}
	return groups;
}
