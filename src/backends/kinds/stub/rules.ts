import { ruleGroups } from "../../rule-groups.ts";
import { drop, type FieldRules, pass, reject, when } from "../../rules.ts";

const embeddings = ruleGroups("embeddings");
const images = ruleGroups("image_generation");
const transcripts = ruleGroups("speech_to_text");
const speech = ruleGroups("text_to_speech");
const realtime = ruleGroups("realtime_voice");

const NO_MEANING = "the vectors do not reflect the meaning of the texts";

export const EMBEDDINGS_RULES: FieldRules<"embeddings"> = {
	...embeddings.each(["model", "input", "dimensions"], pass),
	input_type: reject(NO_MEANING, { lenient: drop(NO_MEANING) }),
};

const NO_IMAGES_READ = reject("the stub reads no images");

export const IMAGE_RULES: FieldRules<"image_generation"> = {
	...images.each(["model", "task", "task.generate", "prompt", "n", "size", "seed"], pass),
	...images.under("task.edit", NO_IMAGES_READ),
	...images.under("task.variation", NO_IMAGES_READ),
	...images.each(["quality", "style"], drop("patterns have no such property")),
	background: reject("the stub's patterns are opaque", { lenient: drop("the stub's patterns are opaque") }),
	format: reject("the stub draws PNG", { lenient: drop("the stub draws PNG") }),
};

export const TRANSCRIPT_RULES: FieldRules<"speech_to_text"> = {
	...transcripts.each(["model", "audio", "audio.inline", "audio.stored", "audio.url"], pass),
	...transcripts.each(["task", "language", "prompt", "temperature"], drop("the stub recognizes no speech")),
	...transcripts.each(
		["timestamps", "diarize"],
		reject("the stub recognizes no speech", { lenient: drop("the stub recognizes no speech") }),
	),
};

export const SPEECH_RULES: FieldRules<"text_to_speech"> = {
	...speech.each(["model", "input", "input.text", "voice", "speed"], pass),
	"input.ssml": reject("the stub reads plain text"),
	format: when("other than wav and pcm", (format) => format !== "wav" && format !== "pcm", reject("the stub generates wav and pcm")),
	instructions: reject("the stub generates tones", { lenient: drop("the stub generates tones") }),
	language: drop("tones have no language"),
};

const NO_TURNS = reject("the stub does not detect turns", { lenient: drop("the guest ends each turn") });

export const REALTIME_RULES: FieldRules<"realtime_voice"> = {
	...realtime.each(["model", "mode", "input_format", "turn_detection", "turn_detection.manual", "transcription_model"], pass),
	...realtime.each(["instructions", "voice", "language"], drop("the stub does not recognize or generate speech")),
	output_format: reject("the stub generates pcm16"),
	...realtime.under("turn_detection.server_vad", NO_TURNS),
	...realtime.under("turn_detection.semantic_vad", NO_TURNS),
	...realtime.each(["tools", "tools.name", "tools.description", "tools.parameters"], pass),
	...realtime.each(["send_queue", "receive_queue"], pass),
};
