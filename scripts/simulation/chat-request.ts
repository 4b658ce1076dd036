import type { BackendMedia } from "../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import { SpearError } from "../../src/errors/spear-error.ts";

export interface ChatRequestOptions {
	/** Deadline, in milliseconds. */
	readonly timeoutMs: number;
	/** `undefined` for no session. */
	readonly sessionKey?: string | undefined;
	/** Sent as the task, so that a modelled upstream can answer by it. `undefined` for no guest. */
	readonly guest?: string | undefined;
}

/** Returns a chat with this number. */
export function chatRequest(number: number, { timeoutMs, sessionKey, guest }: ChatRequestOptions): RequestEnvelope<"chat_completions"> {
	return {
		version: 1,
		request_id: `r${number}`,
		operation: "chat_completions",
		...(guest === undefined ? {} : { task_id: guest }),
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [], ...(sessionKey === undefined ? {} : { session_key: sessionKey }) },
		requirements: { required_ops: [], required_features: [], required_transports: ["unary"] },
		timeout_ms: timeoutMs,
		payload: { messages: [], tools: [] },
		provider_options: {},
	};
}

/** The media of chats that have none. */
export const NO_MEDIA: BackendMedia = {
	open: () => Promise.reject(new SpearError("internal", "a simulated request refers to media")),
	store: () => Promise.reject(new SpearError("internal", "a simulated upstream stores media")),
};
