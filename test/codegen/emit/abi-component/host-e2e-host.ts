/** A host by hand, in IR shape: it notes what reaches it and answers with values that use every shape of type. */
import type { HostFamilies } from "../../../../generated/hostcall/families.ts";
import type { Readiness } from "../../../../generated/hostcall/runtime.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as media from "../../../../generated/ir/media.ts";
import type * as types from "../../../../generated/ir/types.ts";

/** Thrown by the host below; the context of the test turns it into its record. */
export class RecordError extends Error {
	readonly record: types.Error;

	constructor(record: types.Error) {
		super(record.message);
		this.record = record;
	}
}

export const RATE_LIMITED: types.Error = {
	code: "rate_limited",
	message: "slow down",
	retryable: true,
	retry_after_ms: 1500,
	explanation: {
		operation: "chat_completions",
		required_features: ["supports_tools"],
		required_transports: ["server_stream"],
		candidates_checked: 2,
		eligible: ["a"],
		rejected: [{ backend: "b", reason: "no_key" }],
		policy: "round_robin",
		chosen: "a",
		attempts: [{ backend: "a", latency_ms: 3, failure: "rate_limited", detail: "429" }],
	},
};

const ANSWER: cchat.Response = {
	model: "m",
	message: {
		role: "assistant",
		content: [
			{ type: "reasoning", reasoning: { text: "hm" } },
			{ type: "opaque", opaque: { provider: "p", kind: "k", data: Uint8Array.of(0, 255) } },
		],
		tool_calls: [{ id: "1", name: "t", arguments: "{}" }],
	},
	finish_reason: "tool_calls",
	usage: { input_tokens: 3, total_tokens: 4 },
};

/** Time that passes only while a guest waits for it: events come in the same order however slow the machine is. */
class Schedule {
	/** In virtual milliseconds. */
	now = 0;
	readonly #waiting = new Set<{ readonly at: number; readonly notify: () => void }>();

