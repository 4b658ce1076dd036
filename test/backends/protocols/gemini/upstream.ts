import { gemini } from "../../../../src/backends/kinds/gemini/index.ts";
import { upstreamOf, type WithUpstream } from "../../kind-upstream.ts";

/** The key of every test. No error may hold it. */
export const KEY = "AIzaSyCanary-5d1f7c0b93";

/** Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it. */
export const upstream: WithUpstream = upstreamOf(gemini, { model: "gemini-3.8-flash", apiKey: KEY });

const USAGE = {
	promptTokenCount: 12,
	candidatesTokenCount: 31,
	totalTokenCount: 57,
	cachedContentTokenCount: 3,
	toolUsePromptTokenCount: 5,
	thoughtsTokenCount: 9,
	promptTokensDetails: [{ modality: "TEXT", tokenCount: 12 }],
};

/** The usage of {@link response} in the IR. */
export const IR_USAGE = { input_tokens: 17, output_tokens: 40, total_tokens: 57, cached_input_tokens: 3, reasoning_tokens: 9 };

/** A response of the API: a whole answer, or an event of a stream. */
export type WireResponse = { readonly [name: string]: unknown };

/** Returns a whole answer with these parts. */
export function response(parts: readonly object[], candidate: object = {}, more: object = {}): WireResponse {
	return {
		candidates: [{ content: { parts, role: "model" }, finishReason: "STOP", index: 0, ...candidate }],
		usageMetadata: USAGE,
		modelVersion: "gemini-3.8-flash-001",
		responseId: "r-01",
		...more,
	};
}

/** Returns an event of a stream with these parts, before the end of the answer. */
export function piece(...parts: readonly object[]): WireResponse {
	return {
		candidates: [{ content: { parts, role: "model" }, index: 0 }],
		usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 },
		modelVersion: "gemini-3.8-flash-001",
		responseId: "r-01",
	};
}

/** Returns the bytes of a stream. Google's servers end lines with CR and LF. */
export function wire(events: readonly unknown[]): Buffer {
	return Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(""));
}
