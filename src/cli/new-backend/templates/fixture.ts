import type { Names } from "../names.ts";

/** Text of `fixture.ts`. */
export function fixtureTemplate({ kind, constant, operations }: Names): string {
	const chat = operations.includes("chat_completions");
	const emb = operations.includes("embeddings");
	return `import { type ConformanceFixture, type FaultCase, jsonAnswer${chat ? ", sseAnswer" : ""} } from "spear-hostcall/backend/conformance";
import { ${constant} } from "./index.ts";

/** A made-up key of more than 16 characters. No error may show it. */
const KEY = "test-key-4f1c9a7e2b8d";

const HEADERS = { authorization: \`Bearer \${KEY}\`, "content-type": "application/json" };

/** Returns an answer that reports a fault, as the upstream documents it, and the error that the host makes of it. */
const fault = (status: number, type: string, error: FaultCase["error"], headers: Record<string, string> = {}): FaultCase => ({
	answer: jsonAnswer({ error: { type, message: "It did not work." } }, { status, headers }),
	error,
});

/** The kind \`${kind}\` for the conformance suite. Record the answers from the real upstream. */
export const fixture: ConformanceFixture = {
	kind: ${constant},
	config: (url) => ({ name: "up", kind: "${kind}", base_url: \`\${url}/v1\`, models: ["model-1"], options: {} }),
	apiKey: KEY,
	operations: {
${chat ? chatFixture() : ""}${emb ? embeddingsFixture() : ""}	},
	faults: {
		bad_request: fault(400, "bad_request", { code: "invalid_request", retryable: false, attribution: "request" }),
		bad_key: fault(401, "bad_key", { code: "backend_error", retryable: false, attribution: "credentials" }),
		forbidden: fault(403, "forbidden", { code: "backend_error", retryable: false, attribution: "credentials" }),
		unknown_model: fault(404, "unknown_model", { code: "backend_error", retryable: false, attribution: "request" }),
		rate_limit: fault(
			429,
			"rate_limit",
			{ code: "rate_limited", retryable: true, attribution: "capacity", retryAfterMs: 3000 },
			{ "retry-after": "3" },
		),
		quota: fault(429, "quota_exceeded", { code: "rate_limited", retryable: false, attribution: "capacity" }),
		overloaded: fault(503, "overloaded", { code: "backend_error", retryable: true, attribution: "capacity" }),
		server_failure: fault(500, "failure", { code: "backend_error", retryable: true, attribution: "backend" }),
	},
};
`;
}

function chatFixture(): string {
	return `		chat_completions: {
			payload: { messages: [{ role: "user", content: [{ type: "text", text: "Hi" }], tool_calls: [] }], tools: [] },
			requests: {
				"a question": {
					upstream: {
						method: "POST",
						path: "/v1/chat",
						headers: HEADERS,
						json: { model: "model-1", messages: [{ role: "user", text: "Hi" }], max_tokens: 1024 },
					},
				},
			},
			streamed: (whole) => ({ ...whole, json: { ...Object(whole.json), stream: true } }),
			answers: {
				"a text": {
					whole: jsonAnswer({ text: "Red kïte", finish: "stop" }),
					stream: sseAnswer([{ text: "Red " }, { text: "kïte" }, { done: true, finish: "stop" }]),
					result: {
						model: "model-1",
						message: { role: "assistant", content: [{ type: "text", text: "Red kïte" }], tool_calls: [] },
						finish_reason: "stop",
					},
					events: [
						{ type: "text", text: "Red " },
						{ type: "text", text: "kïte" },
					],
				},
			},
			wholeForStream: true,
			refusals: {
				"a tool": {
					payload: { messages: [{ role: "user", content: [{ type: "text", text: "Hi" }], tool_calls: [] }], tools: [{ name: "f", parameters: {} }] },
					error: { code: "missing_capabilities", retryable: false, attribution: "request", message: "tools: this backend has no tools" },
				},
			},
			reportedFaults: {
				overload: {
					whole: jsonAnswer({ error: { type: "overloaded", message: "Later." } }),
					stream: sseAnswer([{ text: "Red " }, { error: { type: "overloaded", message: "Later." } }]),
					events: [{ type: "text", text: "Red " }],
					error: { code: "backend_error", retryable: true, attribution: "capacity" },
				},
			},
		},
`;
}

function embeddingsFixture(): string {
	return `		embeddings: {
			payload: { input: ["a", "b"] },
			requests: {
				"two texts": { upstream: { method: "POST", path: "/v1/embed", headers: HEADERS, json: { model: "model-1", texts: ["a", "b"] } } },
			},
			answers: {
				"two vectors": {
					whole: jsonAnswer({ vectors: [[1, 0], [0, 0.5]] }),
					result: { model: "model-1", vectors: [Float32Array.of(1, 0), Float32Array.of(0, 0.5)], dimensions: 2 },
				},
			},
		},
`;
}
