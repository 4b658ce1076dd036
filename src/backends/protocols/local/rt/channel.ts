import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { abortError, cancelledError, SpearError } from "../../../../errors/spear-error.ts";
import { AudioInput } from "./audio-input.ts";
import { Conversation } from "./conversation.ts";
import type { RealtimeEngines, SpeechDetector } from "./engines.ts";
import { Listening } from "./listening.ts";
import { type ChannelEvent, Outbox } from "./outbox.ts";
import { AUDIO_FORMATS, audioMs } from "./output-encoder.ts";
import { Progress } from "./progress.ts";
import type { ChatRequests } from "./response.ts";
import type { SessionSettings } from "./settings.ts";
import { warning } from "./warning.ts";

/** Least audio that is passed to the detection, in milliseconds: one frame of its model. */
const FRAME_MS = 32;

/** Most audio that is passed to the detection at once, in milliseconds. Other sessions wait for the engine that long. */
const STEP_MS = 320;

/** Audio that waits for the detection before `send` waits, in milliseconds. */
const FULL_MS = 2048;

/** Events that wait for the reader before `send` waits. */
const MAX_WAITING_EVENTS = 256;

export interface ChannelOptions {
	readonly settings: SessionSettings;
	readonly engines: RealtimeEngines;
	/** Detection of this session. The channel closes it. */
	readonly detector: SpeechDetector;
	/** Requests to the chat backend. `undefined` for a transcription. */
	readonly requests: ChatRequests | undefined;
	/** Model of the chat backend. `undefined`: the router's choice. */
	readonly chatModel: string | undefined;
	/** Most audio of an answer ahead of a listener who hears it as it arrives, in milliseconds. */
	readonly leadMs: number;
	/** Ends the session at once. */
	readonly signal: AbortSignal;
	/** Called once, when the session has ended in any way. */
	readonly onEnd: () => void;
}

/**
 * An open session. Input goes to the detection of speech, speech to the recognition, texts of the user to the conversation, and answers to the
 * voice. Each part waits for the next one, and the last waits for the reader.
 */
export class LocalChannel implements RealtimeVoiceChannel {
	readonly #options: ChannelOptions;
	readonly #progress = new Progress();
	readonly #outbox = new Outbox(this.#progress);
	readonly #ended = new AbortController();
	readonly #input: AudioInput;
	readonly #listening: Listening;
	readonly #conversation: Conversation | undefined;
	readonly #onAbort: () => void;

	constructor(options: ChannelOptions) {
		this.#options = options;
		const { settings, engines, detector, requests, chatModel, leadMs, signal } = options;
		const { rate, sampleBytes } = AUDIO_FORMATS[settings.detection.format];
		const bytesOf = (ms: number): number => (ms * rate * sampleBytes) / 1000;
		const shared = { outbox: this.#outbox, progress: this.#progress, signal: this.#ended.signal };
		this.#input = new AudioInput({ minBytes: bytesOf(FRAME_MS), maxBytes: bytesOf(STEP_MS), fullBytes: bytesOf(FULL_MS) });
		if (requests !== undefined)
			this.#conversation = new Conversation({
				...shared,
				requests,
				chatModel,
				leadMs,
				speaking: engines.speaking,
				voice: settings.voice,
				format: settings.outputFormat,
				instructions: settings.instructions,
				tools: settings.tools,
				isHearing: () => this.#listening.isHearing,
			});
		this.#listening = new Listening({
			...shared,
			input: this.#input,
			detector,
			recognition: engines.recognition,
			isManual: settings.detection.isManual,
			transcribes: settings.transcribes,
			msOf: (bytes) => Math.round(audioMs(settings.detection.format, bytes)),
			onSpeech: () => this.#conversation?.interrupt(),
			onTurn: (text) => this.#turn(text),
			onTurnLost: () => this.#conversation?.proceed(),
		});
		this.#onAbort = () => this.#end(abortError(signal));
		if (signal.aborted) this.#onAbort();
		else signal.addEventListener("abort", this.#onAbort, { once: true });
		this.#listening.run().catch((thrown: unknown) => this.#end(SpearError.from(thrown)));
	}

	get events(): AsyncIterable<ChannelEvent> {
		return this.#read();
	}

	async send(input: RealtimeVoiceInput): Promise<void> {
		switch (input.type) {
			case "append_audio":
				this.#input.add(input.audio);
				break;
			case "commit":
				this.#input.mark("commit");
				break;
			case "clear":
				this.#input.clear();
				break;
			case "send_text":
				this.#asked("send_text")?.addUser(input.text);
				break;
			case "send_tool_result":
				if (this.#asked("send_tool_result")?.addResult(input.call_id, input.output) === false)
					this.#warn(`send_tool_result: no call "${guestName(input.call_id)}" waits for a result`);
				break;
			case "cancel":
				this.#conversation?.cancel();
				return;
			case "truncate":
				if (this.#asked("truncate")?.truncate(input.item_id, input.audio_end_ms) === false)
					this.#warn(`truncate: the conversation has no answer "${guestName(input.item_id)}"`);
				break;
		}
		this.#progress.changed();
		await this.#progress.until(() => !this.#input.isFull && this.#outbox.length < MAX_WAITING_EVENTS);
	}

	async drain(): Promise<void> {
		this.#input.mark("flush");
		this.#progress.changed();
		await this.#progress.until(() => this.#listening.isSettled && this.#conversation?.isSettled !== false && this.#outbox.length === 0);
	}

	async close(): Promise<void> {
		this.#end();
	}

	/** Returns the usage of the chat backends. */
	report(): Partial<rt.Response> {
		const usage = this.#conversation?.usage;
		return usage === undefined ? {} : { usage };
	}

	#turn(text: string): void {
		const { isManual } = this.#options.settings.detection;
		if (text !== "") this.#conversation?.addUser(text);
		else {
			if (isManual && this.#conversation !== undefined) this.#warn("commit: no speech was recognized in the audio, so no response follows");
			this.#conversation?.proceed();
		}
	}

	/** Returns the conversation. A transcription refuses the input with a warning. */
	#asked(what: string): Conversation | undefined {
		if (this.#conversation === undefined) this.#warn(`${what}: a transcription has no responses; open a conversation`);
		return this.#conversation;
	}

	#warn(message: string): void {
		this.#outbox.post(warning(new SpearError("invalid_request", message)));
	}

	async *#read(): AsyncGenerator<ChannelEvent, void, void> {
		try {
			yield* this.#outbox.read();
		} finally {
			this.#end();
		}
	}

	/** Ends the session and all its work. */
	#end(failure?: SpearError): void {
		if (this.#ended.signal.aborted) return;
		const { signal, detector, onEnd } = this.#options;
		signal.removeEventListener("abort", this.#onAbort);
		this.#outbox.end(failure);
		this.#progress.end();
		this.#ended.abort(failure ?? cancelledError("the session has ended"));
		detector.close();
		onEnd();
	}
}
