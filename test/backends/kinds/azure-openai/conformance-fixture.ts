import {
	answerOf,
	type ConformanceFixture,
	type FaultCase,
	jsonAnswer,
	type UpstreamRequest,
} from "../../../../src/backend-conformance.ts";
import { azureOpenai } from "../../../../src/backends/kinds/azure-openai/index.ts";
import { sse } from "../../../helpers/openai-server.ts";
import { say } from "../../chat-envelope.ts";
import { chunk, completion, usageChunk } from "../../protocols/openai/upstream.ts";
import { KEY } from "./azure.ts";

const requestOf = (path: string, json: object): UpstreamRequest => ({
	method: "POST",
	path: `/openai/deployments/gpt-4o${path}?api-version=2024-10-21`,
	headers: { "content-type": "application/json", "api-key": KEY, authorization: null },
	json: { model: "gpt-4o", ...json },
});

const hi = { messages: [{ role: "user", content: "Hi" }] };
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const irUsage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
const tool = { name: "f", parameters: { type: "object" } };
const promptResult = { id: "", object: "", created: 0, model: "", choices: [], prompt_filter_results: [] };
const frame = { id: "chatcmpl-42", model: "small-2026-03-01", usage: irUsage };

const fault = (status: number, code: string, error: FaultCase["error"], headers: Record<string, string> = {}): FaultCase => ({
	answer: jsonAnswer({ error: { code, message: "Why." } }, { status, headers }),
	error,
});

const FAILED = { code: "backend_error", retryable: true, attribution: "backend" } as const;
const REFUSED_KEY = { code: "backend_error", retryable: false, attribution: "credentials", processed: "no" } as const;

/** The kind `azure-openai` for the conformance suite: the parts that differ from `openai-compatible`. */
export const fixture: ConformanceFixture = {
	kind: azureOpenai,
	config: (url) => ({ name: "up", kind: "azure-openai", base_url: url, models: ["gpt-4o"], options: {} }),
	apiKey: KEY,
	partial: true,
	operations: {
		chat_completions: {
			payload: { messages: [say("user", "Hi")], tools: [] },
			requests: {
				"a text": { upstream: requestOf("/chat/completions", hi) },
				"another version, and a tool": {
					payload: { messages: [say("user", "Hi")], tools: [tool], tool_choice: { type: "required" } },
					options: { api_version: "2025-04-01-preview" },
					upstream: {
						...requestOf("/chat/completions", { ...hi, tools: [{ type: "function", function: tool }], tool_choice: "required" }),
						path: "/openai/deployments/gpt-4o/chat/completions?api-version=2025-04-01-preview",
					},
				},
			},
			streamed: (request) => ({ ...request, json: { ...Object(request.json), stream: true, stream_options: { include_usage: true } } }),
			answers: {
				"a text": {
					whole: jsonAnswer(completion({ content: "Hi" }, { usage })),
					stream: answerOf(
						"text/event-stream",
						sse([promptResult, chunk({ role: "assistant", content: "H" }), chunk({ content: "i" }), chunk({}, "stop"), usageChunk(usage)]),
					),
					result: {
						...frame,
						message: { role: "assistant", content: [{ type: "text", text: "Hi" }], tool_calls: [] },
						finish_reason: "stop",
					},
					events: [
						{ type: "text", text: "H" },
						{ type: "text", text: "i" },
						{ type: "usage", usage: irUsage },
					],
				},
				"a text that the filter ended": {
					whole: jsonAnswer(completion({ content: "Ta" }, { usage, finish_reason: "content_filter" })),
					stream: answerOf("text/event-stream", sse([chunk({ content: "Ta" }), chunk({}, "content_filter"), usageChunk(usage)])),
					result: {
						...frame,
						message: { role: "assistant", content: [{ type: "text", text: "Ta" }], tool_calls: [] },
						finish_reason: "content_filter",
					},
					events: [
						{ type: "text", text: "Ta" },
						{ type: "usage", usage: irUsage },
					],
				},
			},
			wholeForStream: true,
			reportedFaults: {
				"a filtered prompt within an answer": {
					whole: jsonAnswer({ error: { code: "content_filter", message: "Filtered.", status: 400 } }),
					stream: answerOf(
						"text/event-stream",
						sse([promptResult, { error: { code: "content_filter", message: "Filtered.", status: 400 } }], { done: false }),
					),
					error: {
						code: "invalid_request",
						retryable: false,
						attribution: "request",
						message: "the backend finds the request invalid: Filtered.",
					},
				},
			},
		},
	},
	faults: {
		bad_request: fault(400, "content_filter", { code: "invalid_request", retryable: false, attribution: "request", processed: "no" }),
		bad_key: fault(401, "401", REFUSED_KEY),
		forbidden: fault(403, "403", REFUSED_KEY),
		unknown_model: fault(404, "DeploymentNotFound", { code: "backend_error", retryable: false, attribution: "request" }),
		rate_limit: fault(
			429,
			"429",
			{ code: "rate_limited", retryable: true, attribution: "capacity", processed: "no", retryAfterMs: 8123 },
			{ "retry-after": "9", "retry-after-ms": "8123" },
		),
		quota: fault(429, "insufficient_quota", { code: "rate_limited", retryable: false, attribution: "capacity" }),
		overloaded: fault(503, "ServiceUnavailable", { ...FAILED, processed: "no" }),
		server_failure: fault(500, "InternalServerError", FAILED),
	},
};
