import type { ImportObject } from "../../src/abi/component/import-object.ts";

type Answer<T> = { tag: "ok"; val: T } | { tag: "err"; val: AbiError };

/** Returns the error record of the ABI in WIT shape. */
export interface AbiError {
	code: string;
	message: string;
	retryable: boolean;
	retryAfterMs: number | undefined;
	operation: string | undefined;
	explanation: undefined;
}

export interface ToolCall {
	id: string;
	name: string;
	arguments: string;
}

/** Reaction of the scripted model to one request: an answer, tool calls or a failure. */
export type Turn =
	| { text: string /** Parts of the text in a stream. The default is one part. */; pieces?: string[]; delayMs?: number }
	| { calls: ToolCall[] /** The default is `tool-calls`. */; finish?: string }
	| { error: AbiError }
	| { breaksOff: AbiError; after: string };

export function abiError(code: string, message: string, more: Partial<AbiError> = {}): AbiError {
	return { code, message, retryable: false, retryAfterMs: undefined, operation: "chat_completions", explanation: undefined, ...more };
}

/** A host for guests of the world `chat-agent`, written by hand for the calls of a transpiled component. */
export interface ScriptedHost {
	readonly imports: ImportObject;
	/** Calls of the guest in order, as short lines. */
	readonly journal: string[];
	/** Each emitted text, and each event as `name data`. */
	readonly emitted: string[];
	/** Each log line as `level message`. */
	readonly log: string[];
	/** Returns the time that the guest has waited, in milliseconds. */
	waitedMs(): number;
	/** Returns the number of open streams. */
	readonly openStreams: () => number;
	/** The request that each session was opened with. */
	readonly opened: unknown[];
}

/** Longest tool output that the scripted host accepts. */
const MAX_TOOL_OUTPUT = 199;

