import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";

const { each } = ruleGroups("speech_to_text");

const NO_WORDS = "the model has no times of words";
const NO_SPEAKERS = "the model does not distinguish speakers";

/** Treatment of every field of a request for a transcript. */
export const TRANSCRIPT_RULES: FieldRules<"speech_to_text"> = {
	...each(["model", "audio"], pass),
	...each(["audio.inline", "audio.stored", "audio.url"], map("decoded from WAV, mixed to one channel and changed to 16 kHz")),
	task: when("translate", (task) => task === "translate", reject("the model transcribes English only")),
	language: when(
		"other than English",
		(language) => !isEnglish(language),
		reject("the model knows English only"),
		when("with a script or region", (language) => language.includes("-"), emulate("the model has one form of English")),
	),
	prompt: drop("the model takes no prompt"),
	timestamps: when(
		"of words",
		(units) => units.includes("word"),
		reject(NO_WORDS, { lenient: drop(NO_WORDS) }),
		map("segments end at pauses, or after 15 seconds"),
	),
	diarize: reject(NO_SPEAKERS, { lenient: drop(NO_SPEAKERS) }),
	temperature: drop("the model always chooses the likeliest text"),
};

/** Returns true for English as a BCP 47 tag, in any region. */
export function isEnglish(tag: string): boolean {
	return /^(?:en|eng)(?:-|$)/i.test(tag);
}
