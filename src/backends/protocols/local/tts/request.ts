import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { deliveredFormat } from "../../../kit/speech/delivered-format.ts";
import { noProviderOptions } from "../no-provider-options.ts";
import { isEnglish } from "./rules.ts";
import { sentences } from "./sentences.ts";
import { spokenText } from "./spoken-text.ts";
import { defaultVoice, VOICES } from "./voices.ts";

/** Longest text, in UTF-16 units: about ten minutes of speech. */
export const MAX_CHARACTERS = 8192;

/** A request in the engine's terms. */
export interface SpeechRequest {
	/** Sentences to speak, and pieces of long ones. At least one. */
	readonly sentences: readonly string[];
	readonly voice: string;
	/** Factor of the durations of all sounds. */
	readonly stretch: number;
	readonly format: "wav" | "pcm";
	/** Differences from the request that follow from its text and its format. */
	readonly downgrades: readonly types.Downgrade[];
}

/**
 * Returns the request for an envelope with plain text.
 *
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function speechRequest({ payload, provider_options }: RequestEnvelope<"text_to_speech">): SpeechRequest {
	const { model: _, input, voice, format, speed = 1, instructions, language, ...rest } = payload;
	assertNoFieldsLeft(rest);
	noProviderOptions(provider_options);
	if (input.type === "ssml") throw new SpearError("missing_capabilities", "input: this backend accepts only plain text, not SSML");
	if (instructions !== undefined) throw new SpearError("missing_capabilities", "instructions: the voices have one manner of speaking");
	if (language !== undefined && !isEnglish(language))
		throw new SpearError("missing_capabilities", `language: the voices speak English, not "${guestName(language)}"`);
	if (voice !== undefined && !VOICES.some(({ id }) => id === voice)) {
		const known = VOICES.map(({ id }) => id).join(", ");
		throw new SpearError("invalid_request", `voice: this backend has no voice "${guestName(voice)}"; it has ${known}`);
	}
	const delivered = deliveredFormat(format);
	const stretch = 1 / speed;
	const spoken = spokenSentences(input.text, stretch);
	return {
		sentences: spoken.sentences,
		voice: voice ?? defaultVoice(language),
		stretch,
		format: delivered.format,
		downgrades: [...delivered.downgrades, ...spoken.downgrades],
	};
}

function spokenSentences(input: string, stretch: number): Pick<SpeechRequest, "sentences" | "downgrades"> {
	if (input.length > MAX_CHARACTERS)
		throw new SpearError(
			"invalid_request",
			`input: it has ${input.length} characters, and this backend speaks at most ${MAX_CHARACTERS}; send it in parts`,
		);
	const { text, lost } = spokenText(input);
	const spoken = [...sentences(text, stretch)];
	if (spoken.length === 0) throw new SpearError("invalid_request", "input: it holds nothing that an English voice can speak");
	const detail = `${lost} letters of other scripts are not spoken`;
	return { sentences: spoken, downgrades: lost === 0 ? [] : [{ field: "input.text", effect: "changed", detail }] };
}
