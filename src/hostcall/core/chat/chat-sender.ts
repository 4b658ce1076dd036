import { SendFlags } from "../../../../generated/hostcall/core/chat.ts";
import { ENOMEM } from "../../../../generated/hostcall/core/errno.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { eventLoopTurn } from "../../../async/event-loop-turn.ts";
import { turnBeforeSlice } from "../../../async/slices.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { Answer } from "../../../router/execution/run-request.ts";
import { type HostToolSelection, toolErrorText } from "../../host-tools.ts";
import type { CoreScope } from "../core-scope.ts";
import type { GuestFunctions } from "../guest-functions.ts";
import type { SendOutcome } from "./chat-response.ts";
import type { ChatSession, SendSettings } from "./chat-session.ts";
import { chatCompletion } from "./completion.ts";
import { errorBody, failureBody } from "./error-body.ts";
import { type ToolOutput, ToolRunner } from "./tool-runner.ts";
import { UsageSum } from "./usage-sum.ts";

/** Most tools of the guest that may be running when a session is sent: each holds a part of the guest's stack. */
const MAX_TOOL_DEPTH = 4;

/** Code of the error of a send that has reached its bound. */
const LIMIT = "tool_call_limit";

/** Reasons for which a response has all of its calls. Others have cut it, and may have cut the arguments of a call. */
const WHOLE: ReadonlySet<cchat.FinishReason> = new Set<cchat.FinishReason>(["tool_calls", "stop", "other"]);

/** State of one send. */
interface Send {
	readonly session: ChatSession;
	readonly settings: SendSettings;
	readonly selection: HostToolSelection | undefined;
	readonly hostTools: readonly cchat.Tool[];
	readonly signal: AbortSignal;
	readonly usage: UsageSum;
}

type ChatAnswer = Answer<"chat_completions">;

/** Sends the chat sessions of one instance, and runs the tools that models call. */
export class ChatSender {
	readonly #scope: CoreScope;
	readonly #tools: ToolRunner;
	readonly #wallClock: () => number;

	/** @param wallClock Returns milliseconds since 1970-01-01 00:00 UTC. */
	constructor(scope: CoreScope, guest: GuestFunctions, wallClock: () => number) {
		this.#scope = scope;
		this.#tools = new ToolRunner(scope, guest);
		this.#wallClock = wallClock;
	}

	/**
	 * Sends a session. A failure of the request is an outcome too.
	 *
	 * @param flags Sum of `SendFlags`.
	 * @throws SpearError the reason of the run's signal when that is aborted. Any other exception is a fault of the host.
	 */
	async send(session: ChatSession, flags: number): Promise<SendOutcome> {
		const { signal } = this.#scope;
		await eventLoopTurn();
		try {
			if (signal.aborted) throw abortError(signal);
			if (this.#tools.depth >= MAX_TOOL_DEPTH) {
				throw new SpearError(
					"not_permitted",
					`${MAX_TOOL_DEPTH} tools are running; no more than ${MAX_TOOL_DEPTH - 1} of them may send a session`,
				);
			}
			const settings = session.begin();
			try {
				const { body, metrics } = await this.#begun(session, settings, (flags & SendFlags.autoToolCalls) !== 0);
				return { body: encoded(body), metrics: (flags & SendFlags.metrics) === 0 ? {} : metrics };
			} finally {
				session.end();
			}
		} catch (thrown) {
			if (signal.aborted) throw abortError(signal);
			if (!(thrown instanceof SpearError) || thrown.code === "internal") throw thrown;
			return { body: encoded(failureBody(thrown)), metrics: {} };
		}
	}

