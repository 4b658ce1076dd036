import { ruleGroups } from "../../../rule-groups.ts";
import { drop, type FieldRules, map, pass, reject } from "../../../rules.ts";

const { each } = ruleGroups("text_to_speech");

/** Treatment of every field of a request for speech. */
export const SPEECH_RULES: FieldRules<"text_to_speech"> = {
	...each(["model", "input", "input.text", "voice", "speed", "instructions"], pass),
	"input.ssml": reject("the API speaks plain text only"),
	format: map("sent as response_format"),
	language: drop("the upstream derives it from the text"),
};
