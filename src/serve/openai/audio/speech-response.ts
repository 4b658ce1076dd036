import type * as tts from "../../../../generated/ir/tts.ts";
import { audioSignature } from "../../../formats/audio-signature.ts";
import { spearMember } from "../spear-member.ts";
import { tokenUsage } from "../token-usage.ts";

/** Media types of the formats. */
const TYPES: Readonly<Record<tts.AudioFormat, string>> = {
	wav: "audio/wav",
	mp3: "audio/mpeg",
	pcm: "audio/pcm",
	opus: "audio/ogg",
	flac: "audio/flac",
	aac: "audio/aac",
};

/** Media types by the file extension of a signature. */
const TYPES_BY_EXTENSION: ReadonlyMap<string, string> = new Map([
	["mp3", TYPES.mp3],
	["ogg", TYPES.opus],
	["flac", TYPES.flac],
	["aac", TYPES.aac],
]);

/**
 * Returns the media type of speech by its first bytes. A backend meets the format that a request names. If the request names none, the backend may
 * deliver WAV in place of MP3.
 */
export function speechType(format: tts.AudioFormat | undefined, beginning: Uint8Array): string {
	if (format !== undefined) return TYPES[format];
	const isRiff = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.byteLength).toString("latin1", 0, 4) === "RIFF";
	if (isRiff) return TYPES.wav;
	return TYPES_BY_EXTENSION.get(audioSignature(beginning)?.extension ?? "mp3") ?? TYPES.mp3;
}

/**
 * Returns the event of the API for an event of the host. `undefined` for a failure, which the caller reports.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event
 */
export function speechEvent(event: tts.Event): (Readonly<Record<string, unknown>> & { readonly type: string }) | undefined {
	switch (event.type) {
		case "audio": {
			const { buffer, byteOffset, byteLength } = event.audio;
			return { type: "speech.audio.delta", audio: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
		}
		case "completed":
			return {
				type: "speech.audio.done",
				usage: tokenUsage(event.completed.usage) ?? { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
				...spearMember(event.completed),
			};
		case "failed":
			return undefined;
	}
}
