import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as tts from "../../../../../generated/ir/tts.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import type { OpenAiOptions } from "../options.ts";

/**
 * A request for speech, with the members that the adapter writes.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/createSpeech
 */
export interface SpeechRequest {
	readonly model: string;
	readonly input: string;
	/** Name of a voice of the API, or id of a voice of the account. */
	readonly voice: string | { readonly id: string };
	readonly response_format: tts.AudioFormat;
	readonly speed?: number;
	readonly instructions?: string;
}

/** Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a result. */
const RESERVED = new Set(["model", "input", "voice", "response_format", "speed", "instructions", "stream_format"]);

/**
 * Returns the upstream's request for an envelope.
 *
 * @throws SpearError `missing_capabilities` for SSML; `invalid_request` for a voice other than the configured ones.
 */
export function speechRequest(
	envelope: RequestEnvelope<"text_to_speech">,
	config: InstanceConfig,
	options: OpenAiOptions,
): SpeechRequest & Readonly<Record<string, unknown>> {
	const { model, input, voice, format, speed, instructions, language: _, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	if (input.type === "ssml") throw new SpearError("missing_capabilities", "input: this backend accepts only plain text, not SSML");
	return {
		model: upstreamModel(config, "text_to_speech", model),
		input: input.text,
		voice: upstreamVoice(voice, options),
		response_format: format ?? "mp3",
		...(speed === undefined ? {} : { speed }),
		...(instructions === undefined ? {} : { instructions }),
		...allowedProviderOptions(envelope.provider_options, options, RESERVED),
	};
}

/** Returns the voice. Without configured voices the upstream checks the name, because each server has its own voices. */
function upstreamVoice(requested: string | undefined, { speech }: OpenAiOptions): SpeechRequest["voice"] {
	const voice = requested ?? speech.defaultVoice;
	if (speech.voicesConfigured && !speech.voices.some(({ id }) => id === voice)) {
		const known = speech.voices.map(({ id }) => id).join(", ");
		throw new SpearError("invalid_request", `voice: this backend has no voice "${guestName(voice)}"; it has ${known}`);
	}
	return /^voice_[0-9A-Za-z]{8,}$/.test(voice) ? { id: voice } : voice;
}
