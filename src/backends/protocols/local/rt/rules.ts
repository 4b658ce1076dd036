import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";

const { each, under } = ruleGroups("realtime_voice");

/** Longest audio that is kept from before detected speech, in milliseconds. */
export const MAX_PREFIX_MS = 3000;

/** Bounds of the silence that ends a turn, in milliseconds. */
export const MIN_SILENCE_MS = 100;
export const MAX_SILENCE_MS = 10_000;

const ENGLISH_ONLY = "the models hear and speak English";

/** Returns true for English, in any of its variants. */
export function isEnglish(language: string): boolean {
	return /^en(?:-|$)/i.test(language);
}

/** Treatment of every field of the configuration of a session. */
export const REALTIME_RULES: FieldRules<"realtime_voice"> = {
	...each(["model", "mode", "voice", "transcription_model"], pass),
	instructions: map("the system message for the chat backend that writes the answers"),
	...each(["input_format", "output_format"], pass),
	...each(["turn_detection", "turn_detection.manual", "turn_detection.server_vad"], pass),
	"turn_detection.server_vad.threshold": map("the probability of speech, by a model of voices, that counts as speech"),
	"turn_detection.server_vad.prefix_padding_ms": when(
		"above 3000 ms",
		(ms) => ms > MAX_PREFIX_MS,
		emulate("applied as 3000 ms, the most that is kept"),
	),
	"turn_detection.server_vad.silence_duration_ms": when(
		"below 100 ms",
		(ms) => ms < MIN_SILENCE_MS,
		emulate("applied as 100 ms: shorter silence is within words"),
		when("above 10000 ms", (ms) => ms > MAX_SILENCE_MS, emulate("applied as 10000 ms")),
	),
	...under("turn_detection.semantic_vad", reject("turns end by silence")),
	language: when("other than English", (language) => !isEnglish(language), reject(ENGLISH_ONLY, { lenient: drop(ENGLISH_ONLY) })),
	...each(["tools", "tools.name", "tools.description", "tools.parameters"], map("passed to the chat backend that writes the answers")),
	...each(["send_queue", "receive_queue"], map("the host keeps the queues itself")),
};
