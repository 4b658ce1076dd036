import { randomInt } from "node:crypto";
import type * as cchat from "../../../../generated/ir/cchat.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Length of a made-up id, in characters. Mistral's API and servers with its tokenizer accept only ids of nine letters and digits, and every
 * other server accepts those too. A conversation may move to another backend.
 */
const LENGTH = 9;

/**
 * Ids of the tool calls of one answer. The upstream's id stays if it is there and no earlier call of the answer has it, else a random id
 * takes its place. Otherwise the result of one call could answer another. A made-up id is new in the whole conversation, and stays: it is
 * part of the message that the guest receives and sends back.
 */
export class CallIds {
	/** Created for the first id: most answers have none. */
	#used: Set<string> | undefined;
	readonly #messages: readonly cchat.Message[];
	/** Ids of the conversation. Collected for the first made-up id, because most answers need none. */
	#history: ReadonlySet<string> | undefined;

	/** @param messages The conversation before the answer. */
	constructor(messages: readonly cchat.Message[] = []) {
		this.#messages = messages;
	}

	/**
	 * Returns the id of the next call.
	 *
	 * @param upstream The upstream's id. Absent if it sends none.
	 */
	claim(upstream: string | undefined): string {
		const used = this.#used ?? new Set<string>();
		this.#used = used;
		let id = upstream;
		while (id === undefined || used.has(id) || (id !== upstream && this.#isInHistory(id))) id = randomId();
		used.add(id);
		return id;
	}

	#isInHistory(id: string): boolean {
		this.#history ??= new Set(this.#messages.flatMap(({ tool_calls }) => tool_calls.map((call) => call.id)));
		return this.#history.has(id);
	}
}

function randomId(): string {
	return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}
