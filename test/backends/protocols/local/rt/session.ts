/** A session of the tests over stand-in engines: its events as short texts, and waits for them. */
import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../../../generated/backends/realtime-voice.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { openSession } from "../../../../../src/backends/protocols/local/rt/open-session.ts";
import type { ChatRequests } from "../../../../../src/backends/protocols/local/rt/response.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { type StandInEngines, standInEngines } from "./stand-in-engines.ts";

/** Answers a request of the session, as a chat backend does. Strings are parts of the text. */
export type Chat = (request: cchat.Request, signal: AbortSignal) => AsyncGenerator<string | cchat.ToolCall, void, void>;

export interface TestSession {
	readonly channel: RealtimeVoiceChannel;
	readonly engines: StandInEngines;
	readonly abort: AbortController;
	/** Events so far, such as `speech_started 400` or `audio answer-1 100 ms`. Audio that follows audio of the same item is added to it. */
	readonly seen: string[];
	/** Requests to the chat backend. */
	readonly asked: cchat.Request[];
	/** Failure of the events. */
	failure: SpearError | undefined;
	/** Resolves when the events have ended. */
	readonly ended: Promise<void>;
	/** Stops and resumes the reader. */
	pause(): void;
	resume(): void;
	send(...inputs: readonly (RealtimeVoiceInput | Uint8Array)[]): Promise<void>;
	/** Resolves once an event begins with a text. */
	until(text: string): Promise<void>;
	/** Audio of answers so far, in milliseconds of `pcm16`. */
	readonly audioMs: number;
	/** Resolves once there is so much audio of answers, in milliseconds. */
	untilAudio(ms: number): Promise<void>;
	/** Drains the session, and returns all events. */
	drained(): Promise<string[]>;
}

export interface SessionOptions {
	readonly request?: Partial<rt.Request>;
	readonly chat?: Chat;
	readonly engines?: StandInEngines;
	readonly chatModel?: string;
	/** The default is no limit. */
	readonly leadMs?: number;
}

/** Bytes of `pcm16` in a millisecond. */
const BYTES_PER_MS = 48;

/** Sessions that a test has opened. */
const open: TestSession[] = [];

/** Ends every session of a test. */
export async function endSessions(): Promise<void> {
	for (const session of open.splice(0)) {
		session.resume();
		await session.channel.close();
		await session.ended;
	}
}

export async function transcription(options: SessionOptions = {}): Promise<TestSession> {
	return connect({ mode: "transcription", tools: [], ...options.request }, options);
}

export async function conversation(options: SessionOptions = {}): Promise<TestSession> {
	return connect({ mode: "conversation", tools: [], ...options.request }, options);
}

async function connect(payload: rt.Request, options: SessionOptions): Promise<TestSession> {
	const { chat = echo, engines = standInEngines(), chatModel, leadMs = Number.POSITIVE_INFINITY } = options;
	const abort = new AbortController();
	const asked: cchat.Request[] = [];
	const config = { name: "here", kind: "local", models: [], options: {} };
	const context = { signal: abort.signal, requests: requestsBy(chat, asked) };
	const channel = await openSession(payload, context, { config, engines, chatModel, leadMs });
	let resume = Promise.withResolvers<void>();
	resume.resolve();
	const watchers = new Set<() => void>();
	const session: TestSession = {
		channel,
		engines,
		abort,
		seen: [],
		asked,
		failure: undefined,
		ended: Promise.resolve(),
		pause: () => {
			resume = Promise.withResolvers();
		},
		resume: () => resume.resolve(),
		async send(...inputs) {
			for (const input of inputs) await channel.send(input instanceof Uint8Array ? { type: "append_audio", audio: input } : input);
		},
		async until(text) {
			while (!session.seen.some((event) => event.startsWith(text))) await new Promise<void>((resolve) => watchers.add(resolve));
		},
		get audioMs() {
			return session.seen.reduce((sum, event) => sum + (event.startsWith("audio") ? Number(event.split(" ")[2]) : 0), 0);
		},
		async untilAudio(ms) {
			while (session.audioMs < ms) await new Promise<void>((resolve) => watchers.add(resolve));
		},
		async drained() {
			await channel.drain();
			return session.seen;
		},
	};
	const reading = (async () => {
		try {
			for await (const event of channel.events) {
				note(session.seen, event);
				for (const wake of watchers) wake();
				watchers.clear();
				await resume.promise;
			}
		} catch (thrown) {
			session.failure = SpearError.from(thrown);
		}
	})();
	Object.assign(session, { ended: reading });
	open.push(session);
	return session;
}

/** Adds an event to a list of texts. */
function note(seen: string[], event: rt.Event): void {
	const last = seen.at(-1)?.split(" ") ?? [];
	switch (event.type) {
		case "speech_started":
			seen.push(`speech_started ${event.speech_started}`);
			break;
		case "speech_stopped":
			seen.push(`speech_stopped ${event.speech_stopped}`);
			break;
		case "response_started":
			seen.push(`response_started ${event.response_started}`);
			break;
		case "response_done":
			seen.push(`response_done ${event.response_done}`);
			break;
		case "audio": {
			const { item_id, audio } = event.audio;
			const before = last[0] === "audio" && last[1] === item_id ? Math.round(Number(last[2]) * BYTES_PER_MS) : 0;
			seen.splice(before > 0 ? -1 : seen.length, 1, `audio ${item_id} ${(before + audio.length) / BYTES_PER_MS} ms`);
			break;
		}
		case "input_transcript":
			seen.push(`heard ${event.input_transcript.item_id} "${event.input_transcript.text}"`);
			break;
		case "input_transcript_done":
			seen.push(`transcript ${event.input_transcript_done.item_id} "${event.input_transcript_done.text}"`);
			break;
		case "output_transcript":
			seen.push(`says ${event.output_transcript.item_id} "${event.output_transcript.text}"`);
			break;
		case "tool_call":
			seen.push(`tool_call ${event.tool_call.id} ${event.tool_call.name} ${event.tool_call.arguments}`);
			break;
		case "warning":
			seen.push(`warning ${event.warning.code}: ${event.warning.message}`);
			break;
		default:
			seen.push(event.type);
	}
}

async function* echo(request: cchat.Request): AsyncGenerator<string, void, void> {
	yield `You said ${textsOf(request).at(-1)}.`;
}

/** Returns the messages of a request as short texts. */
export function textsOf(request: cchat.Request | undefined): string[] {
	return (request?.messages ?? []).map(({ role, content, tool_calls }) => {
		const text = content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("");
		return `${role}: ${[text, ...tool_calls.map(({ name }) => `[${name}]`)].join("")}`;
	});
}

function requestsBy(chat: Chat, asked: cchat.Request[]): ChatRequests {
	return {
		async *stream(_, request, signal) {
			asked.push(request);
			let text = "";
			const tool_calls: cchat.ToolCall[] = [];
			for await (const part of chat(request, signal)) {
				signal.throwIfAborted();
				if (typeof part !== "string") tool_calls.push(part);
				else {
					text += part;
					yield { type: "text", text: part };
				}
			}
			const content: cchat.ContentPart[] = text === "" ? [] : [{ type: "text", text }];
			const message: cchat.Message = { role: "assistant", content, tool_calls };
			const usage = { input_tokens: 3, output_tokens: 2 };
			yield { type: "completed", completed: { model: "toy", message, finish_reason: "stop", usage } };
		},
	};
}
