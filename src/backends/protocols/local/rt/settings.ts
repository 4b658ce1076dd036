import type * as rt from "../../../../../generated/ir/rt.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import type { DetectionSettings } from "./engines.ts";
import { isEnglish, MAX_PREFIX_MS, MAX_SILENCE_MS, MIN_SILENCE_MS } from "./rules.ts";

/** Name of the whole: detection, recognition, chat backend and voice. */
export const VOICE_MODEL = "local-voice";

/** Settings of detection that a request leaves open. */
const DEFAULTS = { threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500 } as const satisfies rt.ServerVad;

/** Configuration of a session, checked. */
export interface SessionSettings {
	readonly mode: rt.Mode;
	readonly detection: DetectionSettings;
	/** The transcript of the input becomes events. */
	readonly transcribes: boolean;
	readonly outputFormat: rt.AudioFormat;
	readonly voice: string;
	readonly instructions: string | undefined;
	readonly tools: readonly rt.Tool[];
}

/** Names that sessions may use. */
export interface ServedNames {
	/** Model of the recognition. */
	readonly recognition: string;
	/** Voices, the default first. */
	readonly voices: readonly string[];
}

/**
 * Returns the configuration of a session.
 *
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function sessionSettings(payload: rt.Request, config: InstanceConfig, names: ServedNames): SessionSettings {
	const {
		model,
		mode,
		instructions,
		voice,
		input_format = "pcm16",
		output_format = "pcm16",
		turn_detection = { type: "server_vad", server_vad: {} },
		transcription_model,
		language,
		tools,
		send_queue: _send,
		receive_queue: _receive,
		...rest
	} = payload;
	assertNoFieldsLeft(rest);
	checkModel("model", model, mode === "transcription" ? [VOICE_MODEL, names.recognition] : [VOICE_MODEL], config);
	if (transcription_model !== undefined) checkModel("transcription_model", transcription_model, [names.recognition, VOICE_MODEL], config);
	if (turn_detection.type === "semantic_vad")
		throw new SpearError(
			"missing_capabilities",
			"turn_detection: this backend ends turns by silence, not by meaning; use server_vad or manual",
		);
	if (language !== undefined && !isEnglish(language))
		throw new SpearError("missing_capabilities", `language: the models hear and speak English, not "${guestName(language)}"`);
	if (voice !== undefined && !names.voices.includes(voice))
		throw new SpearError("invalid_request", `voice: this backend has no voice "${guestName(voice)}"; it has ${names.voices.join(", ")}`);
	const vad = { ...DEFAULTS, ...(turn_detection.type === "server_vad" ? turn_detection.server_vad : {}) };
	return {
		mode,
		detection: {
			isManual: turn_detection.type === "manual",
			format: input_format,
			threshold: vad.threshold,
			prefixPaddingMs: Math.min(MAX_PREFIX_MS, vad.prefix_padding_ms),
			silenceMs: Math.max(MIN_SILENCE_MS, Math.min(MAX_SILENCE_MS, vad.silence_duration_ms)),
		},
		transcribes: mode === "transcription" || transcription_model !== undefined,
		outputFormat: output_format,
		voice: voice ?? names.voices[0] ?? "",
		instructions,
		tools,
	};
}

/** @throws SpearError `invalid_request` for a model that is none of `served`, by the names of the configuration. */
function checkModel(field: string, requested: string | undefined, served: readonly string[], config: InstanceConfig): void {
	const named = config.models.length === 0 ? { ...config, models: served } : config;
	const model = resolved(named, requested);
	if (model !== undefined && served.includes(model)) return;
	throw new SpearError(
		"invalid_request",
		`${field}: this backend has no model "${guestName(requested ?? "")}" here; it has ${served.join(", ")}`,
	);
}

/** Returns the name of a model in the engines' terms. `undefined` for a model that the configuration does not have. */
function resolved(config: InstanceConfig, requested: string | undefined): string | undefined {
	try {
		return upstreamModel(config, "realtime_voice", requested);
	} catch (thrown) {
		if (thrown instanceof SpearError && requested !== undefined) return undefined;
		throw thrown;
	}
}
