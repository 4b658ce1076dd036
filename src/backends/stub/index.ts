import { cancelledError } from "../../errors/spear-error.ts";
import type { BackendKind } from "../backend.ts";
import { CHAT_CAPABILITIES, stubChat } from "./cchat.ts";
import { readOptions } from "./options.ts";

/** Answers without a model, a key or a network: for trying the host out and for tests. It says that it is a stub. */
export const stub: BackendKind = {
	name: "stub",
	create(config) {
		const closing = new AbortController();
		return {
			operations: {
				chat_completions: stubChat(readOptions(config), closing.signal),
				embeddings: undefined,
				image_generation: undefined,
				speech_to_text: undefined,
				text_to_speech: undefined,
				realtime_voice: undefined,
			},
			capabilities: { chat_completions: CHAT_CAPABILITIES },
			async close() {
				closing.abort(cancelledError("the backend was shut down while it served this call"));
			},
		};
	},
};