	async #begun(
		session: ChatSession,
		settings: SendSettings,
		runsTools: boolean,
	): Promise<{ body: object; metrics: SendOutcome["metrics"] }> {
		const signal = AbortSignal.any([this.#scope.signal, session.closed]);
		const selection = session.params.hostTools;
		const hostTools = selection === undefined ? [] : ((await this.#scope.hostTools?.list(selection, signal)) ?? []);
		const send = { session, settings, selection, hostTools, signal, usage: new UsageSum() };
		if (runsTools) return this.#converse(send);
		const answer = await this.#request(send);
		return { body: this.#completion(send, answer), metrics: send.usage.metrics };
	}

	/** Requests answers and runs the tools that they call, until an answer calls none. */
	async #converse(send: Send): Promise<{ body: object; metrics: SendOutcome["metrics"] }> {
		const { session } = send;
		const { limits } = this.#scope;
		const maxCalls = Math.min(session.params.maxTotalToolCalls, limits.maxTotalToolCalls);
		const maxRounds = Math.min(session.params.maxIterations, limits.maxIterations);
		let callsLeft = maxCalls;
		for (let round = 0; round < maxRounds; round += 1) {
			const answer = await this.#request(send);
			const { message } = answer.result.payload;
			session.append(message);
			if (message.tool_calls.length === 0) return { body: this.#completion(send, answer), metrics: send.usage.metrics };
			const isWhole = WHOLE.has(answer.result.payload.finish_reason);
			for (const call of message.tool_calls.slice(0, callsLeft)) {
				if (isWhole) await this.#answerCall(send, call);
				else session.append(toolMessage(call.id, CUT));
			}
			const beyond = message.tool_calls.slice(callsLeft);
			// A call without a result would make every later send of the session fail.
			for (const [index, { id }] of beyond.entries()) {
				const turn = turnBeforeSlice(index);
				if (turn !== undefined) await turn;
				session.append(toolMessage(id, OVER_LIMIT));
			}
			if (beyond.length > 0) return { body: errorBody(LIMIT, OVER_CALLS), metrics: {} };
			callsLeft -= message.tool_calls.length;
		}
		return { body: errorBody(LIMIT, "exceeded max_iterations"), metrics: {} };
	}

	async #answerCall({ session, settings, selection, signal }: Send, call: cchat.ToolCall): Promise<void> {
		const output = signal.aborted
			? CLOSED
			: await this.#tools.run(call, { params: session.params, tools: settings.tools, selection, signal });
		if (!session.tryAppend(toolMessage(call.id, output))) session.append(toolMessage(call.id, NO_ROOM));
	}

	async #request({ session, settings, hostTools, signal, usage }: Send): Promise<ChatAnswer> {
		if (signal.aborted) throw abortError(signal);
		const own = [...settings.tools.values().map(({ tool }) => tool)];
		const tools = [...own, ...hostTools.filter(({ name }) => !settings.tools.has(name))];
		const payload: cchat.Request = { ...settings.request, messages: session.messages, tools };
		const answer = await this.#scope.pipeline.unary(
			{ operation: "chat_completions", payload, options: settings.options, isCharged: true },
			signal,
		);
		usage.add(answer.result.payload.usage);
		return answer;
	}

	#completion({ settings }: Send, { request_id, backend, result }: ChatAnswer): object {
		return chatCompletion(result.payload, {
			id: `chatcmpl-${request_id}`,
			created: Math.floor(this.#wallClock() / 1_000),
			backend: backend.instance,
			requestedModel: settings.request.model,
		});
	}
}

const OVER_CALLS = "exceeded max_total_tool_calls";
const OVER_LIMIT: ToolOutput = { text: toolErrorText("tool_exec_failed", OVER_CALLS), isError: true };
const CUT: ToolOutput = { text: toolErrorText("tool_exec_failed", "the response ended early, so its calls are not run"), isError: true };
const CLOSED: ToolOutput = { text: toolErrorText("tool_exec_failed", "the session was closed"), isError: true };
const NO_ROOM: ToolOutput = { text: toolErrorText("tool_exec_failed", `tool rc: ${ENOMEM}`), isError: true };

function toolMessage(id: string, { text, isError }: ToolOutput): cchat.Message {
	return {
		role: "tool",
		tool_call_id: id,
		content: [{ type: "text", text }],
		tool_calls: [],
		...(isError ? { is_error: true } : {}),
	};
}

function encoded(body: object): Uint8Array {
	return Buffer.from(JSON.stringify(body));
}
