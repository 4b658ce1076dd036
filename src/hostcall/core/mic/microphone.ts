import { SpearError } from "../../../errors/spear-error.ts";

/** Sound as 16-bit samples, little-endian. The channels alternate. */
export interface MicrophoneSound {
	/** Samples a second and channel, in Hz. A whole number from 8,000 to 192,000. */
	readonly sampleRateHz: number;
	/** Number of channels, from 1 to 64. The default is 1. */
	readonly channels?: number;
	/** Chunks of any size. Their end is the end of the sound. */
	readonly audio: AsyncIterable<Uint8Array>;
}

/**
 * Sound that the guest of one run hears from its microphone. Plain chunks are 16-bit mono samples at 24 kHz.
 *
 * The host reads the sound while the guest's microphone is on, at the speed at which it is heard. The sound is changed to the rate and the
 * channels that the guest asks for.
 */
export type Microphone = AsyncIterable<Uint8Array> | MicrophoneSound;

const DEFAULT_RATE = 24_000;

/** Bounds of the sample rate of a device, in Hz. Conversion between rates further apart takes too much memory. */
export const MIN_RATE = 8_000;
export const MAX_RATE = 192_000;

const MAX_CHANNELS = 64;

/**
 * Returns the sound of a microphone with all members.
 *
 * @throws SpearError `invalid_request` for a rate or a number of channels outside its range, and for a value that cannot be read.
 */
export function soundOf(microphone: Microphone): Required<MicrophoneSound> {
	const { sampleRateHz, channels = 1, audio } = "audio" in microphone ? microphone : { sampleRateHz: DEFAULT_RATE, audio: microphone };
	check("sampleRateHz", sampleRateHz, MIN_RATE, MAX_RATE);
	check("channels", channels, 1, MAX_CHANNELS);
	if (typeof audio[Symbol.asyncIterator] !== "function")
		throw new SpearError("invalid_request", "microphone: it must be an async iterable");
	return { sampleRateHz, channels, audio };
}

function check(name: string, value: number, min: number, max: number): void {
	if (Number.isInteger(value) && value >= min && value <= max) return;
	throw new SpearError("invalid_request", `microphone: ${name} must be a whole number from ${min} to ${max}, and is ${value}`);
}