export function scriptedHost(turns: readonly Turn[]): ScriptedHost {
	const queue = [...turns];
	const journal: string[] = [];
	const lines: string[] = [];
	const emitted: string[] = [];
	const opened: unknown[] = [];
	let open = 0;
	const ok = <T>(val: T): Answer<T> => ({ tag: "ok", val });
	const take = (): Turn => queue.shift() ?? { error: abiError("internal", "the script is at its end") };

	/** Time in milliseconds that passes only while the guest waits, so that the order of events does not depend on the machine. */
	let now = 0;
	const waitUntil = async (at: number): Promise<void> => {
		await new Promise((resolve) => setImmediate(resolve));
		now = Math.max(now, at);
	};

	class Pollable {
		readonly at: number;
		constructor(at: number) {
			this.at = at;
		}
		ready(): boolean {
			return this.at <= now;
		}
		async block(): Promise<void> {
			await waitUntil(this.at);
		}
	}

	class EventStream {
		readonly #events: { event: unknown; at: number }[];
		constructor(turn: Turn) {
			open += 1;
			const step = "text" in turn ? (turn.delayMs ?? 0) : 0;
			this.#events = streamEvents(turn).map((event, index) => ({ event, at: now + step * (index + 1) }));
		}
		async next(): Promise<Answer<unknown>> {
			await waitUntil(this.#nextAt());
			const next = this.#events.shift();
			return next === undefined ? { tag: "err", val: abiError("invalid-request", "the stream has ended") } : ok(next.event);
		}
		tryNext(): Answer<unknown> {
			const [next] = this.#events;
			if (next === undefined || next.at > now) return ok(undefined);
			this.#events.shift();
			return ok(next.event);
		}
		subscribe(): Pollable {
			return new Pollable(this.#nextAt());
		}
		#nextAt(): number {
			return this.#events[0]?.at ?? 0;
		}
		[Symbol.dispose](): void {
			open -= 1;
			journal.push("dispose stream");
		}
	}

	class Session {
		static open(request: unknown, options: unknown): Answer<Session> {
			opened.push(request);
			journal.push(`open${options === undefined ? "" : ` ${JSON.stringify(options)}`}`);
			return ok(new Session());
		}
		writeMessage(message: { role: string; content: { tag: string; val: unknown }[] }): Answer<undefined> {
			journal.push(`${message.role}: ${message.content.map((part) => part.val).join("")}`);
			return ok(undefined);
		}
		writeToolResult(result: { callId: string; output: string; isError: boolean }): Answer<undefined> {
			if (result.output.length > MAX_TOOL_OUTPUT)
				return { tag: "err", val: abiError("invalid-request", `output of ${result.output.length} bytes is too long`) };
			journal.push(`tool ${result.callId} ${result.isError ? "failed" : "gave"}: ${result.output}`);
			return ok(undefined);
		}
		registerTool(): Answer<undefined> {
			return ok(undefined);
		}
		useHostTools(tools: unknown): Answer<undefined> {
			journal.push(`host tools ${JSON.stringify(tools)}`);
			return ok(undefined);
		}
		setParam(): Answer<undefined> {
			return ok(undefined);
		}
		async send(): Promise<Answer<unknown>> {
			journal.push("send");
			const turn = take();
			if ("error" in turn) return { tag: "err", val: turn.error };
			return ok(response(turn));
		}
		async sendStream(): Promise<Answer<EventStream>> {
			journal.push("send-stream");
			const turn = take();
			return "error" in turn ? { tag: "err", val: turn.error } : ok(new EventStream(turn));
		}
		truncate(length: number): Answer<unknown[]> {
			journal.push(`truncate ${length}`);
			return ok([]);
		}
		removeLastTurn(): Answer<unknown[]> {
			journal.push("remove the last turn");
			return ok([{ role: "user", content: [{ tag: "text", val: "removed" }], toolCalls: [], toolCallId: undefined, name: undefined }]);
		}
		messages(): Answer<unknown[]> {
			return ok([]);
		}
		metrics(): Answer<unknown> {
			return ok({
				requests: 1,
				iterations: 1,
				toolCalls: 0,
				toolOutputBytes: 0,
				inputTokens: 0,
				outputTokens: 0,
				lastBackend: undefined,
				lastLatencyMs: undefined,
			});
		}
		[Symbol.dispose](): void {
			journal.push("dispose session");
		}
	}

	return {
		journal,
		log: lines,
		emitted,
		opened,
		openStreams: () => open,
		waitedMs: () => now,
		imports: {
			"spear:ai/cchat": {
				Session,
				EventStream,
				complete: async () => ok(response(take())),
				completeStream: async () => ok(new EventStream(take())),
			},
			"spear:ai/poll": {
				Pollable,
				poll: async (pollables: Pollable[]) => {
					await waitUntil(Math.min(...pollables.map(({ at }) => at)));
					return Uint32Array.from(pollables.flatMap((pollable, index) => (pollable.ready() ? [index] : [])));
				},
				subscribeDuration: (ms: number) => new Pollable(now + ms),
			},
			"spear:ai/output": {
				emitText: async (text: string) => {
					emitted.push(text);
					return ok(undefined);
				},
				emitEvent: async (name: string, data: string) => {
					if (name === "refused") return { tag: "err", val: abiError("invalid-request", "no such name") };
					emitted.push(`${name} ${data}`);
					return ok(undefined);
				},
			},
			"spear:ai/log": {
				log: (level: string, message: string, fields: { key: string; value: string }[]) => {
					lines.push(`${level} ${message}${fields.length > 0 ? ` [${fields.map((field) => field.key).join()}]` : ""}`);
				},
			},
		},
	};
}

function response(turn: Turn): unknown {
	const text = "text" in turn ? turn.text : "";
	const toolCalls = "calls" in turn ? turn.calls : [];
	return {
		id: undefined,
		model: "scripted",
		message: {
			role: "assistant",
			content: text === "" ? [] : [{ tag: "text", val: text }],
			toolCalls,
			toolCallId: undefined,
			name: undefined,
		},
		finishReason: "calls" in turn ? (turn.finish ?? "tool-calls") : "stop",
		usage: undefined,
	};
}

function streamEvents(turn: Turn): unknown[] {
	if ("breaksOff" in turn) {
		const partial = {
			role: "assistant",
			content: [{ tag: "text", val: turn.after }],
			toolCalls: [],
			toolCallId: undefined,
			name: undefined,
		};
		return [
			{ tag: "text", val: turn.after },
			{ tag: "failed", val: { error: turn.breaksOff, partial } },
		];
	}
	const pieces = "text" in turn ? (turn.pieces ?? [turn.text]) : [];
	const deltas = "calls" in turn ? turn.calls.map((call, index) => ({ tag: "tool-call", val: { index, ...call } })) : [];
	return [...pieces.map((val) => ({ tag: "text", val })), ...deltas, { tag: "completed", val: response(turn) }];
}
