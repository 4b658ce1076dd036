import type * as tts from "../../../../generated/ir/tts.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { SpearError } from "../../../errors/spear-error.ts";

/** Format of a request's default. */
const DEFAULT_FORMAT: tts.AudioFormat = "mp3";

/** Format that a backend without an encoder delivers, and the difference from the request. */
export interface DeliveredFormat {
	readonly format: "wav" | "pcm";
	readonly downgrades: readonly types.Downgrade[];
}

/**
 * Returns the format for a backend that makes samples and has no encoder. A request without a format gets WAV in place of the default, and the
 * response declares that difference.
 *
 * @throws SpearError `missing_capabilities` for a request that names another format than `wav` and `pcm`.
 */
export function deliveredFormat(requested: tts.AudioFormat | undefined): DeliveredFormat {
	if (requested === undefined) {
		const detail = `the audio is audio/wav instead of the default ${DEFAULT_FORMAT}`;
		return { format: "wav", downgrades: [{ field: "format", effect: "changed", detail }] };
	}
	if (requested === "wav" || requested === "pcm") return { format: requested, downgrades: [] };
	throw new SpearError("missing_capabilities", `format: this backend makes wav and pcm, not ${requested}`);
}
