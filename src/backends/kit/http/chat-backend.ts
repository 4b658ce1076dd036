import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { Backend, OperationCapabilities } from "../../backend.ts";

/** Returns an instance that serves only chat. */
export function chatBackend(
	http: HttpClient,
	chat: ChatCompletionsBackend,
	capabilities: OperationCapabilities<"chat_completions">,
): Backend {
	return {
		operations: {
			chat_completions: chat,
			embeddings: undefined,
			image_generation: undefined,
			speech_to_text: undefined,
			text_to_speech: undefined,
			realtime_voice: undefined,
		},
		capabilities: { chat_completions: capabilities },
		close: () => http.close(),
	};
}
