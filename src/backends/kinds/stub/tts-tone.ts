import type * as tts from "../../../../generated/ir/tts.ts";
import { words } from "./words.ts";

/** Samples a second, in Hz; they are 16-bit, mono. */
export const SAMPLE_RATE = 16_000;

/** The stub's voices: tones, and named so. */
export const STUB_VOICES: readonly tts.Voice[] = [
	{ id: "stub-low", name: "Stub, low", languages: [], description: "No voice: a low tone for each word." },
	{ id: "stub-high", name: "Stub, high", languages: [], description: "No voice: a high tone for each word." },
];

const BASE_HZ: Readonly<Record<string, number>> = { "stub-low": 180, "stub-high": 420 };

/** How long a word sounds for each of its characters, and the silence after it, in milliseconds. */
const CHARACTER_MS = 60;
const PAUSE_MS = 80;

/** The loudest sample, and over how many samples a tone swells and fades. */
const AMPLITUDE = 9_000;
const FADE = 160;

/** What sounds for a word. Lengths are in samples. */
export interface Tone {
	readonly hertz: number;
	readonly sounding: number;
	/** The silence after it. */
	readonly silent: number;
}

/** A tone for each word of a text: the longer the word the longer. */
export function tonesOf(text: string, voice: string, speed: number): Tone[] {
	return words(text).flatMap((word) => {
		const characters = [...word.trim()];
		if (characters.length === 0) return [];
		const hertz = pitch(characters, BASE_HZ[voice] ?? 0);
		return [{ hertz, sounding: samplesIn(characters.length * CHARACTER_MS, speed), silent: samplesIn(PAUSE_MS, speed) }];
	});
}

/** How many bytes a tone's samples are. */
export function byteLength({ sounding, silent }: Tone): number {
	return (sounding + silent) * 2;
}

/** The header of a WAV file with so many bytes of samples. */
export function wavHeader(dataBytes: number): Uint8Array {
	const header = Buffer.alloc(44);
	header.write("RIFF", 0, "latin1");
	header.writeUInt32LE(36 + dataBytes, 4);
	header.write("WAVEfmt ", 8, "latin1");
	header.writeUInt32LE(16, 16); // Bytes of what follows up to the samples' header.
	header.writeUInt16LE(1, 20); // PCM
	header.writeUInt16LE(1, 22); // Channels
	header.writeUInt32LE(SAMPLE_RATE, 24);
	header.writeUInt32LE(SAMPLE_RATE * 2, 28); // Bytes a second
	header.writeUInt16LE(2, 32); // Bytes of one sample of all channels
	header.writeUInt16LE(16, 34); // Bits of a sample
	header.write("data", 36, "latin1");
	header.writeUInt32LE(dataBytes, 40);
	return header;
}

function samplesIn(ms: number, speed: number): number {
	return Math.round((SAMPLE_RATE * ms) / 1000 / speed);
}

/** Words that begin otherwise sound otherwise: up to an octave above the voice's own pitch. */
function pitch(characters: readonly string[], base: number): number {
	return base * (1 + ((characters[0]?.codePointAt(0) ?? 0) % 12) / 12);
}

/** A tone's samples. */
export function samplesOf(tone: Tone): Uint8Array {
	const { hertz, sounding } = tone;
	const samples = Buffer.alloc(byteLength(tone));
	for (let index = 0; index < sounding; index++) {
		const swell = Math.min(1, (index + 1) / FADE, (sounding - index) / FADE);
		samples.writeInt16LE(Math.round(AMPLITUDE * swell * Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE)), index * 2);
	}
	return samples;
}
