import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { SpeechOptions } from "./options.ts";

/** Formats that are made of the upstream's samples. `mp3` is the default of a request, so the response names another format. */
const FORMATS = new Set(["wav", "pcm", "mp3"]);

/** Returns true for a format that the backend can deliver, or that is the default of a request. */
export function isAvailable(format: string): boolean {
	return FORMATS.has(format);
}

/** Returns the treatment of every field of a request for speech. */
export function speechRules({ style }: SpeechOptions): FieldRules<"text_to_speech"> {
	return {
		model: pass,
		input: pass,
		"input.text": pass,
		"input.ssml": emulate("reduced to its text: the upstream speaks plain text only"),
		voice: map("sent as a prebuilt voice"),
		format: when(
			"opus, flac or aac",
			(format) => !isAvailable(format),
			reject("the upstream delivers samples", { lenient: drop("the upstream delivers samples") }),
			map("pcm is delivered as it arrives; wav, and the default too, as a WAV file, which the response names"),
		),
		speed: reject("the upstream has no member for it; describe the pace in the instructions", {
			lenient: drop("the upstream has no pace"),
		}),
		instructions: style === "metadata" ? map("sent as the style of the text") : emulate("written before the text"),
		language: pass,
	};
}
