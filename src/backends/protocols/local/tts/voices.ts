import type * as tts from "../../../../../generated/ir/tts.ts";

/** Voices of the synthesizer at 16,000 Hz. The first is the default. */
export const VOICES: readonly tts.Voice[] = [
	{ id: "slt", name: "Slt", languages: ["en-US"], description: "A woman with a clear American voice." },
	{ id: "rms", name: "Rms", languages: ["en-US"], description: "A man with a deep, slow American voice." },
	{ id: "awb", name: "Awb", languages: ["en-GB"], description: "A man with a Scottish voice." },
	{
		id: "kal16",
		name: "Kal",
		languages: ["en-US"],
		description: "A man with an American voice that sounds like an early computer. The fastest.",
	},
];

/** Returns the default voice for a language. */
export function defaultVoice(language: string | undefined): string {
	const british = /^en-gb\b/i.test(language ?? "");
	return british ? "awb" : "slt";
}
