import type { RealtimeVoiceBackend } from "../../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../../generated/ir/rt.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { assertNoFieldsLeft } from "../../kit/assert-no-fields-left.ts";
import type { StubOptions } from "./options.ts";
import { StubChannel } from "./rt-channel.ts";

/** What the stub truly does: it counts what it gets, answers in a tone, and calls a tool that a text spells out. */
export const REALTIME_CAPABILITIES: OperationCapabilities = {
	transports: ["bidi_stream"],
	models: ["stub-voice"],
	features: ["supports_input_transcription", "supports_tools"],
	downgrades: ["instructions, voice and language have no effect: nobody listens and nobody speaks"],
};

/** `realtime_voice` without a model: every answer is a function of what was sent before it. An answer takes `delay_ms` a word. */
export function stubRealtime(options: StubOptions, closing: AbortSignal): RealtimeVoiceBackend {
	return {
		async connect({ payload }, context) {
			const signal = AbortSignal.any([context.signal, closing]);
			if (signal.aborted) throw abortError(signal);
			const { mode, tools, transcribes } = understood(payload);
			return new StubChannel({ mode, tools, transcribes, delayMs: options.delayMs, signal });
		},
	};
}

/** @throws SpearError `missing_capabilities` for what a stub cannot do. */
function understood(payload: rt.Request): { mode: rt.Mode; tools: readonly rt.Tool[]; transcribes: boolean } {
	const { mode, tools, turn_detection, transcription_model, output_format, model, instructions, voice, ...others } = payload;
	const { input_format, language, send_queue, receive_queue, ...rest } = others;
	assertNoFieldsLeft(rest);
	if (turn_detection !== undefined && turn_detection.type !== "manual") {
		throw new SpearError(
			"missing_capabilities",
			`turn_detection: the stub hears no turns, so it has no ${turn_detection.type}; take manual`,
		);
	}
	if (output_format !== undefined && output_format !== "pcm16") {
		throw new SpearError("missing_capabilities", `output_format: the stub makes pcm16, no ${output_format}`);
	}
	return { mode, tools, transcribes: mode === "transcription" || transcription_model !== undefined };
}
