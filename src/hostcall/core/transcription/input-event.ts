import { EAGAIN, EINVAL } from "../../../../generated/hostcall/core/errno.ts";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import { isJsonObject } from "../json-object.ts";
import type { TranscriptionInput } from "./transport.ts";

/** Base64 with or without padding. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Most letters of base64 for so many bytes. */
const lettersOf = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/**
 * Returns the input that a client event of OpenAI's Realtime API stands for. Returns `einval` for all other events, and `eagain` for audio that is
 * longer than `maxBytes`: it is not decoded.
 */
export function inputOf(event: JsonValue, maxBytes: number): TranscriptionInput | typeof EINVAL | typeof EAGAIN {
	if (!isJsonObject(event)) return EINVAL;
	switch (event.type) {
		case "input_audio_buffer.commit":
			return { type: "commit" };
		case "input_audio_buffer.clear":
			return { type: "clear" };
		case "input_audio_buffer.append": {
			const { audio } = event;
			if (typeof audio !== "string") return EINVAL;
			if (audio.length > lettersOf(maxBytes)) return EAGAIN;
			if (!BASE64.test(audio)) return EINVAL;
			return { type: "append_audio", audio: Buffer.from(audio, "base64") };
		}
		default:
			return EINVAL;
	}
}