	/** Calls `notify` at that time. The returned function cancels the call. */
	when(at: number, notify: () => void): () => void {
		const entry = { at, notify };
		this.#waiting.add(entry);
		setTimeout(() => this.#advance(), 5);
		return () => this.#waiting.delete(entry);
	}

	#advance(): void {
		if (this.#waiting.size === 0) return;
		this.now = Math.max(this.now, Math.min(...[...this.#waiting].map(({ at }) => at)));
		for (const entry of [...this.#waiting]) if (entry.at <= this.now && this.#waiting.delete(entry)) entry.notify();
	}
}

const schedule = new Schedule();

/** Ready from a moment on. */
class Moment implements Readiness {
	readonly at: number;

	constructor(at: number) {
		this.at = at;
	}

	isReady(): boolean {
		return schedule.now >= this.at;
	}

	onReady(notify: () => void): () => void {
		return schedule.when(this.at, notify);
	}
}

/** Words that come one by one, then the end. */
class WordStream {
	readonly #events: { readonly at: number; readonly event: cchat.Event }[];
	readonly #journal: unknown[];
	readonly #name: string;

	constructor(name: string, everyMs: number, journal: unknown[]) {
		const start = schedule.now;
		const events: cchat.Event[] = [
			{ type: "text", text: `${name} 1` },
			{ type: "text", text: `${name} 2` },
			{ type: "completed", completed: ANSWER },
		];
		this.#events = events.map((event, index) => ({ event, at: start + everyMs * (index + 1) }));
		this.#journal = journal;
		this.#name = name;
	}

	async next(): Promise<cchat.Event> {
		throw new Error("not called");
	}

	tryNext(): cchat.Event | undefined {
		const [first] = this.#events;
		if (first === undefined || first.at > schedule.now) return undefined;
		return this.#events.shift()?.event;
	}

	subscribe(): Readiness {
		return new Moment(this.#events[0]?.at ?? 0);
	}

	[Symbol.dispose](): void {
		this.#journal.push(`disposed ${this.#name}`);
	}
}

/** @param journal is told what reaches the host, in order */
export function echoHost(journal: unknown[]): HostFamilies<void> {
	const stored: number[] = [];
	const info: media.MediaInfo = {
		reference: { type: "stored", stored: "sms+file://2" },
		size: 2 ** 53,
		mime_type: "text/plain",
		sha256: "ab",
	};
	const note = <T>(answer: T, ...seen: unknown[]): T => {
		journal.push(...seen);
		return answer;
	};
	return {
		emb: () => ({
			embed: async (...args) =>
				note(
					{ model: "e", vectors: [Float32Array.of(0.5, -1), Float32Array.of(2, 0.25)], dimensions: 2, usage: { input_tokens: 0 } },
					...args,
				),
		}),
		asr: () => ({
			transcribe: async (...args) =>
				note({ text: "t", duration: 1.5, segments: [{ start: 0, end: 1, text: "t", speaker: "s" }], words: [] }, ...args),
			transcribeStream: async () => {
				throw new Error("not called");
			},
		}),
		img: () => ({
			create: async (...args) =>
				note(
					{
						images: [{ media: { type: "url", url: "https://x" }, mime_type: "image/png", size: { width: 8, height: 4 } }],
						downgrades: [{ field: "format", effect: "changed", detail: "image 1 is image/png instead of image/webp" }],
					},
					...args,
				),
		}),
		tts: () => ({
			synthesize: async () => {
				throw new Error("not called");
			},
			synthesizeStream: async (...args) =>
				note(
					{
						next: async () => ({ type: "audio", audio: Uint8Array.of(1, 0, 255) }),
						tryNext: () => undefined,
						subscribe: () => new Moment(0),
						[Symbol.dispose]: () => note(undefined, "disposed speech"),
					},
					...args,
				),
			listVoices: async () => [{ id: "v", languages: ["en", "de"], description: "calm" }],
		}),
		cchat: () => ({
			async complete() {
				throw new RecordError(RATE_LIMITED);
			},
			completeStream: async ({ model = "" }) => new WordStream(model, model === "slow" ? 60 : 20, journal),
			session: {
				open: (initial) =>
					note(
						{
							writeMessage: () => {},
							writeToolResult: () => {},
							registerTool: () => note(undefined, "registered"),
							useHostTools: () => {},
							setParam: (name, value) => note(undefined, [name, value]),
							send: async () => ANSWER,
							sendStream: async () => {
								throw new Error("not called");
							},
							truncate: (length) => note(initial.messages, length),
							removeLastTurn: () => [],
							messages: () => [...initial.messages, ANSWER.message],
							metrics: () => {
								throw new Error("not called");
							},
							[Symbol.dispose]: () => note(undefined, "disposed session"),
						},
						initial,
					),
			},
		}),
		rt: () => ({
			session: {
				connect: async (request) =>
					note(
						{
							appendAudio: (audio) => note({ bytes: audio.length, queued_bytes: 5 }, audio),
							sendText: () => {},
							sendToolResult: () => {},
							commit: () => {},
							clear: () => {},
							cancel: () => {},
							truncate: (...args) => note(undefined, args),
							next: async () => ({ type: "speech_started", speech_started: 7 }),
							tryNext: () => ({ type: "audio", audio: { item_id: "i", audio: Uint8Array.of(9) } }),
							subscribe: () => new Moment(0),
							subscribeSend: () => new Moment(0),
							state: () => "draining",
							drain: async () => {},
							close: () => {},
							[Symbol.dispose]: () => {},
						},
						request,
					),
			},
		}),
		transform: () => ({
			call: async (operation, payload) => note({ echoed: payload }, operation),
			callStream: async () => {
				throw new Error("not called");
			},
		}),
		discovery: () => ({
			operations: () => [{ name: "embeddings", family: "emb", available: true }],
			models: (operation) => [
				{
					name: "m",
					operation: operation ?? "",
					features: ["supports_tools"],
					transports: ["bidi_stream"],
					limits: [{ name: "tokens", value: 8192 }],
					is_default: false,
				},
			],
			features: () => ["supports_tools"],
		}),
		media: () => ({
			writer: {
				open: (mimeType) =>
					note(
						{
							append: async (bytes) => void stored.push(...bytes),
							finish: async () => info,
							[Symbol.dispose]: () => {},
						},
						mimeType,
					),
			},
			reader: {
				open: async () => ({
					read: async (max) => (stored.length === 0 ? undefined : Uint8Array.from(stored.splice(0, max))),
					[Symbol.dispose]: () => {},
				}),
			},
			put: async () => info,
			get: async () => new Uint8Array(),
			stat: async () => info,
			remove: async (reference) => note(undefined, reference),
		}),
		log: () => ({ log: (...args) => note(undefined, args) }),
		output: () => ({
			emitText: async (...args) => note(undefined, args),
			emitEvent: async (...args) => note(undefined, args),
		}),
		poll: () => ({
			async poll(pollables) {
				const { promise, resolve } = Promise.withResolvers<void>();
				const cancels = pollables.map((pollable) => pollable.onReady(resolve));
				if (pollables.length > 0) await promise;
				for (const cancel of cancels) cancel();
				return pollables.flatMap((pollable, index) => (pollable.isReady() ? [index] : []));
			},
			subscribeDuration: (ms) => new Moment(schedule.now + ms),
			pollable: {
				ready: (self) => self.isReady(),
				block: (self) => new Promise((resolve) => self.onReady(resolve)),
			},
		}),
	};
}
