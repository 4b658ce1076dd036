import type { Demand } from "../../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import type { RequestMedia } from "../request-media.ts";
import { asrDemand } from "./asr.ts";
import { cchatDemand } from "./cchat.ts";
import { embDemand } from "./emb.ts";
import { imgDemand } from "./img.ts";
import { rtDemand } from "./rt.ts";
import { ttsDemand } from "./tts.ts";

/** How large a request is, by its payload when that is normalized. Cheap and rough; never fails. */
type Estimator<O extends Operation> = (payload: OperationMap[O]["payload"], media: RequestMedia) => Demand | Promise<Demand>;

/** One an operation. That of a new family is missing here until it is decided what of it backends have limits for. */
export const demands: { readonly [O in Operation]: Estimator<O> } = {
	chat_completions: cchatDemand,
	embeddings: embDemand,
	image_generation: imgDemand,
	realtime_voice: rtDemand,
	speech_to_text: asrDemand,
	text_to_speech: ttsDemand,
};
