import type * as tts from "../../../../generated/ir/tts.ts";
import { words } from "./words.ts";

/** Sample rate, in Hz. Samples are 16-bit mono. */
export const SAMPLE_RATE = 16_000;

/** The stub's voices. Their names and descriptions state that they are tones. */
export const STUB_VOICES: readonly tts.Voice[] = [
	{ id: "stub-low", name: "Stub, low", languages: [], description: "Not a voice: a low tone for each word." },
	{ id: "stub-high", name: "Stub, high", languages: [], description: "Not a voice: a high tone for each word." },
];

const BASE_HZ: ReadonlyMap<string, number> = new Map([
	["stub-low", 180],
	["stub-high", 420],
]);

/** Duration of a tone for each character of its word, in milliseconds. About as long as in speech. */
const CHARACTER_MS = 60;

/** Silence after a word, in milliseconds. */
const PAUSE_MS = 80;

/** Value of the loudest sample, about a quarter of the maximum. */
const AMPLITUDE = 9_000;

/** Number of samples over which a tone rises and fades. Otherwise its ends would click. */
const FADE = 160;

/** A tone for a word, followed by silence. Lengths are in samples. */
export interface Tone {
	readonly hertz: number;
	readonly sounding: number;
	readonly silent: number;
}

/** Returns a tone for each word of a text. Longer words have longer tones. */
export function tonesOf(text: string, voice: string, speed: number): Tone[] {
	return words(text).flatMap((word) => {
		const characters = [...word.trim()];
		if (characters.length === 0) return [];
		const hertz = pitch(characters, BASE_HZ.get(voice) ?? 0);
		return [{ hertz, sounding: samplesIn(characters.length * CHARACTER_MS, speed), silent: samplesIn(PAUSE_MS, speed) }];
	});
}

/** Returns the length of a tone's samples, in bytes. */
export function byteLength({ sounding, silent }: Tone): number {
	return (sounding + silent) * 2;
}

function samplesIn(ms: number, speed: number): number {
	return Math.round((SAMPLE_RATE * ms) / 1000 / speed);
}

/** Returns the pitch of a word, by its first character: up to an octave above the voice's base. */
function pitch(characters: readonly string[], base: number): number {
	return base * (1 + ((characters[0]?.codePointAt(0) ?? 0) % 12) / 12);
}

/** Returns the samples of a tone. */
export function samplesOf(tone: Tone): Uint8Array {
	const { hertz, sounding } = tone;
	const samples = Buffer.alloc(byteLength(tone));
	for (let index = 0; index < sounding; index++) {
		const envelope = Math.min(1, (index + 1) / FADE, (sounding - index) / FADE);
		samples.writeInt16LE(Math.round(AMPLITUDE * envelope * Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE)), index * 2);
	}
	return samples;
}
