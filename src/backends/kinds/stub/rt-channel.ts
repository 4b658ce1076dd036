import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../generated/ir/rt.ts";
import { abortError } from "../../../errors/spear-error.ts";
import { pause } from "./pause.ts";
import { spelledCall } from "./spelled-call.ts";
import { SAMPLE_RATE, samplesOf } from "./tts-tone.ts";
import { countWords, words } from "./words.ts";

type ChannelEvent = Exclude<rt.Event, { type: "completed" | "failed" }>;

/** Samples a second of the ABI's `pcm16`. */
const PCM16_RATE = 24_000;

/** The stub's voice, whatever it says: 440 Hz for 200 ms. Made for another rate, it is lowered by as much as it will be raised. */
const TONE = samplesOf({ hertz: (440 * SAMPLE_RATE) / PCM16_RATE, sounding: PCM16_RATE / 5, silent: 0 });

/** How many answers may wait to be given before input is made to wait. */
const MAX_WAITING = 8;

/** What an answer consists of. */
type Saying =
	| { readonly spoken: string }
	| { readonly text: string }
	| { readonly call: { readonly name: string; readonly arguments: string } };

export interface StubChannelOptions {
	readonly mode: rt.Mode;
	readonly tools: readonly rt.Tool[];
	readonly transcribes: boolean;
	/** Before each word, in milliseconds. */
	readonly delayMs: number;
	readonly signal: AbortSignal;
}

/**
 * A session with nobody at the other end:
 *
 * - a commit is transcribed as `stub heard <n> bytes`, and in a conversation answered with that and a tone;
 * - a text is answered with `stub: you said <text>`, or with the tool call that it spells out;
 * - a tool's result is answered with `stub: tool said <result>`.
 */
export class StubChannel implements RealtimeVoiceChannel {
	readonly #options: StubChannelOptions;
	/** Answers to be given, oldest first: each says what it has to say when its turn comes. */
	readonly #script: (() => AsyncGenerator<ChannelEvent, void, void>)[] = [];
	#wake = Promise.withResolvers<void>();
	#idle = true;
	#closed = false;
	#cancelled = false;
	#heardBytes = 0;
	#answers = 0;
	#items = 0;
	#calls = 0;
	#spokenWords = 0;

	constructor(options: StubChannelOptions) {
		this.#options = options;
		options.signal.addEventListener("abort", () => this.#changed(), { once: true });
	}

	get events(): AsyncIterable<ChannelEvent> {
		return this.#play();
	}

	async send(input: RealtimeVoiceInput): Promise<void> {
		switch (input.type) {
			case "append_audio":
				this.#heardBytes += input.audio.byteLength;
				return;
			case "clear":
				this.#heardBytes = 0;
				return;
			case "commit":
				this.#hear();
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
		while (this.#script.length > MAX_WAITING && !this.#over) await this.#wake.promise;
	}

	async drain(): Promise<void> {
		while (!this.#idle && !this.#over) await this.#wake.promise;
	}

	async close(): Promise<void> {
		this.#closed = true;
		this.#changed();
	}

	get #over(): boolean {
		return this.#closed || this.#options.signal.aborted;
	}

	/** Words stand for tokens; what is heard has none. */
	report(): Partial<rt.Response> {
		return this.#spokenWords === 0 ? {} : { usage: { output_tokens: this.#spokenWords } };
	}

	async *#play(): AsyncGenerator<ChannelEvent, void, void> {
		const { signal } = this.#options;
		for (;;) {
			if (signal.aborted) throw abortError(signal);
			if (this.#closed) return;
			const next = this.#script.shift();
			if (next !== undefined) {
				yield* next();
				this.#changed();
				continue;
			}
			this.#idle = true;
			this.#changed();
			await this.#wake.promise;
		}
	}

	#hear(): void {
		const text = `stub heard ${this.#heardBytes} bytes`;
		this.#heardBytes = 0;
		this.#items += 1;
		const item_id = `stub-heard-${this.#items}`;
		if (this.#options.transcribes) {
			this.#perform(async function* () {
				yield { type: "input_transcript", input_transcript: { item_id, text } };
				yield { type: "input_transcript_done", input_transcript_done: { item_id, text } };
			});
		}
		if (this.#options.mode === "conversation") this.#answer({ spoken: text });
	}

	#answer(what: Saying): void {
		this.#answers += 1;
		const id = `stub-answer-${this.#answers}`;
		this.#perform(() => this.#say(id, what));
	}

	async *#say(id: string, what: Saying): AsyncGenerator<ChannelEvent, void, void> {
		this.#cancelled = false;
		yield { type: "response_started", response_started: id };
		if ("call" in what) {
			this.#calls += 1;
			yield { type: "tool_call", tool_call: { id: `stub-call-${this.#calls}`, ...what.call } };
		} else {
			const whole = "spoken" in what ? what.spoken : what.text;
			for (const text of words(whole)) {
				await pause(this.#options.delayMs, this.#options.signal);
				if (this.#cancelled || this.#closed) break;
				this.#spokenWords += countWords(text);
				const piece = { item_id: id, text };
				yield "spoken" in what ? { type: "output_transcript", output_transcript: piece } : { type: "text", text: piece };
			}
			if ("spoken" in what && !this.#cancelled) yield { type: "audio", audio: { item_id: id, audio: TONE } };
		}
		yield { type: "response_done", response_done: id };
	}

	#perform(part: () => AsyncGenerator<ChannelEvent, void, void>): void {
		this.#script.push(part);
		this.#idle = false;
		this.#changed();
	}

	#changed(): void {
		const { resolve } = this.#wake;
		this.#wake = Promise.withResolvers();
		resolve();
	}
}
