import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { Backend } from "../../backend.ts";
import { chatCapabilities } from "../../capabilities.ts";
import type { FieldRules } from "../../rules.ts";

/** Returns an instance that serves only chat, with the features that the rules leave. */
export function chatBackend(http: HttpClient, chat: ChatCompletionsBackend, rules: FieldRules<"chat_completions">): Backend {
	return {
		operations: {
			chat_completions: chat,
			embeddings: undefined,
			image_generation: undefined,
			speech_to_text: undefined,
			text_to_speech: undefined,
			realtime_voice: undefined,
		},
		capabilities: { chat_completions: chatCapabilities(rules) },
		close: () => http.close(),
	};
}
