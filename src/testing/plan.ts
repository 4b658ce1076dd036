import type { RealtimeVoiceInput } from "../../generated/backends/realtime-voice.ts";
import type * as asr from "../../generated/ir/asr.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type * as emb from "../../generated/ir/emb.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { OperationMap, Transport } from "../../generated/ir/operations.ts";
import type * as rt from "../../generated/ir/rt.ts";
import type * as types from "../../generated/ir/types.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { MockedOperation } from "./mocked-operation.ts";
import type { MockImage } from "./replies.ts";

/** A request as a scripted backend received it. A test of `operation` narrows the payload. */
export type MockRequest<O extends MockedOperation = MockedOperation> = {
	[P in O]: {
		readonly operation: P;
		readonly transport: Transport;
		/** Name of the instance. */
		readonly backend: string;
		/** Number of the request among those of its operation, from 0. */
		readonly index: number;
		/** The request, as every backend receives it. */
		readonly envelope: RequestEnvelope<P>;
		/** Payload of the envelope. */
		readonly payload: OperationMap[P]["payload"];
		/** Input of the turn of a realtime session, oldest first. Empty for all other operations. */
		readonly input: readonly RealtimeVoiceInput[];
	};
}[O];

/** Results before their media are stored. */
export interface Drafts {
	chat_completions: cchat.Response;
	embeddings: emb.Response;
	image_generation: { readonly images: readonly MockImage[]; readonly model: string; readonly usage?: types.Usage };
	text_to_speech: { readonly mimeType: string; readonly pcmRate?: number; readonly usage?: types.Usage };
	speech_to_text: asr.Response;
	realtime_voice: undefined;
}

/** Output before the end of an answer. */
export interface Pieces {
	chat_completions: Exclude<cchat.Event, { type: "completed" | "failed" }>;
	embeddings: never;
	image_generation: never;
	text_to_speech: Uint8Array;
	speech_to_text: Exclude<asr.Event, { type: "completed" | "failed" }>;
	realtime_voice: Exclude<rt.Event, { type: "completed" | "failed" }>;
}

/** Output of one answer with its times: plain data, which another thread can play. */
export interface Plan<O extends MockedOperation = MockedOperation> {
	/** Time before the first piece, or the end, in milliseconds. */
	readonly delayMs: number;
	/** Time between two pieces, in milliseconds. */
	readonly everyMs: number;
	readonly pieces: readonly Pieces[O][];
	readonly end: { readonly draft: Drafts[O] } | { readonly failure: SpearError };
}
