import type { OptionReader } from "../../../kit/option-reader.ts";

/**
 * Forms in which a request's `instructions` are sent.
 * - `metadata`: `speechMetadata.style`, beside the text. Models since Gemini 3.8.
 * - `prompt`: words before the text. The only form of earlier models.
 */
const STYLE_FORMS = ["metadata", "prompt"] as const;

/** Options for speech. */
export interface SpeechOptions {
	/** The default is `metadata`. */
	readonly style: (typeof STYLE_FORMS)[number];
	/** Voice of a request that names none. The default is `Kore`. */
	readonly defaultVoice: string;
}

/** Reads `speech_style` and `default_voice`. */
export function readSpeechOptions(reader: OptionReader): SpeechOptions {
	return { style: reader.string("speech_style", STYLE_FORMS) ?? "metadata", defaultVoice: reader.string("default_voice") ?? "Kore" };
}
