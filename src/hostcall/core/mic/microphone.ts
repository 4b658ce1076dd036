/** Sound as 16-bit samples, little-endian. Its channels alternate. */
export interface MicrophoneSound {
	/** Samples a second and channel, in Hz. A whole number from 8,000 to 192,000. */
	readonly sampleRateHz: number;
	/** Number of channels, from 1 to 64. The default is 1. */
	readonly channels?: number;
	/** Chunks of any size. Their end is the end of the sound. */
	readonly audio: AsyncIterable<Uint8Array>;
}

/**
 * What the guest of one run hears from its microphone. The host reads it from the moment the guest turns its microphone on, no faster than it is
 * heard, and changes it to the rate and the channels that the guest asks for. Without further words it is mono sound at 24 kHz.
 */
export type Microphone = AsyncIterable<Uint8Array> | MicrophoneSound;
