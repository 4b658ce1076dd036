import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { noProviderOptions } from "../no-provider-options.ts";
import { isEnglish } from "./rules.ts";

/** A request in the engines' terms. */
export interface TranscriptRequest {
	readonly audio: types.MediaRef;
	/** True if the response has segments. */
	readonly hasSegments: boolean;
}

/**
 * Returns the request for an envelope. The prompt and the temperature have no effect.
 *
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function transcriptRequest({ payload, provider_options }: RequestEnvelope<"speech_to_text">): TranscriptRequest {
	const { model: _, audio, task, language, prompt: _prompt, timestamps = [], diarize, temperature: _temperature, ...rest } = payload;
	assertNoFieldsLeft(rest);
	noProviderOptions(provider_options);
	if (task === "translate") throw new SpearError("missing_capabilities", "task: the local recognizer cannot translate");
	if (language !== undefined && !isEnglish(language))
		throw new SpearError("missing_capabilities", `language: the local recognizer knows English, not "${guestName(language)}"`);
	if (timestamps.includes("word"))
		throw new SpearError("missing_capabilities", "timestamps: the local recognizer has no times of words; ask for segments");
	if (diarize === true) throw new SpearError("missing_capabilities", "diarize: the local recognizer does not distinguish speakers");
	return { audio, hasSegments: timestamps.includes("segment") };
}
