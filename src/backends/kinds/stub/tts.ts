import type { TextToSpeechBackend } from "../../../../generated/backends/text-to-speech.ts";
import type * as tts from "../../../../generated/ir/tts.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { assertNoFieldsLeft } from "../../kit/assert-no-fields-left.ts";
import { SPEECH_TYPES, speechEvents, spoken } from "../../kit/speech/events.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { byteLength, SAMPLE_RATE, STUB_VOICES, samplesOf, tonesOf, wavHeader } from "./tts-tone.ts";

/** What the stub truly does: a tone for each word, slower or faster. */
export const SPEECH_CAPABILITIES: OperationCapabilities = {
	transports: ["unary", "server_stream"],
	models: ["stub-speech"],
	features: ["supports_speed"],
	downgrades: ["language has no effect: tones have none"],
	voices: STUB_VOICES,
};

/** The longest text, in UTF-16 units: as much as OpenAI's speech takes. */
const MAX_CHARACTERS = 4096;

/** `text_to_speech` without a model: real WAV or PCM, a function of the request alone. An answer takes `delay_ms` a word. */
export function stubSpeech(options: StubOptions, closing: AbortSignal): TextToSpeechBackend {
	const stream: TextToSpeechBackend["stream"] = async function* ({ payload }, context) {
		const signal = AbortSignal.any([context.signal, closing]);
		if (signal.aborted) throw abortError(signal);
		const { text, voice, format, speed } = understood(payload);
		async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
			const tones = tonesOf(text, voice, speed);
			if (format === "wav") yield wavHeader(tones.reduce((sum, tone) => sum + byteLength(tone), 0));
			for (const tone of tones) {
				await pause(options.delayMs, signal);
				yield samplesOf(tone);
			}
		}
		const pcmRate = format === "pcm" ? SAMPLE_RATE : undefined;
		yield* speechEvents({ pieces: pieces(), mimeType: SPEECH_TYPES[format], pcmRate }, { ...context, signal });
	};
	return { unary: (envelope, context) => spoken(stream(envelope, context)), stream };
}

/** @throws SpearError `missing_capabilities` or `invalid_request` for what a stub cannot do. */
function understood(payload: tts.Request): { text: string; voice: string; format: "wav" | "pcm"; speed: number } {
	const { input, voice = "stub-low", format = "mp3", speed = 1, instructions, language: _, model: __, ...rest } = payload;
	assertNoFieldsLeft(rest);
	if (input.type === "ssml") throw new SpearError("missing_capabilities", "input: the stub does not offer supports_ssml");
	if (input.text.length > MAX_CHARACTERS)
		throw new SpearError("invalid_request", `input.text: ${input.text.length} characters, the stub speaks ${MAX_CHARACTERS}`);
	if (instructions !== undefined) throw new SpearError("missing_capabilities", "the stub does not offer supports_voice_instructions");
	if (format !== "wav" && format !== "pcm")
		throw new SpearError("missing_capabilities", `format: the stub makes wav and pcm, no ${format}`);
	if (!STUB_VOICES.some(({ id }) => id === voice)) {
		const known = STUB_VOICES.map(({ id }) => id).join(" and ");
		throw new SpearError("invalid_request", `voice: the stub has no voice "${voice}"; it has ${known}`);
	}
	return { text: input.text, voice, format, speed };
}
