import { MAX_HEAD_BYTES, wavFacts } from "../formats/wav.ts";
import type { MediaObject } from "./media-object.ts";
import type { ObjectStore } from "./object-store.ts";

/** Bytes of the first read. The header of nearly every WAV file ends before. */
const USUAL_HEAD_BYTES = 4096;

const WAV = /^audio\/(?:x-|vnd\.)?wave?(?:;|$)/i;

/**
 * Returns the length of a recording in seconds, from the header of a WAV file. `undefined` for other formats, and if the object cannot
 * be read.
 */
export async function recordingSeconds(store: ObjectStore, object: MediaObject): Promise<number | undefined> {
	if (!WAV.test(object.mimeType)) return undefined;
	try {
		const open = await store.read(object);
		try {
			for (const bytes of [USUAL_HEAD_BYTES, MAX_HEAD_BYTES]) {
				const facts = wavFacts(await open.fill(new Uint8Array(Math.min(bytes, object.size)), 0), object.size);
				if (facts !== "incomplete") return facts?.seconds;
			}
			return undefined;
		} finally {
			open.close();
		}
	} catch {
		return undefined; // The backend that reads the whole recording reports the failure.
	}
}
