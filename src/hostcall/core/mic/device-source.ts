import { type AbortListener, addAbortListener } from "../../../async/abort-listeners.ts";
import { eventLoopTurn } from "../../../async/event-loop-turn.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { HostMemory } from "../../../memory/memory-kinds.ts";
import { Notifier } from "../../../stream/readiness.ts";
import type { Clock } from "../../../time/clock.ts";
import { FrameQueue } from "../frame-queue.ts";
import { waitUntil } from "../wait-until.ts";
import type { MicSettings } from "./mic-settings.ts";
import type { MicrophoneSound } from "./microphone.ts";
import { SoundConverter } from "./sound-converter.ts";
import type { SoundSource } from "./sound-source.ts";

/** Sound that is converted at once, in bytes of the input. */
const SLICE_BYTES = 4096;

export interface DeviceSourceOptions {
	readonly clock: Clock;
	readonly memory: HostMemory;
	/** Stops the source when aborted. */
	readonly signal: AbortSignal;
	/** Called when a frame has come, and when the source has ended. */
	readonly onChange: () => void;
	/** Receives the failure of the sound. */
	readonly onFailure: (cause: unknown) => void;
}

/** Settings in force, and the sound that was read for them. */
interface Reading {
	readonly settings: MicSettings;
	readonly converter: SoundConverter;
	/** Length of a frame, in milliseconds: that of its samples, which are a whole number. */
	readonly frameMs: number;
	/** Sound that is less than a frame. */
	rest: Buffer;
	/** Time at which the next frame has been heard. Absent before the first. */
	due: number | undefined;
}

/** The sound of the embedder, read no faster than it is heard. If the guest reads it more slowly, the oldest frames are dropped. */
export class DeviceSource implements SoundSource {
	readonly #options: DeviceSourceOptions;
	readonly #form: Required<Pick<MicrophoneSound, "sampleRateHz" | "channels">>;
	readonly #audio: AsyncIterable<Uint8Array>;
	#chunks: AsyncIterator<Uint8Array> | undefined;
	readonly #frames: FrameQueue;
	/** Ends the wait for the time of a frame. */
	readonly #interrupt = new Notifier();
	readonly #abortListener: AbortListener | undefined;
	#reading: Reading;
	#dropped = 0;
	#isRunning = true;
	#fault: string | undefined;

	/** Starts to read. */
	constructor({ audio, ...form }: Required<MicrophoneSound>, settings: MicSettings, options: DeviceSourceOptions) {
		this.#options = options;
		this.#form = form;
		this.#audio = audio;
		this.#frames = new FrameQueue(options.memory);
		this.#reading = this.#readingFor(settings);
		this.#abortListener = addAbortListener(options.signal, () => this[Symbol.dispose]());
		this.#read().catch((cause: unknown) => this.#fail(cause));
	}

	get isRunning(): boolean {
		return this.#isRunning;
	}

	get fault(): string | undefined {
		return this.#fault;
	}

	get first(): Uint8Array | undefined {
		return this.#frames.first;
	}

	get bytes(): number {
		return this.#frames.bytes;
	}

	get dropped(): number {
		return this.#dropped;
	}

	take(): void {
		this.#frames.take();
	}

	/** Applies other settings, with an empty queue. The sound goes on where it is. */
	restart(settings: MicSettings): void {
		this.#frames.takeAll();
		this.#dropped = 0;
		this.#reading = this.#readingFor(settings);
		this.#interrupt.notifyAll();
	}

	/** Stops the source, and its iterator. */
	[Symbol.dispose](): void {
		this.#frames.takeAll();
		this.#stop();
	}

	#readingFor(settings: MicSettings): Reading {
		const { sample_rate_hz, channels } = settings.config;
		const converter = new SoundConverter(this.#form, { sampleRateHz: sample_rate_hz, channels });
		const frameMs = (1000 * settings.frameBytes) / (2 * channels * sample_rate_hz);
		return { settings, converter, frameMs, rest: Buffer.alloc(0), due: undefined };
	}

	async #read(): Promise<void> {
		const chunks = this.#audio[Symbol.asyncIterator]();
		this.#chunks = chunks;
		for (;;) {
			// A sound that is there at once would block the host otherwise.
			await eventLoopTurn();
			const { value: chunk, done } = await chunks.next();
			if (!this.#isRunning) return;
			if (done === true) break;
			if (!(chunk instanceof Uint8Array)) throw new SpearError("invalid_request", "microphone: its chunks must be Uint8Arrays");
			for (let at = 0; at < chunk.byteLength; at += SLICE_BYTES) {
				await this.#hear(({ converter }) => converter.add(chunk.subarray(at, at + SLICE_BYTES)));
			}
		}
		await this.#hear(({ converter, rest, settings: { frameBytes } }) => filled(converter.end(), rest.byteLength, frameBytes));
		this.#stop();
		this.#options.onChange();
	}

	/** Queues the frames of a part of the sound, each when it has been heard. The rest is left out after a restart. */
	async #hear(convert: (reading: Reading) => Buffer): Promise<void> {
		const reading = this.#reading;
		const { frameBytes } = reading.settings;
		const sound = Buffer.concat([reading.rest, convert(reading)]);
		let at = 0;
		for (; at + frameBytes <= sound.byteLength; at += frameBytes) {
			if (!(await this.#isHeard(reading))) return;
			this.#push(Uint8Array.from(sound.subarray(at, at + frameBytes)));
		}
		reading.rest = sound.subarray(at);
	}

	/** Waits until the next frame has been heard. The first has at once. Returns false if the source is stopped or restarted meanwhile. */
	async #isHeard(reading: Reading): Promise<boolean> {
		const { clock, signal } = this.#options;
		const due = reading.due ?? clock.now();
		reading.due = due + reading.frameMs;
		while (this.#isRunning && this.#reading === reading) {
			const ms = due - clock.now();
			if (ms <= 0) return true;
			await waitUntil({ clock, signal, ms, change: this.#interrupt });
		}
		return false;
	}

	/** Adds a frame. Drops the oldest beyond the limit, and the new one if the account of the guest has no room. */
	#push(frame: Uint8Array): void {
		const { maxQueueBytes } = this.#reading.settings;
		while (this.#frames.length > 0 && this.#frames.bytes + frame.byteLength > maxQueueBytes) this.#drop();
		if (this.#frames.hasMemory(frame.byteLength)) this.#frames.push(frame);
		else this.#dropped += 1;
		this.#options.onChange();
	}

	#drop(): void {
		this.#frames.take();
		this.#dropped += 1;
	}

	#fail(cause: unknown): void {
		if (!this.#isRunning) return;
		this.#fault = cause instanceof SpearError ? cause.message : "the microphone has failed";
		this.#stop();
		this.#options.onFailure(cause);
		this.#options.onChange();
	}

	#stop(): void {
		if (!this.#isRunning) return;
		this.#isRunning = false;
		this.#abortListener?.remove();
		this.#interrupt.notifyAll();
		// The end of the sound is of no interest any more, whatever becomes of it.
		Promise.try(() => this.#chunks?.return?.()).catch(() => {});
	}
}

/** Returns the end of the sound, with silence up to a whole frame. `restBytes` is the length of the sound before it. */
function filled(end: Buffer, restBytes: number, frameBytes: number): Buffer {
	const missing = -(restBytes + end.byteLength) % frameBytes;
	return Buffer.concat([end, Buffer.alloc(missing < 0 ? missing + frameBytes : 0)]);
}
