import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";

const SAMPLES = "the engine makes wav and pcm alone";
const NO_MANNER = "the voices have one manner of speaking";

/** Returns true for English, in any of its variants. */
export function isEnglish(language: string): boolean {
	return /^(?:en|eng)(?:-|$)/i.test(language);
}

/** Treatment of every field of a request for speech. */
export const SPEECH_RULES: FieldRules<"text_to_speech"> = {
	model: pass,
	input: pass,
	"input.text": map("spoken sentence by sentence, in letters without accents"),
	"input.ssml": emulate("reduced to its text: the engine speaks plain text only"),
	voice: pass,
	format: when("other than wav and pcm", (format) => format !== "wav" && format !== "pcm", reject(SAMPLES, { lenient: drop(SAMPLES) })),
	speed: map("the sounds are made longer or shorter"),
	instructions: reject(NO_MANNER, { lenient: drop(NO_MANNER) }),
	language: when(
		"other than English",
		(language) => !isEnglish(language),
		reject("the voices speak English"),
		map("selects the voice if the request names none"),
	),
};
