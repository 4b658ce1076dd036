import type { EventStream, Session } from "../../generated/hostcall/cchat.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { JsonValue } from "../../generated/ir/json.ts";
import type { CallOptions } from "../../generated/ir/types.ts";
import { guestName } from "../errors/guest-name.ts";
import { SpearError } from "../errors/spear-error.ts";
import { Charge } from "../memory/charge.ts";
import { heldBytes } from "../memory/held-bytes.ts";
import { checkMessage, withParam } from "../normalize/cchat.ts";
import { validated } from "../normalize/validate.ts";
import { deliver, openStream, type StreamHooks } from "./cchat-stream.ts";
import { Conversation } from "./conversation.ts";
import { HostToolTurn, isWhole, refusedCall } from "./host-tool-turn.ts";
import { selectionFault } from "./host-tools.ts";
import type { Call, GuestScope, OpenStream } from "./scope.ts";
import { withSessionKey } from "./session-key.ts";
import { turnStream } from "./turn-stream.ts";

/**
 * A conversation that the host holds: a request under construction, and its metrics.
 *
 * The guest runs its tools, and the host those of `useHostTools`. The host bounds the iterations and the tool calls between two user messages.
 * Otherwise a model and a guest could keep each other busy for ever.
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
	/** Tools of the host that each send offers. `undefined` for none. */
	#hostTools: cchat.HostTools | undefined;
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

	useHostTools(selection: cchat.HostTools): void {
		this.#refuseWhileBusy();
		const fault = selectionFault(selection);
		if (fault !== undefined) throw invalid(`tools.${fault}`);
		const allowed = this.#scope.hostTools?.servers ?? [];
		const refused = selection.servers.find((id) => !allowed.includes(id));
		if (refused !== undefined) throw notAllowed(refused, allowed);
		this.#replace(heldBytes(this.#hostTools), heldBytes(selection));
		this.#hostTools = selection.servers.length === 0 ? undefined : selection;
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
			const signal = this.#signal;
			// Without tools of the host the request leaves at once, within the hostcall.
			const turn = this.#hostTools === undefined ? undefined : await this.#openTurn(signal);
			for (;;) {
				const { result, backend } = await this.#scope.pipeline.unary(this.#call(turn), signal);
				this.#served(backend.instance, backend.latency_ms);
				const response = turn === undefined ? result.payload : await this.#settle(result.payload, turn, signal);
				if (response === result.payload) this.#accept(response);
				if (response !== undefined) return response;
				this.#count();
			}
		} finally {
			this.#busy = false;
		}
	}

	async sendStream(): Promise<EventStream> {
		this.#begin();
		try {
			const hooks: StreamHooks = {
				onClose: () => {
					this.#busy = false;
				},
				onDecision: ({ attempts }) => {
					const last = attempts.at(-1);
					if (last !== undefined && last.failure === undefined) this.#served(last.backend, last.latency_ms);
				},
			};
			const turn = this.#hostTools === undefined ? undefined : await this.#openTurn(this.#signal);
			if (turn !== undefined) return await this.#streamTurns(turn, hooks);
			return await openStream(this.#scope, this.#call(), { ...hooks, onCompleted: (response) => this.#accept(response) });
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

	/** Opens a stream over all turns up to the response that needs the guest. */
	async #streamTurns(turn: HostToolTurn, hooks: StreamHooks): Promise<EventStream> {
		const next = () => this.#scope.pipeline.stream(this.#call(turn), hooks.onDecision);
		// Opened here: a request that is refused fails the call, and not the stream.
		let opened: OpenStream<cchat.Event> | undefined = await next();
		/** A response of which the conversation has the host's results already, until the guest receives it. */
		let undelivered: { readonly response: cchat.Response; readonly length: number } | undefined;
		const open: OpenStream<cchat.Event> = (signal) =>
			turnStream({
				turn,
				async open() {
					const stream = opened ?? (await next());
					opened = undefined;
					return stream(signal);
				},
				settle: async (received) => {
					const { length } = this.#conversation;
					const response = await this.#settle(received, turn, signal);
					if (response === undefined) this.#count();
					else if (response !== received) undelivered = { response, length };
					return response;
				},
			});
		return deliver(this.#scope, open, {
			...hooks,
			onCompleted: (response) => {
				if (response !== undelivered?.response) this.#accept(response);
				undelivered = undefined;
			},
			onClose: () => {
				if (undelivered !== undefined) this.#conversation.truncate(undelivered.length);
				hooks.onClose?.();
			},
		});
	}

	/** Aborted when the run ends, or the guest drops the session. */
	get #signal(): AbortSignal {
		return AbortSignal.any([this.#scope.signal, this.#abort.signal]);
	}

	async #openTurn(signal: AbortSignal): Promise<HostToolTurn | undefined> {
		const { hostTools } = this.#scope;
		if (hostTools === undefined || this.#hostTools === undefined) return undefined;
		return HostToolTurn.open(hostTools, this.#hostTools, new Set(this.#tools.keys()), signal);
	}

	/**
	 * Runs the calls of a response that are the host's, and appends the response and the results to the conversation.
	 *
	 * @returns The response for the guest: the same one if no call is the host's, and nothing is appended then. `undefined` if another turn follows.
	 */
	async #settle(response: cchat.Response, turn: HostToolTurn, signal: AbortSignal): Promise<cchat.Response | undefined> {
		const calls = turn.callsOf(response);
		if (calls.length === 0) return response;
		const { length } = this.#conversation;
		this.#accept(response);
		try {
			for (const call of calls) this.#appendResult(await this.#resultOf(call, response, turn, signal));
		} catch (thrown) {
			this.#conversation.truncate(length);
			throw thrown;
		}
		const given = turn.forGuest(response);
		return isWhole(response) && given.message.tool_calls.length === 0 ? undefined : given;
	}

	#resultOf(
		call: cchat.ToolCall,
		response: cchat.Response,
		turn: HostToolTurn,
		signal: AbortSignal,
	): cchat.Message | Promise<cchat.Message> {
		const { maxTotalToolCalls, maxToolOutputBytes } = this.#scope.limits;
		if (!isWhole(response)) return refusedCall(call, "the response ended early, so its calls are not run");
		if (this.#toolCallsThisTurn > maxTotalToolCalls) return refusedCall(call, `the host allows ${maxTotalToolCalls} tool calls`);
		return turn.run(call, maxToolOutputBytes, signal);
	}

	/** Appends a result of the host. Counted like an answer of an upstream: the limits bound it, and the conversation needs it. */
	#appendResult(message: cchat.Message): void {
		this.#append(message, "upstream");
		const bytes = message.content.reduce((sum, part) => sum + (part.type === "text" ? Buffer.byteLength(part.text) : 0), 0);
		this.#metrics = { ...this.#metrics, tool_output_bytes: this.#metrics.tool_output_bytes + bytes };
	}

	#call(turn?: HostToolTurn): Call<"chat_completions"> {
		const tools = [...this.#tools.values()].flat().concat(turn?.offered ?? []);
		const payload = { ...this.#request, messages: this.#conversation.messages, tools };
		return { operation: "chat_completions", payload, options: this.#options, isCharged: true };
	}

	/** Charges what takes the place of a part of the request. */
	#replace(former: number, bytes: number): void {
		if (bytes > former) this.#held.add(bytes - former);
		else this.#held.release(former - bytes);
	}

	#begin(): void {
		this.#refuseWhileBusy();
		this.#count();
		this.#busy = true;
	}

	/** Counts a request. @throws SpearError `not_permitted` if a limit is reached. */
	#count(): void {
		const { maxIterations, maxTotalToolCalls } = this.#scope.limits;
		if (this.#metrics.iterations >= maxIterations) {
			throw overLimit(`${maxIterations} sends since the last user message (max_iterations)`);
		}
		if (this.#toolCallsThisTurn > maxTotalToolCalls) {
			throw overLimit(`${maxTotalToolCalls} tool calls since the last user message (max_total_tool_calls)`);
		}
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

function notAllowed(server: string, allowed: readonly string[]): SpearError {
	const others = allowed.length === 0 ? "it may use none" : `it may use: ${allowed.join(", ")}`;
	const message = `tools.servers: the guest may not use the server '${guestName(server)}'; ${others}; mcp_servers of its [guests.<name>] lists its servers`;
	return new SpearError("not_permitted", message);
}

function invalid(message: string): SpearError {
	return new SpearError("invalid_request", message);
}

function overLimit(what: string): SpearError {
	return new SpearError("not_permitted", `the host allows ${what}; write a user message or open a new session`);
}
