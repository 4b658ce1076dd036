import { setTimeout as sleep } from "node:timers/promises";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { ahead } from "./ahead.ts";
import { ENGINE_RATE, type Speaking } from "./engines.ts";
import type { Answer } from "./history.ts";
import type { Outbox } from "./outbox.ts";
import { audioMs, OutputEncoder } from "./output-encoder.ts";
import { Playback } from "./playback.ts";
import type { Progress } from "./progress.ts";
import { Sentences } from "./sentences.ts";
import { warning } from "./warning.ts";

/** Audio of one event, in samples of the engine: 100 ms. */
const SLICE = ENGINE_RATE / 10;

/** Events that wait for the reader before the voice waits too. */
const MAX_WAITING_EVENTS = 4;

/** Longest answer that is spoken, in characters: about half an hour. The rest of a longer one is not requested. */
const MAX_ANSWER = 32_768;

/** Requests to the chat backends of the host. */
export interface ChatRequests {
	/** Yields the events of a streamed answer. Leaving the loop cancels the request. */
	stream(operation: "chat_completions", payload: cchat.Request, signal: AbortSignal): AsyncIterable<cchat.Event>;
}

/** Parts of a session that its responses need. */
export interface ResponseContext {
	readonly requests: ChatRequests;
	readonly speaking: Speaking;
	readonly voice: string;
	readonly format: rt.AudioFormat;
	/** Most audio ahead of a listener who hears it as it arrives, in milliseconds. */
	readonly leadMs: number;
	readonly outbox: Outbox;
	readonly progress: Progress;
	readonly signal: AbortSignal;
}

export interface ResponseOptions {
	readonly id: string;
	readonly request: cchat.Request;
	/** Place of the answer in the conversation. */
	readonly answer: Answer;
	readonly onCall: (call: cchat.ToolCall) => void;
	readonly onUsage: (usage: types.Usage) => void;
	/** Called once, when the response has ended in any way. */
	readonly onEnd: () => void;
}

/** A sound of the answer. The first of a sentence has its text. */
interface Sound {
	readonly text?: string;
	readonly samples?: Float32Array;
}

/** Response of a session: a chat backend writes the answer, and a voice speaks each sentence as soon as it is written. */
export class Response {
	readonly #context: ResponseContext;
	readonly #options: ResponseOptions;
	readonly #abort = new AbortController();
	readonly #signal: AbortSignal;
	readonly #playback: Playback;
	#hasEnded = false;

	constructor(context: ResponseContext, options: ResponseOptions) {
		this.#context = context;
		this.#options = options;
		this.#signal = AbortSignal.any([context.signal, this.#abort.signal]);
		this.#playback = new Playback(context.leadMs);
	}

	/** Id of the item that the response produces. */
	get itemId(): string {
		return this.#options.answer.id;
	}

	/** Writes and speaks the answer. A failure becomes a warning. */
	async run(): Promise<void> {
		const { outbox } = this.#context;
		outbox.post({ type: "response_started", response_started: this.#options.id });
		const sentences = new Sentences(this.#context.progress);
		const written = this.#write(sentences);
		// The wait below reports the failure, unless the voice fails before.
		written.catch(() => {});
		try {
			await this.#speak(sentences);
			await written;
			this.#end();
		} catch (thrown) {
			if (this.#hasEnded) return;
			// A sentence without audio was not heard.
			this.#options.answer.spoken.truncate(this.#playback.sentMs);
			if (!this.#context.signal.aborted) outbox.post(warning(SpearError.from(thrown)));
			this.#end();
		}
	}

	/** Ends the response now: no audio follows. The conversation keeps what the listener has heard. */
	cancel(): void {
		if (this.#hasEnded) return;
		const { outbox, format } = this.#context;
		const unsentMs = audioMs(format, outbox.withdraw(this.itemId));
		const { spoken } = this.#options.answer;
		spoken.truncate(Math.min(this.#playback.heardMs, this.#playback.sentMs - unsentMs));
		this.#end();
	}

	#end(): void {
		if (this.#hasEnded) return;
		this.#hasEnded = true;
		this.#abort.abort();
		this.#context.outbox.post({ type: "response_done", response_done: this.#options.id });
		this.#options.onEnd();
	}

	/** Has the answer written. The sentences are ended in any case. */
	async #write(sentences: Sentences): Promise<void> {
		const { requests, outbox } = this.#context;
		const { request, answer, onUsage } = this.#options;
		let length = 0;
		try {
			for await (const event of requests.stream("chat_completions", request, this.#signal)) {
				if (this.#hasEnded) return;
				if (event.type === "text" || event.type === "refusal") {
					const text = event.type === "text" ? event.text : event.refusal;
					sentences.add(text.slice(0, MAX_ANSWER - length));
					length += text.length;
					if (length <= MAX_ANSWER) continue;
					outbox.post(warning(new SpearError("backend_error", TOO_LONG)));
					return;
				}
				if (event.type === "failed") throw SpearError.fromRecord(event.failed.error);
				if (event.type !== "completed") continue;
				const { message, usage } = event.completed;
				answer.message = message;
				if (usage !== undefined) onUsage(usage);
				for (const call of message.tool_calls) this.#call(call);
			}
		} finally {
			sentences.end();
		}
	}

	#call({ id, name, arguments: args }: cchat.ToolCall): void {
		const call = { id, name, arguments: args };
		this.#options.onCall(call);
		this.#context.outbox.post({ type: "tool_call", tool_call: call });
	}

	async #speak(sentences: Sentences): Promise<void> {
		const { outbox, format } = this.#context;
		const { spoken } = this.#options.answer;
		for await (const { text, samples } of ahead(this.#sounds(sentences))) {
			if (text !== undefined) {
				await outbox.room(MAX_WAITING_EVENTS);
				if (this.#hasEnded) return;
				spoken.add(text);
				outbox.post({ type: "output_transcript", output_transcript: { item_id: this.itemId, text } });
			}
			if (samples === undefined) continue;
			const encoder = new OutputEncoder(format);
			for (let from = 0; from < samples.length; from += SLICE) await this.#send(encoder.add(samples.subarray(from, from + SLICE)));
			await this.#send(encoder.end());
			if (this.#hasEnded) return;
		}
	}

	async *#sounds(sentences: Sentences): AsyncGenerator<Sound, void, void> {
		const { speaking, voice } = this.#context;
		for await (const text of sentences.read()) {
			let isFirst = true;
			for await (const samples of speaking.speak(text, voice, this.#signal)) {
				yield isFirst ? { text, samples } : { samples };
				isFirst = false;
			}
			// Text that no voice speaks, such as a pictogram, is part of the answer.
			if (isFirst) yield { text };
		}
	}

	/** Sends audio once the reader and the listener need it. */
	async #send(audio: Uint8Array): Promise<void> {
		const { outbox, format } = this.#context;
		if (audio.length === 0 || this.#hasEnded) return;
		await outbox.room(MAX_WAITING_EVENTS);
		const { waitMs } = this.#playback;
		if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.#signal });
		if (this.#hasEnded || this.#signal.aborted) return;
		const ms = audioMs(format, audio.length);
		this.#playback.add(ms);
		this.#options.answer.spoken.addAudio(ms);
		outbox.post({ type: "audio", audio: { item_id: this.itemId, audio } });
	}
}

const TOO_LONG = `the answer is longer than ${MAX_ANSWER} characters; the rest is not spoken`;
