import type * as tts from "../../../../generated/ir/tts.ts";
import type { CallOptions } from "../../../../generated/ir/types.ts";
import { callOptions } from "../call-options.ts";
import { fieldNames } from "../field-names.ts";
import { Fields, type JsonRecord } from "../fields.ts";

/** A request for speech, as the call that a guest would make. */
export interface SpeechCall {
	readonly payload: tts.Request;
	readonly options: CallOptions | undefined;
	/** True for an answer in events. */
	readonly events: boolean;
}

/** Names the client's member for a path of the host. */
export const speechFieldNames = fieldNames([
	["input.text", "input"],
	["format", "response_format"],
]);

const FORMATS = ["mp3", "opus", "aac", "flac", "wav", "pcm"] as const;

/**
 * Reads the body of `POST /v1/audio/speech`.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/createSpeech
 * @throws RequestError that names the member at fault.
 */
export function speechCall(body: JsonRecord): SpeechCall {
	const fields = new Fields(body, "");
	const model = fields.text("model");
	const text = fields.requiredText("input");
	const voice = voiceOf(fields);
	const format = fields.oneOf("response_format", FORMATS);
	const speed = fields.number("speed", { min: 0.25, max: 4 });
	const instructions = fields.text("instructions");
	const events = fields.oneOf("stream_format", ["audio", "sse"] as const) === "sse";
	return {
		payload: {
			input: { type: "text", text },
			...(model === undefined ? {} : { model }),
			...(voice === undefined ? {} : { voice }),
			...(format === undefined ? {} : { format }),
			...(speed === undefined ? {} : { speed }),
			...(instructions === undefined ? {} : { instructions }),
		},
		options: callOptions(fields.fields("spear"), { extra: fields.rest() }),
		events,
	};
}

/** Returns the voice: a name, or the id of a voice of the account. */
function voiceOf(fields: Fields): string | undefined {
	if (typeof fields.any("voice") !== "object") return fields.text("voice");
	const voice = fields.fields("voice");
	const id = voice?.requiredText("id");
	voice?.assertNoRest();
	return id;
}
