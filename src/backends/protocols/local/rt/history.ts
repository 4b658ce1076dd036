import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpokenAnswer } from "./spoken-answer.ts";

/** Text of a conversation that is kept, in characters: about 6000 tokens. The oldest turns are forgotten. */
const MAX_CHARACTERS = 24_000;

/** Most turns that are kept. */
const MAX_TURNS = 200;

/** An answer of the chat backend, and what became of it. */
export class Answer {
	/** Id of the item. */
	readonly id: string;
	readonly spoken = new SpokenAnswer();
	/** The complete message. Absent while it is written, and of an answer that was cancelled before its end. */
	message: cchat.Message | undefined;
	/** Results of the message's tool calls, by call id. */
	readonly results = new Map<string, string>();

	constructor(id: string) {
		this.id = id;
	}

	/** The message as the listener knows it, followed by the results of its tool calls. */
	get messages(): cchat.Message[] {
		const { message } = this;
		const heard = textMessage("assistant", this.spoken.text);
		if (message === undefined) return heard.content.length === 0 ? [] : [heard];
		const results = message.tool_calls.map(({ id }): cchat.Message => {
			const result = this.results.get(id);
			const answered = { ...textMessage("tool", result ?? NO_RESULT), tool_call_id: id };
			return result === undefined ? { ...answered, is_error: true } : answered;
		});
		if (!this.spoken.isTruncated) return [message, ...results];
		const others = message.content.filter(({ type }) => type !== "text" && type !== "refusal" && type !== "annotation");
		return [{ ...message, content: [...others, ...heard.content] }, ...results];
	}
}

/** Turn of a conversation: a text of the user, or an answer. */
type Entry = string | Answer;

/** The conversation as the chat backend receives it. Bounded: the oldest turns are forgotten first. */
export class History {
	readonly #instructions: string | undefined;
	readonly #entries: Entry[] = [];

	constructor(instructions: string | undefined) {
		this.#instructions = instructions;
	}

	/** Adds a text of the user. */
	addUser(text: string): void {
		this.#entries.push(text);
		this.#forget();
	}

	/** Adds an answer that begins. */
	addAnswer(id: string): Answer {
		const answer = new Answer(id);
		this.#entries.push(answer);
		return answer;
	}

	/** Returns the answer with an id. `undefined` if there was none, or it is forgotten. */
	answer(id: string): Answer | undefined {
		return this.#answers().find((answer) => answer.id === id);
	}

	/** Sets the result of a tool call. Returns false if no answer has the call without a result. */
	addResult(callId: string, output: string): boolean {
		const answer = this.#answers().find(
			({ message, results }) => message?.tool_calls.some(({ id }) => id === callId) === true && !results.has(callId),
		);
		answer?.results.set(callId, output);
		return answer !== undefined;
	}

	/** The messages of a request for the next answer. Empty if the user has said nothing yet. */
	get messages(): cchat.Message[] {
		this.#forget();
		const turns = this.#entries.flatMap((entry) => (entry instanceof Answer ? entry.messages : [textMessage("user", entry)]));
		if (turns.length === 0) return [];
		return this.#instructions === undefined ? turns : [textMessage("system", this.#instructions), ...turns];
	}

	#answers(): Answer[] {
		return this.#entries.filter((entry): entry is Answer => entry instanceof Answer);
	}

	/** Removes the oldest turns beyond the bounds. A conversation begins with the user, and keeps the latest text of the user. */
	#forget(): void {
		let characters = 0;
		let first = this.#entries.length;
		while (first > 0 && this.#entries.length - first < MAX_TURNS) {
			characters += sizeOf(this.#entries[first - 1]);
			if (characters > MAX_CHARACTERS) break;
			first--;
		}
		const latest = this.#entries.findLastIndex((entry) => typeof entry === "string");
		while (first < latest && this.#entries[first] instanceof Answer) first++;
		this.#entries.splice(0, Math.min(first, Math.max(0, latest)));
	}
}

/** Text of a tool message for a call without a result. A conversation must answer every call. */
const NO_RESULT = "The call has no result: the conversation went on without it.";

function textMessage(role: cchat.Role, text: string): cchat.Message {
	return { role, content: text === "" ? [] : [{ type: "text", text }], tool_calls: [] };
}

/** Returns the size of an entry, in characters. */
function sizeOf(entry: Entry | undefined): number {
	if (!(entry instanceof Answer)) return entry?.length ?? 0;
	let size = 0;
	for (const { content, tool_calls } of entry.messages) {
		for (const part of content) size += part.type === "text" ? part.text.length : 100;
		for (const call of tool_calls) size += call.arguments.length + call.name.length;
	}
	return size;
}
