import type { ChatApi } from "../chat-api.ts";
import { failedAnswer } from "../failed-answer.ts";
import { type ChatCompletionCall, chatCall, chatField } from "./request.ts";
import { chatCompletion } from "./response.ts";
import { ChatChunks } from "./stream.ts";

/** Name of the model in chunks of a request that names none. */
const DEFAULT_MODEL = "default";

/** Chat Completions: `POST /v1/chat/completions`. */
export const chatApi: ChatApi<ChatCompletionCall> = {
	call: chatCall,
	failed: (thrown, c, context) => failedAnswer(thrown, c, context, chatField),
	answer: (response, _, facts) => chatCompletion(response, facts),
	stream: ({ payload, includeUsage }, facts) => new ChatChunks({ ...facts, includeUsage, model: payload.model ?? DEFAULT_MODEL }),
};
