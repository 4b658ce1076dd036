import { openaiCompatible } from "../../../../src/backends/kinds/openai-compatible/index.ts";
import { type AnswerContext, answerContext } from "../../../../src/backends/protocols/openai/cchat/answer-context.ts";
import { upstreamOf, type WithUpstream } from "../../kind-upstream.ts";

/** The key of every test. No error may hold it. */
export const KEY = "sk-canary-7f3a9c1e5b2d";

/** Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it. */
export const upstream: WithUpstream = upstreamOf(openaiCompatible, { model: "small", apiKey: KEY });

/** Returns the context for the answer to a request without tools. */
export function answerOf(model: string): AnswerContext {
	return answerContext({ messages: [], tools: [] }, { model, provider: "up", usageRequested: true });
}

/** Returns a whole completion in the form of the API. */
export function completion(message: object, more: { finish_reason?: string | null; usage?: object } = {}): object {
	const { finish_reason = "stop", usage } = more;
	return {
		id: "chatcmpl-42",
		object: "chat.completion",
		created: 1772366400,
		model: "small-2026-03-01",
		choices: [{ index: 0, message: { role: "assistant", content: null, refusal: null, ...message }, logprobs: null, finish_reason }],
		...(usage === undefined ? {} : { usage }),
		service_tier: "default",
	};
}

/** Returns a chunk of a streamed completion. */
export function chunk(delta: object, finish_reason: string | null = null): object {
	return { ...frame(), choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null };
}

/** Returns the chunk that reports usage. */
export function usageChunk(usage: object): object {
	return { ...frame(), choices: [], usage };
}

function frame(): object {
	return { id: "chatcmpl-42", object: "chat.completion.chunk", created: 1772366400, model: "small-2026-03-01", obfuscation: "xY" };
}
