import type { RequestSize } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { estimateAsrSize } from "./asr.ts";
import { estimateCchatSize } from "./cchat.ts";
import { estimateEmbSize } from "./emb.ts";
import { estimateImgSize } from "./img.ts";
import type { MediaAdmission } from "./request-media.ts";
import { estimateRtSize } from "./rt.ts";
import { estimateTtsSize } from "./tts.ts";

/** Estimates the size of a request from its normalized payload. Cheap, rough, and never fails. */
type Estimator<O extends Operation> = (payload: OperationMap[O]["payload"], media: MediaAdmission) => RequestSize | Promise<RequestSize>;

/** Estimators by operation. A new operation does not compile until it has one, which estimates the quantities that backends limit. */
export const sizeEstimators: { readonly [O in Operation]: Estimator<O> } = {
	chat_completions: estimateCchatSize,
	embeddings: estimateEmbSize,
	image_generation: estimateImgSize,
	realtime_voice: estimateRtSize,
	speech_to_text: estimateAsrSize,
	text_to_speech: estimateTtsSize,
};
