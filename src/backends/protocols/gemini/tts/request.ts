import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import type { GeminiOptions } from "../options.ts";
import { providerMembers } from "../provider-members.ts";
import { isAvailable } from "./rules.ts";

/**
 * A request for speech, with the members that the adapter writes.
 *
 * @see https://ai.google.dev/gemini-api/docs/speech-generation
 */
export interface SpeechRequest {
	readonly contents: readonly [{ readonly role: "user"; readonly parts: readonly [SpokenPart] }];
	readonly generationConfig: {
		readonly responseModalities: readonly ["AUDIO"];
		readonly speechConfig: {
			readonly voiceConfig: { readonly prebuiltVoiceConfig: { readonly voiceName: string } };
			readonly languageCode?: string;
		};
	};
}

interface SpokenPart {
	readonly text: string;
	readonly speechMetadata?: { readonly style: string };
}

/**
 * Returns the upstream's request for an envelope with plain text.
 *
 * @throws SpearError `missing_capabilities` for SSML, a speed, or a format that is not made of samples.
 */
export function speechRequest(
	envelope: RequestEnvelope<"text_to_speech">,
	options: GeminiOptions,
): SpeechRequest & Readonly<Record<string, unknown>> {
	const { model: _, input, voice, format = "mp3", speed, instructions, language, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	if (input.type === "ssml") throw missing("input", "this backend accepts only plain text, not SSML");
	if (speed !== undefined && speed !== 1)
		throw missing("speed", "this backend has no member for it; describe the pace in the instructions");
	if (!isAvailable(format)) throw missing("format", "this backend delivers only wav and pcm");
	const { request, generation } = providerMembers(envelope.provider_options, options);
	return {
		contents: [{ role: "user", parts: [spokenPart(input.text, instructions, options)] }],
		generationConfig: {
			responseModalities: ["AUDIO"],
			speechConfig: {
				voiceConfig: { prebuiltVoiceConfig: { voiceName: voice ?? options.speech.defaultVoice } },
				...(language === undefined ? {} : { languageCode: language }),
			},
			...generation,
		},
		...request,
	};
}

function spokenPart(text: string, style: string | undefined, { speech }: GeminiOptions): SpokenPart {
	if (style === undefined) return { text };
	return speech.style === "metadata" ? { text, speechMetadata: { style } } : { text: `${style}: ${text}` };
}

function missing(member: string, message: string): SpearError {
	return new SpearError("missing_capabilities", `${member}: ${message}`);
}
