import type { TextToSpeechBackend } from "../../../../generated/backends/text-to-speech.ts";
import type * as tts from "../../../../generated/ir/tts.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import { wavHeader } from "../../../formats/wav-header.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { assertNoFieldsLeft } from "../../kit/assert-no-fields-left.ts";
import { type DeliveredFormat, deliveredFormat } from "../../kit/speech/delivered-format.ts";
import { completedSpeech, SPEECH_TYPES, speechEvents } from "../../kit/speech/events.ts";
import { offeredFeatures } from "../../offered-features.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { SPEECH_RULES } from "./rules.ts";
import { byteLength, SAMPLE_RATE, STUB_VOICES, samplesOf, tonesOf } from "./tts-tone.ts";

/** The stub generates a tone for each word, at the requested speed. */
export const SPEECH_CAPABILITIES: OperationCapabilities<"text_to_speech"> = {
	transports: ["unary", "server_stream"],
	models: ["stub-speech"],
	features: offeredFeatures("text_to_speech", SPEECH_RULES),
	rules: SPEECH_RULES,
	voices: STUB_VOICES,
};

/** Longest text, in UTF-16 units. OpenAI's speech API has the same limit. */
const MAX_CHARACTERS = 4096;

/** `text_to_speech` without a model: WAV or PCM that depends only on the request. An answer takes `delay_ms` per word. */
export function stubSpeech(options: StubOptions, closing: AbortSignal): TextToSpeechBackend {
	const stream: TextToSpeechBackend["stream"] = async function* ({ payload }, context) {
		const signal = AbortSignal.any([context.signal, closing]);
		if (signal.aborted) throw abortError(signal);
		const { text, voice, format, speed, downgrades } = checked(payload);
		async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
			const tones = tonesOf(text, voice, speed);
			if (format === "wav")
				yield wavHeader(
					tones.reduce((sum, tone) => sum + byteLength(tone), 0),
					SAMPLE_RATE,
				);
			for (const tone of tones) {
				await pause(options.delayMs, signal);
				yield samplesOf(tone);
			}
		}
		const pcmRate = format === "pcm" ? SAMPLE_RATE : undefined;
		yield* speechEvents({ chunks: chunks(), mimeType: SPEECH_TYPES[format], pcmRate, downgrades }, { ...context, signal });
	};
	return { unary: (envelope, context) => completedSpeech(stream(envelope, context)), stream };
}

/** @throws SpearError `missing_capabilities` or `invalid_request` for a request that the stub cannot serve. */
function checked(payload: tts.Request): DeliveredFormat & { readonly text: string; readonly voice: string; readonly speed: number } {
	const { input, voice = "stub-low", format, speed = 1, instructions, language: _, model: __, ...rest } = payload;
	assertNoFieldsLeft(rest);
	if (input.type === "ssml") throw new SpearError("missing_capabilities", "input: the stub does not offer supports_ssml");
	if (input.text.length > MAX_CHARACTERS)
		throw new SpearError("invalid_request", `input.text: it has ${input.text.length} characters, and the stub accepts ${MAX_CHARACTERS}`);
	if (instructions !== undefined) throw new SpearError("missing_capabilities", "the stub does not offer supports_voice_instructions");
	if (!STUB_VOICES.some(({ id }) => id === voice)) {
		const known = STUB_VOICES.map(({ id }) => id).join(" and ");
		throw new SpearError("invalid_request", `voice: the stub has no voice "${guestName(voice)}"; it has ${known}`);
	}
	return { text: input.text, voice, speed, ...deliveredFormat(format) };
}
