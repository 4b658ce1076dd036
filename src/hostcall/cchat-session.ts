import type { EventStream, Session } from "../../generated/hostcall/cchat.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { JsonValue } from "../../generated/ir/json.ts";
import type { CallOptions } from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";
import { Charge } from "../memory/charge.ts";
import { heldBytes } from "../memory/held-bytes.ts";
import { checkMessage, withParam } from "../normalize/cchat.ts";
import { validated } from "../normalize/validate.ts";
import { openStream } from "./cchat-stream.ts";
import { Conversation } from "./conversation.ts";
import type { Call, GuestScope } from "./scope.ts";
import { withSessionKey } from "./session-key.ts";

/**
 * A conversation that the host holds: a request under construction, and its metrics.
 *
 * The guest runs the tools. The host bounds the iterations and the tool calls between two user messages. Otherwise a model and a guest
 * could keep each other busy for ever.
 */
export class CchatSession implements Session {
	readonly #scope: GuestScope;
	readonly #options: CallOptions | undefined;
	readonly #abort = new AbortController();
	/** Memory of the request under construction. */
	readonly #held: Charge;
	readonly #conversation: Conversation;
	/** By name. The tools of a request may share a name, which its validation refuses. */
	readonly #tools: Map<string, cchat.Tool[]>;
	/** All but the messages and the tools. */
	#request: Omit<cchat.Request, "messages" | "tools">;
	#toolCallsThisTurn = 0;
	#busy = false;
	#metrics: cchat.Metrics = {
		requests: 0,
		iterations: 0,
		tool_calls: 0,
		tool_output_bytes: 0,
		input_tokens: 0,
		output_tokens: 0,
	};

	/** @throws SpearError `not_permitted` or `rate_limited` if the account of the guest has no room for the request. */
	constructor(scope: GuestScope, initial: cchat.Request, options: CallOptions | undefined) {
		this.#scope = scope;
		this.#options = withSessionKey(options);
		const { messages, tools, ...request } = initial;
		this.#held = new Charge(scope.memory, "sessions");
		this.#held.add(heldBytes(tools) + heldBytes(request));
		try {
			this.#conversation = new Conversation(messages, this.#held);
		} catch (thrown) {
			this.#held.close();
			throw thrown;
		}
		this.#tools = Map.groupBy(tools, ({ name }) => name);
		this.#request = request;
	}

	writeMessage(message: cchat.Message): void {
		this.#refuseWhileBusy();
		checkMessage(validated.message(message), "message");
		this.#append(message, "guest");
	}

	writeToolResult(result: cchat.ToolResult): void {
		this.#refuseWhileBusy();
		this.#conversation.assertOpen(result.call_id, "tool-result.call-id");
		const bytes = Buffer.byteLength(result.output);
		const limit = this.#scope.limits.maxToolOutputBytes;
		if (bytes > limit) throw invalid(`tool-result.output: ${bytes} bytes, the host allows ${limit}; shorten it or send a summary`);
		const message: cchat.Message = {
			role: "tool",
			tool_call_id: result.call_id,
			content: [{ type: "text", text: result.output }],
			tool_calls: [],
			...(result.is_error ? { is_error: true } : {}),
		};
		this.#append(message, "guest");
		this.#metrics = { ...this.#metrics, tool_output_bytes: this.#metrics.tool_output_bytes + bytes };
	}

	registerTool(tool: cchat.Tool): void {
		this.#refuseWhileBusy();
		validated.tool(tool);
		this.#replace(heldBytes(this.#tools.get(tool.name)), heldBytes([tool]));
		this.#tools.delete(tool.name);
		this.#tools.set(tool.name, [tool]);
	}

	setParam(name: string, value: JsonValue): void {
		this.#refuseWhileBusy();
		const params = withParam(this.#request.params, name, value);
		this.#replace(heldBytes(this.#request.params), heldBytes(params));
		this.#request = { ...this.#request, params };
	}

	truncate(length: number): cchat.Message[] {
		this.#refuseWhileBusy();
		return this.#conversation.truncate(length);
	}

	removeLastTurn(): cchat.Message[] {
		this.#refuseWhileBusy();
		return this.#conversation.removeLastTurn();
	}

	async send(): Promise<cchat.Response> {
		this.#begin();
		try {
			const signal = AbortSignal.any([this.#scope.signal, this.#abort.signal]);
			const { result, backend } = await this.#scope.pipeline.unary(this.#call(), signal);
			this.#served(backend.instance, backend.latency_ms);
			this.#accept(result.payload);
			return result.payload;
		} finally {
			this.#busy = false;
		}
	}

	async sendStream(): Promise<EventStream> {
		this.#begin();
		try {
			return await openStream(this.#scope, this.#call(), {
				onCompleted: (response) => this.#accept(response),
				onClose: () => {
					this.#busy = false;
				},
				onDecision: ({ attempts }) => {
					const last = attempts.at(-1);
					if (last !== undefined && last.failure === undefined) this.#served(last.backend, last.latency_ms);
				},
			});
		} catch (thrown) {
			this.#busy = false;
			throw thrown;
		}
	}

	messages(): cchat.Message[] {
		return this.#conversation.messages;
	}

	metrics(): cchat.Metrics {
		return this.#metrics;
	}

	[Symbol.dispose](): void {
		this.#abort.abort(new SpearError("cancelled", "the session's handle was dropped"));
		this.#held.close();
	}

	#call(): Call<"chat_completions"> {
		const payload = { ...this.#request, messages: this.#conversation.messages, tools: [...this.#tools.values()].flat() };
		return { operation: "chat_completions", payload, options: this.#options, isCharged: true };
	}

	/** Charges what takes the place of a part of the request. */
	#replace(former: number, bytes: number): void {
		if (bytes > former) this.#held.add(bytes - former);
		else this.#held.release(former - bytes);
	}

	#begin(): void {
		this.#refuseWhileBusy();
		const { maxIterations, maxTotalToolCalls } = this.#scope.limits;
		if (this.#metrics.iterations >= maxIterations) {
			throw overLimit(`${maxIterations} sends since the last user message (max_iterations)`);
		}
		if (this.#toolCallsThisTurn > maxTotalToolCalls) {
			throw overLimit(`${maxTotalToolCalls} tool calls since the last user message (max_total_tool_calls)`);
		}
		this.#busy = true;
		this.#metrics = { ...this.#metrics, requests: this.#metrics.requests + 1 };
	}

	/** Appends an answer to the conversation and counts it. */
	#accept({ message, usage }: cchat.Response): void {
		this.#append(message, "upstream");
		this.#toolCallsThisTurn += message.tool_calls.length;
		this.#metrics = {
			...this.#metrics,
			iterations: this.#metrics.iterations + 1,
			tool_calls: this.#metrics.tool_calls + message.tool_calls.length,
			input_tokens: this.#metrics.input_tokens + (usage?.input_tokens ?? 0),
			output_tokens: this.#metrics.output_tokens + (usage?.output_tokens ?? 0),
		};
	}

	#served(backend: string, latencyMs: number): void {
		this.#metrics = { ...this.#metrics, last_backend: backend, last_latency_ms: latencyMs };
	}

	#append(message: cchat.Message, origin: "guest" | "upstream"): void {
		this.#conversation.append(message, origin);
		if (message.role === "user") {
			this.#toolCallsThisTurn = 0;
			this.#metrics = { ...this.#metrics, iterations: 0 };
		}
	}

	#refuseWhileBusy(): void {
		if (this.#busy) throw invalid("a request of this session is in flight; take its answer or drop its stream first");
	}
}

function invalid(message: string): SpearError {
	return new SpearError("invalid_request", message);
}

function overLimit(what: string): SpearError {
	return new SpearError("not_permitted", `the host allows ${what}; write a user message or open a new session`);
}
