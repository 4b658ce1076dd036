import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { normalizeAsr } from "./asr.ts";
import { normalizeCchat } from "./cchat.ts";
import { normalizeEmb } from "./emb.ts";
import { normalizeImg } from "./img.ts";
import type { MediaAdmission } from "./request-media.ts";
import { normalizeRt } from "./rt.ts";
import { normalizeTts } from "./tts.ts";

/**
 * Applies the rules that a schema cannot express: rules across members, and one spelling for equivalent payloads.
 *
 * @throws SpearError `invalid_request`, naming the member at fault.
 */
export type Normalizer<O extends Operation> = (
	payload: OperationMap[O]["payload"],
	media: MediaAdmission,
) => OperationMap[O]["payload"] | Promise<OperationMap[O]["payload"]>;

/** Normalizers by operation. A new operation does not compile until it has one, which may return the payload unchanged. */
export const normalizers: { readonly [O in Operation]: Normalizer<O> } = {
	chat_completions: normalizeCchat,
	embeddings: normalizeEmb,
	image_generation: normalizeImg,
	realtime_voice: normalizeRt,
	speech_to_text: normalizeAsr,
	text_to_speech: normalizeTts,
};
