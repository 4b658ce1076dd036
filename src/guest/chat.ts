/**
 * `spear-hostcall/guest/chat`: a conversation that runs its tools. Requires a world with `cchat`, e.g. `chat-agent`.
 */
import { type Event, type EventStream, type Message, type Metrics, type Request, type Response, Session } from "spear:ai/cchat@0.1.0";
import type { CallOptions } from "spear:ai/types@0.1.0";
import { HostcallError, hostcall } from "./errors.ts";
import { type Content, system, textOf, toolCallsOf, user } from "./message.ts";
import { type AnyTool, declaration } from "./tool.ts";
import { refuseCalls, runTools, type ToolRun } from "./tool-runs.ts";

export { assistant, type Content, system, textOf, toolCallsOf, user } from "./message.ts";
export { type AnyTool, type Tool, tool } from "./tool.ts";
export type { ToolRun } from "./tool-runs.ts";

export interface ChatOptions {
	/** Name of the model. The default is chosen by the host. */
	readonly model?: string;
	/** Instructions that frame the conversation. */
	readonly system?: string;
	/** Earlier messages of the conversation. The default is none. */
	readonly messages?: readonly Message[];
	/** Tools that the model may call, and that run in the guest between its turns. The default is none. */
	readonly tools?: readonly AnyTool[];
	/** Tools of the host that the model may call, and that the host runs within each request. The default is none. */
	readonly hostTools?: HostToolOptions;
	/**
	 * Number of answers to one message whose tool calls are run. Calls after that are refused, which their results tell the model. The default is the
	 * limit of the host.
	 */
	readonly maxToolTurns?: number;
	/** Choice of tools: none, any, or a tool that the model has to call. The default is chosen by the model. */
	readonly toolChoice?: Request["toolChoice"];
	/** Form of the answer, such as JSON of a schema. The default is text. */
	readonly responseFormat?: Request["responseFormat"];
	/** Sampling and length of the answer. */
	readonly params?: Request["params"];
	/** Routing, requirements and deadline of every request. */
	readonly options?: CallOptions;
}

/** Tools of servers in the host's configuration. */
export interface HostToolOptions {
	/** Ids of the servers. */
	readonly servers: readonly string[];
	/** Patterns of the tools that are offered, with `*` and `?`. The default is all. */
	readonly allow?: readonly string[];
	/** Patterns of the tools that are not offered. The default is none. */
	readonly deny?: readonly string[];
}

/** The final answer of the model, after all tool calls. */
export interface Answer {
	/** Text of the answer. */
	readonly text: string;
	/** The whole response. */
	readonly response: Response;
	/** All tools that ran before the answer, in order. */
	readonly tools: readonly ToolRun[];
}

/** An event of the model's stream, or a tool run between two turns. Each turn ends with its own `completed`. */
export type ChatEvent = Exclude<Event, { tag: "failed" }> | { tag: "tool-run"; val: ToolRun };

/**
 * Starts a conversation.
 *
 * ```ts
 * import { agent } from "spear-hostcall/guest";
 * import { chat } from "spear-hostcall/guest/chat";
 *
 * export const run = agent((input) => chat({ system: "Answer briefly." }).ask(input).text);
 * ```
 *
 * @throws HostcallError for invalid options.
 */
export function chat(options: ChatOptions = {}): Chat {
	return new Chat(options);
}

/**
 * A conversation. The host stores its messages, and limits turns, tool calls and the size of tool output.
 *
 * The conversation stays usable after every answer and every failure. A failure keeps the messages that were written before it: send again
 * with `session.send`, or remove them with `removeLastTurn`.
 */
export class Chat {
	/** The session of the ABI, for functions that this class lacks. */
	readonly session: Session;
	readonly #tools: readonly AnyTool[];
	readonly #maxToolTurns: number;
	/** Guards against a second drop of the handle, which is a trap in StarlingMonkey. */
	#disposed = false;

