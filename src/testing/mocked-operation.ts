import type { Operation } from "../../generated/ir/operations.ts";

/** Operations that a script can answer. A new operation of the ABI becomes one here, with its replies, pieces and drafts. */
export type MockedOperation = Extract<
	Operation,
	"chat_completions" | "embeddings" | "image_generation" | "text_to_speech" | "speech_to_text" | "realtime_voice"
>;
