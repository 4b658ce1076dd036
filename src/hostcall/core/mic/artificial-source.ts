import { Charge } from "../../../memory/charge.ts";
import type { HostMemory } from "../../../memory/memory-kinds.ts";
import type { Clock } from "../../../time/clock.ts";
import type { MicSettings } from "./mic-settings.ts";
import type { SoundSource } from "./sound-source.ts";

export interface ArtificialSourceOptions {
	readonly clock: Clock;
	readonly memory: HostMemory;
	/** Called when a frame waits after none did. */
	readonly onFrame: () => void;
}

/**
 * A source of silence, or of a sound that repeats. A frame comes at each multiple of its length since the start.
 *
 * The frames that wait are only counted, and made when they are read. So the source costs nothing while the guest does not read it.
 */
export class ArtificialSource implements SoundSource {
	readonly isRunning = true;
	readonly fault = undefined;
	readonly #settings: MicSettings;
	readonly #options: ArtificialSourceOptions;
	readonly #charge: Charge;
	/** The sound, repeated to at least the length of a frame. */
	readonly #sound: Buffer;
	readonly #start: number;
	/** Number of frames that were read or dropped. */
	#passed = 0;
	#dropped = 0;
	/** The frame at the front, once it was made. */
	#first: Uint8Array | undefined;
	#cancelTimer: (() => void) | undefined;

	/** @throws As `HostMemory.charge`. */
	constructor(settings: MicSettings, options: ArtificialSourceOptions) {
		const { frameBytes, sound } = settings;
		this.#settings = settings;
		this.#options = options;
		const repeats = sound.byteLength === 0 ? 0 : Math.ceil(frameBytes / sound.byteLength);
		this.#charge = new Charge(options.memory, "queues");
		this.#charge.add(repeats * sound.byteLength + frameBytes);
		this.#sound = repeats === 0 ? Buffer.alloc(0) : Buffer.alloc(repeats * sound.byteLength, sound);
		this.#start = options.clock.now();
		this.#awaitFrame();
	}

	get dropped(): number {
		this.#drop();
		return this.#dropped;
	}

	get bytes(): number {
		return this.#waiting() * this.#settings.frameBytes;
	}

	get first(): Uint8Array | undefined {
		if (this.#waiting() === 0) return undefined;
		this.#first ??= this.#make();
		return this.#first;
	}

	take(): void {
		this.#passed += 1;
		this.#first = undefined;
		this.#awaitFrame();
	}

	[Symbol.dispose](): void {
		this.#cancelTimer?.();
		this.#charge.close();
	}

	/** Returns the number of frames that wait. */
	#waiting(): number {
		this.#drop();
		return this.#due() - this.#passed;
	}

	/** Returns the number of frames since the start. */
	#due(): number {
		return Math.floor((this.#options.clock.now() - this.#start) / this.#settings.config.frame_ms);
	}

	/** Drops the oldest frames beyond the limit. */
	#drop(): void {
		const { frameBytes, maxQueueBytes } = this.#settings;
		const excess = this.#due() - this.#passed - Math.max(1, Math.floor(maxQueueBytes / frameBytes));
		if (excess <= 0) return;
		this.#passed += excess;
		this.#dropped += excess;
		this.#first = undefined;
	}

	#awaitFrame(): void {
		if (this.#waiting() > 0) return;
		const { clock, onFrame } = this.#options;
		this.#cancelTimer?.();
		this.#cancelTimer = clock.after(this.#start + (this.#passed + 1) * this.#settings.config.frame_ms - clock.now(), () => {
			// A timer may be early.
			this.#awaitFrame();
			if (this.#waiting() > 0) onFrame();
		});
	}

	#make(): Uint8Array {
		const { frameBytes } = this.#settings;
		if (this.#sound.byteLength === 0) return new Uint8Array(frameBytes);
		const at = (this.#passed * frameBytes) % this.#sound.byteLength;
		return Buffer.concat([this.#sound.subarray(at), this.#sound], frameBytes);
	}
}