	constructor(options: ChatOptions) {
		this.#tools = options.tools ?? [];
		this.#maxToolTurns = options.maxToolTurns ?? Number.POSITIVE_INFINITY;
		const request: Request = {
			model: options.model,
			messages: [...(options.system === undefined ? [] : [system(options.system)]), ...(options.messages ?? [])],
			tools: this.#tools.map(declaration),
			toolChoice: options.toolChoice,
			responseFormat: options.responseFormat,
			params: options.params,
		};
		this.session = hostcall(() => Session.open(request, options.options));
		if (options.hostTools !== undefined) {
			const { servers, allow = [], deny = [] } = options.hostTools;
			hostcall(() => this.session.useHostTools({ servers: [...servers], allow: [...allow], deny: [...deny] }));
		}
	}

	/**
	 * Sends a message of the user, runs the tools that the model calls, and returns the final answer. Tool calls of an answer that ended
	 * early, such as at the length limit, are not run. Their results tell the model so.
	 *
	 * @throws HostcallError as the host refuses or fails a request.
	 */
	ask(content: Content): Answer {
		this.#write(content);
		const tools: ToolRun[] = [];
		for (let turns = 0; ; turns += 1) {
			const response = hostcall(() => this.session.send());
			if (!callsTools(response) || turns > this.#maxToolTurns) return this.#answer(response, tools);
			if (turns === this.#maxToolTurns) this.#refuse(response);
			else tools.push(...runTools(this.session, this.#tools, toolCallsOf(response.message)));
		}
	}

	/**
	 * Sends a message as `ask` does, and yields the events of the answer. The generator returns the final answer. A loop that ends early
	 * cancels the request.
	 *
	 *     for (const event of chat.stream("Hello")) if (event.tag === "text") …
	 *
	 * @throws HostcallError as the host refuses or fails a request, also in the middle of the stream.
	 */
	*stream(content: Content): Generator<ChatEvent, Answer, undefined> {
		this.#write(content);
		const tools: ToolRun[] = [];
		for (let turns = 0; ; turns += 1) {
			const response = yield* this.#turn();
			if (!callsTools(response) || turns > this.#maxToolTurns) return this.#answer(response, tools);
			if (turns === this.#maxToolTurns) this.#refuse(response);
			else
				for (const run of runTools(this.session, this.#tools, toolCallsOf(response.message))) {
					tools.push(run);
					yield { tag: "tool-run", val: run };
				}
		}
	}

	/** Returns all messages of the conversation. */
	messages(): Message[] {
		return hostcall(() => this.session.messages());
	}

	/**
	 * Removes the last message of the user and all messages after it, and returns them, oldest first. Use it after a failed request, or to
	 * ask again in other words.
	 */
	removeLastTurn(): Message[] {
		return hostcall(() => this.session.removeLastTurn());
	}

	/**
	 * Removes all messages after the first `length` messages, and returns them, oldest first.
	 *
	 * @throws HostcallError `invalid-request` if the conversation has fewer messages.
	 */
	truncate(length: number): Message[] {
		return hostcall(() => this.session.truncate(length));
	}

	/** Returns the consumption of the conversation, and the backend of its last request. */
	metrics(): Metrics {
		return hostcall(() => this.session.metrics());
	}

	/** Ends the conversation in the host. Otherwise the host ends it with the instance. */
	[Symbol.dispose](): void {
		if (this.#disposed) return;
		this.#disposed = true;
		this.session[Symbol.dispose]();
	}

	*#turn(): Generator<ChatEvent, Response, undefined> {
		const stream: EventStream = hostcall(() => this.session.sendStream());
		try {
			for (;;) {
				const event = hostcall(() => stream.next());
				if (event.tag === "failed") throw new HostcallError(event.val.error);
				yield event;
				if (event.tag === "completed") return event.val;
			}
		} finally {
			stream[Symbol.dispose]();
		}
	}

	#write(content: Content): void {
		hostcall(() => this.session.writeMessage(user(content)));
	}

	#refuse(response: Response): void {
		refuseCalls(
			this.session,
			toolCallsOf(response.message),
			`the limit of ${this.#maxToolTurns} turns of tool calls is reached; answer without tools`,
		);
	}

	#answer(response: Response, tools: readonly ToolRun[]): Answer {
		refuseCalls(this.session, toolCallsOf(response.message), "the answer ended before this call was complete; the tool did not run");
		return { text: textOf(response.message), response, tools };
	}
}

function callsTools(response: Response): boolean {
	return response.finishReason === "tool-calls" && toolCallsOf(response.message).length > 0;
}
