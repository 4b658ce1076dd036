import type { RequestSize } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { estimateAsrSize } from "./asr.ts";
import { estimateCchatSize } from "./cchat.ts";
import { estimateEmbSize } from "./emb.ts";
import { estimateImgSize } from "./img.ts";
import type { MediaAdmission } from "./request-media.ts";
import { estimateRtSize } from "./rt.ts";
import { estimateTtsSize } from "./tts.ts";

/** How large a request is, by its payload when that is normalized. Cheap and rough; never fails. */
type Estimator<O extends Operation> = (payload: OperationMap[O]["payload"], media: MediaAdmission) => RequestSize | Promise<RequestSize>;

/** One an operation. That of a new family is missing here until it is decided what of it backends have limits for. */
export const sizeEstimators: { readonly [O in Operation]: Estimator<O> } = {
	chat_completions: estimateCchatSize,
	embeddings: estimateEmbSize,
	image_generation: estimateImgSize,
	realtime_voice: estimateRtSize,
	speech_to_text: estimateAsrSize,
	text_to_speech: estimateTtsSize,
};
