import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../generated/ir/rt.ts";
import { abortError } from "../../../errors/spear-error.ts";
import { pause } from "./pause.ts";
import { spelledCall } from "./spelled-call.ts";
import { SAMPLE_RATE, samplesOf } from "./tts-tone.ts";
import { countWords, words } from "./words.ts";

type ChannelEvent = Exclude<rt.Event, { type: "completed" | "failed" }>;

/** Sample rate of the ABI's `pcm16`, in Hz. */
const PCM16_RATE = 24_000;

/**
 * Audio of every answer: 440 Hz for 200 ms. The samples are generated for {@link SAMPLE_RATE} and played at {@link PCM16_RATE}, so their
 * pitch is lowered by the same factor.
 */
const TONE = samplesOf({ hertz: (440 * SAMPLE_RATE) / PCM16_RATE, sounding: PCM16_RATE / 5, silent: 0 });

/** Most answers in the queue before `send` waits. Otherwise a guest could queue without bound. */
const MAX_QUEUED = 8;

/** Content of an answer. */
type Answer =
	| { readonly speech: string }
	| { readonly text: string }
	| { readonly call: { readonly name: string; readonly arguments: string } };

export interface StubChannelOptions {
	readonly mode: rt.Mode;
	readonly tools: readonly rt.Tool[];
	readonly transcribes: boolean;
	/** Delay before each word, in milliseconds. */
	readonly delayMs: number;
	readonly signal: AbortSignal;
}

/**
 * A realtime session without a model:
 *
 * - a commit is transcribed as `stub heard <n> bytes`. A conversation answers with the same text and a tone;
 * - a text is answered with `stub: you said <text>`, or with the tool call that it asks for;
 * - a tool result is answered with `stub: tool said <result>`.
 */
export class StubChannel implements RealtimeVoiceChannel {
	readonly #options: StubChannelOptions;
	/** Queued events, oldest first. Each entry yields its events when its turn comes. */
	readonly #queue: (() => AsyncGenerator<ChannelEvent, void, void>)[] = [];
	#change = Promise.withResolvers<void>();
	#idle = true;
	#closed = false;
	#cancelled = false;
	#audioBytes = 0;
	#answers = 0;
	#items = 0;
	#calls = 0;
	#outputWords = 0;

	constructor(options: StubChannelOptions) {
		this.#options = options;
		options.signal.addEventListener("abort", () => this.#notify(), { once: true });
	}

	get events(): AsyncIterable<ChannelEvent> {
		return this.#read();
	}

	async send(input: RealtimeVoiceInput): Promise<void> {
		switch (input.type) {
			case "append_audio":
				this.#audioBytes += input.audio.byteLength;
				return;
			case "clear":
				this.#audioBytes = 0;
				return;
			case "commit":
				this.#commit();
				break;
			case "send_text": {
				const call = spelledCall(input.text, this.#options.tools);
				this.#answer(call === undefined ? { text: `stub: you said ${input.text}` } : { call });
				break;
			}
			case "send_tool_result":
				this.#answer({ text: `stub: tool said ${input.output}` });
				break;
			case "cancel":
			case "truncate":
				this.#cancelled = !this.#idle;
				return;
		}
		while (this.#queue.length > MAX_QUEUED && !this.#ended) await this.#change.promise;
	}

	async drain(): Promise<void> {
		while (!this.#idle && !this.#ended) await this.#change.promise;
	}

	async close(): Promise<void> {
		this.#closed = true;
		this.#notify();
	}

	/** Returns usage that counts the words of answers as output tokens. Input has none. */
	report(): Partial<rt.Response> {
		return this.#outputWords === 0 ? {} : { usage: { output_tokens: this.#outputWords } };
	}

	get #ended(): boolean {
		return this.#closed || this.#options.signal.aborted;
	}

	async *#read(): AsyncGenerator<ChannelEvent, void, void> {
		const { signal } = this.#options;
		for (;;) {
			if (signal.aborted) throw abortError(signal);
			if (this.#closed) return;
			const next = this.#queue.shift();
			if (next !== undefined) {
				yield* next();
				this.#notify();
				continue;
			}
			this.#idle = true;
			this.#notify();
			await this.#change.promise;
		}
	}

	#commit(): void {
		const text = `stub heard ${this.#audioBytes} bytes`;
		this.#audioBytes = 0;
		this.#items += 1;
		const item_id = `stub-heard-${this.#items}`;
		if (this.#options.transcribes) {
			this.#enqueue(async function* () {
				yield { type: "input_transcript", input_transcript: { item_id, text } };
				yield { type: "input_transcript_done", input_transcript_done: { item_id, text } };
			});
		}
		if (this.#options.mode === "conversation") this.#answer({ speech: text });
	}

	#answer(answer: Answer): void {
		this.#answers += 1;
		const id = `stub-answer-${this.#answers}`;
		this.#enqueue(() => this.#answerEvents(id, answer));
	}

	async *#answerEvents(id: string, answer: Answer): AsyncGenerator<ChannelEvent, void, void> {
		this.#cancelled = false;
		yield { type: "response_started", response_started: id };
		if ("call" in answer) {
			this.#calls += 1;
			yield { type: "tool_call", tool_call: { id: `stub-call-${this.#calls}`, ...answer.call } };
		} else {
			const whole = "speech" in answer ? answer.speech : answer.text;
			for (const text of words(whole)) {
				await pause(this.#options.delayMs, this.#options.signal);
				if (this.#cancelled || this.#closed) break;
				this.#outputWords += countWords(text);
				const delta = { item_id: id, text };
				yield "speech" in answer ? { type: "output_transcript", output_transcript: delta } : { type: "text", text: delta };
			}
			if ("speech" in answer && !this.#cancelled) yield { type: "audio", audio: { item_id: id, audio: TONE } };
		}
		yield { type: "response_done", response_done: id };
	}

	#enqueue(events: () => AsyncGenerator<ChannelEvent, void, void>): void {
		this.#queue.push(events);
		this.#idle = false;
		this.#notify();
	}

	#notify(): void {
		const { resolve } = this.#change;
		this.#change = Promise.withResolvers();
		resolve();
	}
}
