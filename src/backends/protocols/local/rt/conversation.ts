import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { USAGE_COUNTS } from "../../../kit/usage.ts";
import { History } from "./history.ts";
import { Response, type ResponseContext } from "./response.ts";

export interface ConversationOptions extends ResponseContext {
	readonly instructions: string | undefined;
	readonly tools: readonly rt.Tool[];
	/** Model of the chat backend. `undefined`: the router's choice. */
	readonly chatModel: string | undefined;
	/** Returns true while the speaker has the floor. No response starts then. */
	readonly isHearing: () => boolean;
}

/**
 * The responses of a session, one after another. Input during a response adds to the conversation, and requests one further response after it.
 */
export class Conversation {
	readonly #options: ConversationOptions;
	readonly #history: History;
	/** Tool calls without a result. The model continues once it has the results of all. */
	readonly #openCalls = new Set<string>();
	readonly #usage: types.Usage = {};
	#response: Response | undefined;
	#isWanted = false;
	#responses = 0;

	constructor(options: ConversationOptions) {
		this.#options = options;
		this.#history = new History(options.instructions);
	}

	/** True if nothing is owed. A response that waits for the guest's tool results does not count. */
	get isSettled(): boolean {
		return this.#response === undefined && (!this.#isWanted || this.#openCalls.size > 0);
	}

	/** Usage of all responses. Absent if no chat backend has reported any. */
	get usage(): types.Usage | undefined {
		return Object.keys(this.#usage).length === 0 ? undefined : { ...this.#usage };
	}

	/** Adds a text of the user, and requests a response. */
	addUser(text: string): void {
		this.#history.addUser(text);
		this.#openCalls.clear();
		this.#isWanted = true;
		this.proceed();
	}

	/** Adds the result of a tool call, and requests a response once all calls have results. Returns false for an unknown call. */
	addResult(callId: string, output: string): boolean {
		if (!this.#history.addResult(callId, output)) return false;
		this.#openCalls.delete(callId);
		this.#isWanted = true;
		this.proceed();
		return true;
	}

	/** Cancels the response in progress because the user speaks. A response that has not started waits for the end of the speech. */
	interrupt(): void {
		this.#response?.cancel();
	}

	/** Cancels the response in progress, and the one that has not started. */
	cancel(): void {
		this.#isWanted = false;
		this.#response?.cancel();
	}

	/** Cancels the response in progress, and shortens an answer to the text that was heard. Returns false for an unknown answer. */
	truncate(itemId: string, ms: number): boolean {
		this.cancel();
		const answer = this.#history.answer(itemId);
		answer?.spoken.truncate(ms);
		return answer !== undefined;
	}

	/** Starts the response that is wanted, if nothing prevents it. */
	proceed(): void {
		const { progress, isHearing } = this.#options;
		const isBlocked = this.#response !== undefined || this.#openCalls.size > 0 || isHearing() || progress.hasEnded;
		if (this.#isWanted && !isBlocked) this.#start();
		progress.changed();
	}

	#start(): void {
		const number = ++this.#responses;
		const request = this.#request();
		this.#isWanted = false;
		const response = new Response(this.#options, {
			id: `response-${number}`,
			request,
			answer: this.#history.addAnswer(`answer-${number}`),
			onCall: ({ id }) => this.#openCalls.add(id),
			onUsage: (usage) => this.#addUsage(usage),
			onEnd: () => {
				this.#response = undefined;
				this.proceed();
			},
		});
		this.#response = response;
		void response.run();
	}

	#request(): cchat.Request {
		const { chatModel, tools } = this.#options;
		return { ...(chatModel === undefined ? {} : { model: chatModel }), messages: this.#history.messages, tools: [...tools] };
	}

	#addUsage(usage: types.Usage): void {
		for (const name of USAGE_COUNTS) {
			const count = usage[name];
			if (count !== undefined) this.#usage[name] = (this.#usage[name] ?? 0) + count;
		}
	}
}
