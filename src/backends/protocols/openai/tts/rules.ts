import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject } from "../../../rules.ts";
import type { SpeechOptions } from "./options.ts";

const { each } = ruleGroups("text_to_speech");

const RULES: FieldRules<"text_to_speech"> = {
	...each(["model", "input", "input.text", "voice", "speed", "instructions"], pass),
	"input.ssml": reject("the API speaks plain text only"),
	format: map("sent as response_format"),
	language: drop("the upstream derives it from the text"),
};

/** Returns the treatment of every field of a request for speech. */
export function speechRules({ ssml }: Pick<SpeechOptions, "ssml">): FieldRules<"text_to_speech"> {
	return ssml === "reject" ? RULES : { ...RULES, "input.ssml": emulate("reduced to its text: the API speaks plain text only") };
}
