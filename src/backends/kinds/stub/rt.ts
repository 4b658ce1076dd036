import type { RealtimeVoiceBackend } from "../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../generated/ir/rt.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { assertNoFieldsLeft } from "../../kit/assert-no-fields-left.ts";
import { offeredFeatures } from "../../offered-features.ts";
import type { StubOptions } from "./options.ts";
import { StubChannel } from "./rt-channel.ts";
import { REALTIME_RULES } from "./rules.ts";

/** The stub counts the bytes of audio, answers with a tone, and calls a tool if a text asks for it. */
export const REALTIME_CAPABILITIES: OperationCapabilities<"realtime_voice"> = {
	transports: ["bidi_stream"],
	models: ["stub-voice"],
	features: offeredFeatures("realtime_voice", REALTIME_RULES),
	rules: REALTIME_RULES,
};

/** `realtime_voice` without a model. Answers depend only on the input before them, and take `delay_ms` per word. */
export function stubRealtime(options: StubOptions, closing: AbortSignal): RealtimeVoiceBackend {
	return {
		async connect({ payload }, context) {
			const signal = AbortSignal.any([context.signal, closing]);
			if (signal.aborted) throw abortError(signal);
			const { mode, tools, transcribes } = checked(payload);
			return new StubChannel({ mode, tools, transcribes, delayMs: options.delayMs, signal });
		},
	};
}

/** @throws SpearError `missing_capabilities` for a request that the stub cannot serve. */
function checked(payload: rt.Request): { mode: rt.Mode; tools: readonly rt.Tool[]; transcribes: boolean } {
	const { mode, tools, turn_detection, transcription_model, output_format, model, instructions, voice, ...others } = payload;
	const { input_format, language, send_queue, receive_queue, ...rest } = others;
	assertNoFieldsLeft(rest);
	if (turn_detection !== undefined && turn_detection.type !== "manual") {
		throw new SpearError(
			"missing_capabilities",
			`turn_detection: the stub does not detect turns, so it does not offer ${turn_detection.type}; use manual`,
		);
	}
	if (output_format !== undefined && output_format !== "pcm16") {
		throw new SpearError("missing_capabilities", `output_format: the stub generates pcm16, not ${output_format}`);
	}
	return { mode, tools, transcribes: mode === "transcription" || transcription_model !== undefined };
}
