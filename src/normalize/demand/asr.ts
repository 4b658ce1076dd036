import type * as asr from "../../../generated/ir/asr.ts";
import type { Demand } from "../../../generated/ir/envelope.ts";
import type { RequestMedia } from "../request-media.ts";

/** How long the recording is, where that is easily found out. */
export async function asrDemand({ audio }: asr.Request, media: RequestMedia): Promise<Demand> {
	const seconds = await media.seconds(audio);
	return seconds === undefined ? {} : { audio_seconds: seconds };
}
