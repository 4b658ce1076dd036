import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../../generated/ir/cchat.ts";

/** Returns a backend that receives each request with another payload. Answers, failures and aborts pass unchanged. */
export function withPayload(backend: ChatCompletionsBackend, transform: (payload: cchat.Request) => cchat.Request): ChatCompletionsBackend {
	return {
		unary: async (envelope, context) => backend.unary({ ...envelope, payload: transform(envelope.payload) }, context),
		async *stream(envelope, context) {
			yield* backend.stream({ ...envelope, payload: transform(envelope.payload) }, context);
		},
	};
}
