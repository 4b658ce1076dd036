import { type ConformanceFixture, type FaultCase, jsonAnswer } from "../../../../src/backend-conformance.ts";
import { openaiCompatible } from "../../../../src/backends/kinds/openai-compatible/index.ts";
import { chatFixture } from "./chat-fixture.ts";
import { imageFixture, speechFixture, transcriptFixture } from "./media-fixtures.ts";
import { KEY, postOf } from "./requests.ts";

const fault = (
	status: number,
	[type, code]: readonly [type: string, code: string | null],
	error: FaultCase["error"],
	headers: Record<string, string> = {},
): FaultCase => ({ answer: jsonAnswer({ error: { message: "Why it failed.", type, param: null, code } }, { status, headers }), error });

const REFUSED_KEY = { code: "backend_error", retryable: false, attribution: "credentials", processed: "no" } as const;

/** The kind `openai-compatible` for the conformance suite. */
export const fixture: ConformanceFixture = {
	kind: openaiCompatible,
	config: (url) => ({ name: "up", kind: "openai-compatible", base_url: `${url}/v1`, models: ["small"], options: {} }),
	apiKey: KEY,
	operations: {
		chat_completions: chatFixture,
		embeddings: {
			payload: { input: ["a", "b"] },
			requests: {
				"two texts": { upstream: postOf("/embeddings", { model: "small", input: ["a", "b"] }) },
				"vectors of a length": {
					payload: { input: ["a"], dimensions: 2 },
					upstream: postOf("/embeddings", { model: "small", dimensions: 2, input: ["a"] }),
				},
			},
			answers: {
				"two vectors": {
					whole: jsonAnswer({
						object: "list",
						data: [
							{ object: "embedding", index: 1, embedding: [0.5, -2] },
							{ object: "embedding", index: 0, embedding: [1, 0.25] },
						],
						model: "small-2026-03-01",
						usage: { prompt_tokens: 4, total_tokens: 4 },
					}),
					result: {
						model: "small-2026-03-01",
						vectors: [Float32Array.of(1, 0.25), Float32Array.of(0.5, -2)],
						dimensions: 2,
						usage: { input_tokens: 4, total_tokens: 4 },
					},
				},
			},
		},
		image_generation: imageFixture,
		speech_to_text: transcriptFixture,
		text_to_speech: speechFixture,
	},
	faults: {
		bad_request: fault(400, ["invalid_request_error", null], { code: "invalid_request", retryable: false, attribution: "request" }),
		bad_key: fault(401, ["invalid_request_error", "invalid_api_key"], REFUSED_KEY),
		forbidden: fault(403, ["permission_error", null], REFUSED_KEY),
		unknown_model: fault(404, ["invalid_request_error", "model_not_found"], {
			code: "backend_error",
			retryable: false,
			attribution: "request",
		}),
		rate_limit: fault(
			429,
			["requests", "rate_limit_exceeded"],
			{ code: "rate_limited", retryable: true, attribution: "capacity", processed: "no", retryAfterMs: 7000 },
			{ "retry-after": "7" },
		),
		quota: fault(429, ["insufficient_quota", "insufficient_quota"], { code: "rate_limited", retryable: false, attribution: "capacity" }),
		overloaded: fault(503, ["server_error", null], { code: "backend_error", retryable: true, attribution: "backend", processed: "no" }),
		server_failure: fault(500, ["server_error", null], { code: "backend_error", retryable: true, attribution: "backend" }),
	},
};
