import { pcm16Of } from "../../src/formats/pcm16.ts";
import { wavHeader } from "../../src/formats/wav-header.ts";

/**
 * Returns a WAV file with 16-bit mono samples.
 *
 * @param samples Samples of full scale -1 to 1.
 * @param sampleRate Samples per second, in Hz.
 */
export function wavFile(samples: Float32Array, sampleRate: number): Uint8Array {
	const body = pcm16Of(samples);
	return Buffer.concat([wavHeader(body.length, sampleRate), body]);
}
