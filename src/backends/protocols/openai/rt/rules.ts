import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import { CODE_ONLY, isMoreThanCode } from "../upstream-language.ts";

const { each } = ruleGroups("realtime_voice");

const ONLY_TRANSCRIBES = "the upstream uses it only to transcribe input, which no transcription_model does";

/** Treatment of every field of the configuration of a session. */
export const REALTIME_RULES: FieldRules<"realtime_voice"> = {
	...each(["model", "mode", "instructions", "voice"], pass),
	...each(["input_format", "output_format"], map("sent as a media type, with the rate")),
	...each(["turn_detection", "turn_detection.server_vad"], pass),
	...each(
		[
			"turn_detection.server_vad.threshold",
			"turn_detection.server_vad.prefix_padding_ms",
			"turn_detection.server_vad.silence_duration_ms",
			"turn_detection.semantic_vad",
		],
		pass,
	),
	"turn_detection.manual": map("sent as null"),
	transcription_model: pass,
	language: when(
		"of a conversation without transcription_model",
		(_, { mode, transcription_model }) => mode === "conversation" && transcription_model === undefined,
		reject(ONLY_TRANSCRIBES, { lenient: drop(ONLY_TRANSCRIBES) }),
		when("with a script or region", isMoreThanCode, emulate(CODE_ONLY)),
	),
	...each(["tools", "tools.name", "tools.description", "tools.parameters"], pass),
	...each(["send_queue", "receive_queue"], map("the host keeps the queues itself")),
};
