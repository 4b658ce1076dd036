import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { normalizeAsr } from "./asr.ts";
import { normalizeCchat } from "./cchat.ts";
import { normalizeEmb } from "./emb.ts";
import { normalizeImg } from "./img.ts";
import type { MediaAdmission } from "./request-media.ts";
import { normalizeRt } from "./rt.ts";
import { normalizeTts } from "./tts.ts";

/** The judgement the schema cannot express: rules across members, and alignment of equivalent spellings. Throws `invalid_request`. */
export type Normalizer<O extends Operation> = (
	payload: OperationMap[O]["payload"],
	media: MediaAdmission,
) => OperationMap[O]["payload"] | Promise<OperationMap[O]["payload"]>;

/** One an operation. That of a new family is missing here until it is decided whether its schema says everything. */
export const normalizers: { readonly [O in Operation]: Normalizer<O> } = {
	chat_completions: normalizeCchat,
	embeddings: normalizeEmb,
	image_generation: normalizeImg,
	realtime_voice: normalizeRt,
	speech_to_text: normalizeAsr,
	text_to_speech: normalizeTts,
};
