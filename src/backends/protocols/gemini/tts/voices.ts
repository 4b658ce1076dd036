import type * as tts from "../../../../../generated/ir/tts.ts";

/**
 * Prebuilt voices with the provider's word for each. Every voice speaks every language.
 *
 * @see https://ai.google.dev/gemini-api/docs/speech-generation
 */
const PREBUILT = {
	Zephyr: "bright",
	Puck: "upbeat",
	Charon: "informative",
	Kore: "firm",
	Fenrir: "excitable",
	Leda: "youthful",
	Orus: "firm",
	Aoede: "breezy",
	Callirrhoe: "easy-going",
	Autonoe: "bright",
	Enceladus: "breathy",
	Iapetus: "clear",
	Umbriel: "easy-going",
	Algieba: "smooth",
	Despina: "smooth",
	Erinome: "clear",
	Algenib: "gravelly",
	Rasalgethi: "informative",
	Laomedeia: "upbeat",
	Achernar: "soft",
	Alnilam: "firm",
	Schedar: "even",
	Gacrux: "mature",
	Pulcherrima: "forward",
	Achird: "friendly",
	Zubenelgenubi: "casual",
	Vindemiatrix: "gentle",
	Sadachbia: "lively",
	Sadaltager: "knowledgeable",
	Sulafat: "warm",
};

export const VOICES: readonly tts.Voice[] = Object.entries(PREBUILT).map(([id, description]) => ({ id, languages: [], description }));
