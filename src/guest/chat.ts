/**
 * `spear-hostcall/guest/chat`: a conversation with tools that run themselves. Needs a world with `cchat`, e.g. `chat-agent`.
 */
import {
	type Event,
	type EventStream,
	type Message,
	type Metrics,
	type Request,
	type Response,
	Session,
	type ToolCall,
	type ToolResult,
} from "spear:ai/cchat@0.1.0";
import type { CallOptions } from "spear:ai/types@0.1.0";
import { HostcallError, hostcall } from "./errors.ts";
import { type Content, system, textOf, toolCallsOf, user } from "./message.ts";
import { type AnyTool, declaration, runTool } from "./tool.ts";

export { assistant, type Content, system, textOf, toolCallsOf, user } from "./message.ts";
export { type AnyTool, type Tool, tool } from "./tool.ts";

export interface ChatOptions {
	/** The model by the name the host gives it; the host's default when absent. */
	readonly model?: string;
	/** Instructions that frame the conversation. */
	readonly system?: string;
	/** Messages to begin with. */
	readonly messages?: readonly Message[];
	/** Tools the model may ask for; they are run here, between its turns. */
	readonly tools?: readonly AnyTool[];
	readonly toolChoice?: Request["toolChoice"];
	readonly responseFormat?: Request["responseFormat"];
	/** Sampling and length. */
	readonly params?: Request["params"];
	/** Routing, requirements, deadline. */
	readonly options?: CallOptions;
}

/** What the model answered once it asked for no more tools. */
export interface Answer {
	/** The answer's text. */
	readonly text: string;
	/** The answer whole. */
	readonly response: Response;
	/** Every tool that was run on the way to it, in order. */
	readonly tools: readonly ToolRun[];
}

/** One tool that was run. */
export interface ToolRun {
	readonly call: ToolCall;
	readonly result: ToolResult;
}

/** An event of the model's stream, or a tool that was run between two of its turns. Each turn ends in its own `completed`. */
export type ChatEvent = Exclude<Event, { tag: "failed" }> | { tag: "tool-run"; val: ToolRun };

/** Begins a conversation. */
export function chat(options: ChatOptions = {}): Chat {
	return new Chat(options);
}

/** A conversation. The host keeps its messages and enforces its limits on turns, tool calls and the size of tool output. */
export class Chat {
	/** The ABI's own session, for what this class does not offer. */
	readonly session: Session;
	readonly #tools: readonly AnyTool[];
	/** Dropping a handle twice is a trap in StarlingMonkey. */
	#ended = false;

	constructor(options: ChatOptions) {
		this.#tools = options.tools ?? [];
		const request: Request = {
			model: options.model,
			messages: [...(options.system === undefined ? [] : [system(options.system)]), ...(options.messages ?? [])],
			tools: this.#tools.map(declaration),
			toolChoice: options.toolChoice,
			responseFormat: options.responseFormat,
			params: options.params,
		};
		this.session = hostcall(() => Session.open(request, options.options));
	}

	/** Says something, runs the tools the model asks for, and returns its final answer. Throws `HostcallError`. */
	ask(content: Content): Answer {
		this.#say(content);
		const tools: ToolRun[] = [];
		for (;;) {
			const response = hostcall(() => this.session.send());
			if (!asksForTools(response)) return { text: textOf(response.message), response, tools };
			for (const call of toolCallsOf(response.message)) tools.push(this.#run(call));
		}
	}

	/**
	 * Like `ask`, delivering the answer as it is made; the generator returns the final answer. Leaving the loop early cancels the
	 * request. A stream that breaks off throws `HostcallError`.
	 *
	 *     for (const event of chat.stream("Hello")) if (event.tag === "text") …
	 */
	*stream(content: Content): Generator<ChatEvent, Answer, undefined> {
		this.#say(content);
		const tools: ToolRun[] = [];
		for (;;) {
			const response = yield* this.#turn();
			if (!asksForTools(response)) return { text: textOf(response.message), response, tools };
			for (const call of toolCallsOf(response.message)) {
				const run = this.#run(call);
				tools.push(run);
				yield { tag: "tool-run", val: run };
			}
		}
	}

	/** The conversation so far. */
	messages(): Message[] {
		return hostcall(() => this.session.messages());
	}

	/** What was consumed so far, and where the last request went. */
	metrics(): Metrics {
		return hostcall(() => this.session.metrics());
	}

	/** Ends the conversation on the host's side; without it that happens when the instance ends. */
	[Symbol.dispose](): void {
		if (this.#ended) return;
		this.#ended = true;
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

	#say(content: Content): void {
		hostcall(() => this.session.writeMessage(user(content)));
	}

	#run(call: ToolCall): ToolRun {
		const result = runTool(this.#tools, call);
		hostcall(() => this.session.writeToolResult(result));
		return { call, result };
	}
}

function asksForTools(response: Response): boolean {
	return response.finishReason === "tool-calls" && toolCallsOf(response.message).length > 0;
}
