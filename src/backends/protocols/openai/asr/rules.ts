import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import { CODE_ONLY, isMoreThanCode } from "../upstream-language.ts";

const { each } = ruleGroups("speech_to_text");

const NO_WORDS = "the API has no times of words for translations, nor together with speakers";
const NO_SPEAKERS = "the API does not distinguish speakers in translations";

/** Treatment of every field of a request for a transcript. */
export const TRANSCRIPT_RULES: FieldRules<"speech_to_text"> = {
	...each(["model", "audio", "task", "prompt", "temperature"], pass),
	...each(["audio.inline", "audio.stored", "audio.url"], map("uploaded as a file of a form")),
	language: when(
		"of a translation's recording",
		(_, { task }) => task === "translate",
		drop("the upstream detects it"),
		when("with a script or region", isMoreThanCode, emulate(CODE_ONLY)),
	),
	timestamps: when(
		"of words, in a translation or with speakers",
		(units, { task, diarize }) => units.includes("word") && (task === "translate" || diarize === true),
		reject(NO_WORDS, { lenient: drop(NO_WORDS) }),
		map("a stream's events arrive together at the end"),
	),
	diarize: when(
		"in a translation",
		(_, { task }) => task === "translate",
		reject(NO_SPEAKERS, { lenient: drop(NO_SPEAKERS) }),
		map("asks for the format diarized_json"),
	),
};
