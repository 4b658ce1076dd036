import type * as asr from "../../generated/ir/asr.ts";
import type { RequestSize } from "../../generated/ir/envelope.ts";
import { fault } from "./fault.ts";
import type { MediaAdmission } from "./request-media.ts";

/** Admits the recording, and omits an empty prompt and an empty list of timestamps. */
export async function normalizeAsr(payload: asr.Request, media: MediaAdmission): Promise<asr.Request> {
	const { timestamps = [], prompt = "", task = "transcribe", ...rest } = payload;
	if (payload.audio.type === "inline" && payload.audio.inline.data.byteLength === 0)
		throw fault("audio.inline.data", "is empty; there is nothing to transcribe");
	return {
		...rest,
		task,
		audio: await media.admit(payload.audio, "audio"),
		...(timestamps.length === 0 ? {} : { timestamps: [...new Set(timestamps)].sort() }),
		...(prompt === "" ? {} : { prompt }),
	};
}

/** Returns the length of the recording, if its header contains it. */
export async function estimateAsrSize({ audio }: asr.Request, media: MediaAdmission): Promise<RequestSize> {
	const seconds = await media.seconds(audio);
	return seconds === undefined ? {} : { audio_seconds: seconds };
}
