import { cancelledError } from "../../../errors/spear-error.ts";
import type { BackendKind } from "../../backend.ts";
import { stubTranscripts, TRANSCRIPT_CAPABILITIES } from "./asr.ts";
import { CHAT_CAPABILITIES, stubChat } from "./cchat.ts";
import { EMBEDDINGS_CAPABILITIES, stubEmbeddings } from "./emb.ts";
import { IMAGE_CAPABILITIES, stubImages } from "./img.ts";
import { readOptions } from "./options.ts";
import { REALTIME_CAPABILITIES, stubRealtime } from "./rt.ts";
import { SPEECH_CAPABILITIES, stubSpeech } from "./tts.ts";

/** Answers without a model, a key or a network, for tests and first steps. The answers state that they come from a stub. */
export const stub: BackendKind = {
	name: "stub",
	create(config) {
		const options = readOptions(config);
		const closing = new AbortController();
		return {
			operations: {
				chat_completions: stubChat(options, closing.signal),
				embeddings: stubEmbeddings(options, closing.signal),
				image_generation: stubImages(options, closing.signal),
				speech_to_text: stubTranscripts(options, closing.signal),
				text_to_speech: stubSpeech(options, closing.signal),
				realtime_voice: stubRealtime(options, closing.signal),
			},
			capabilities: {
				chat_completions: CHAT_CAPABILITIES,
				embeddings: EMBEDDINGS_CAPABILITIES,
				image_generation: IMAGE_CAPABILITIES,
				speech_to_text: TRANSCRIPT_CAPABILITIES,
				text_to_speech: SPEECH_CAPABILITIES,
				realtime_voice: REALTIME_CAPABILITIES,
			},
			async close() {
				closing.abort(cancelledError("the backend was shut down while it served this call"));
			},
		};
	},
};
