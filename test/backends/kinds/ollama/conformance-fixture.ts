import type { OperationMap } from "../../../../generated/ir/operations.ts";
import {
	type ConformanceFixture,
	type FaultCase,
	jsonAnswer,
	ndjsonAnswer,
	type RequestCase,
	type UpstreamRequest,
} from "../../../../src/backend-conformance.ts";
import { ollama } from "../../../../src/backends/kinds/ollama/index.ts";
import { parts, say } from "../../chat-envelope.ts";
import { STREAM_CASES } from "../../protocols/ollama/cchat/stream-cases.ts";
import { IR_USAGE, streamLines, wholeAnswer } from "../../protocols/ollama/upstream.ts";

const KEY = "ollama-canary-7d2f6a1b9c04";

type Chat = OperationMap["chat_completions"]["payload"];

const chatOf = (more: Partial<Chat>): Chat => ({ messages: [say("user", "Hi")], tools: [], ...more });

const postTo =
	(path: string) =>
	(json: object): UpstreamRequest => ({
		method: "POST",
		path,
		headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
		json: { model: "qwen3", ...json },
	});
const chatRequest = (json: object) => postTo("/api/chat")({ stream: false, ...json });
const embedRequest = postTo("/api/embed");

const ask = { role: "user", content: "Hi" };
const weather = {
	name: "weather",
	description: "Weather of a city.",
	parameters: { type: "object", properties: { city: { type: "string" } } },
};
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const upstreamCall = (id: string, city: string) => ({ id, function: { name: "weather", arguments: { city } } });
const CLOSED = { type: "object", properties: { city: { type: "string" } }, additionalProperties: false };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

const CHAT_REQUESTS: Readonly<Record<string, RequestCase<"chat_completions">>> = {
	"a text": { upstream: chatRequest({ messages: [ask] }) },
	"a system prompt, limits and a schema": {
		payload: chatOf({
			messages: [say("system", "Be brief."), say("user", "Hi")],
			params: { max_output_tokens: 64, stop: ["END"], seed: 7 },
			response_format: { type: "json_schema", json_schema: { name: "a", schema: CLOSED } },
		}),
		options: { num_ctx: 4096, keep_alive: "10m" },
		upstream: chatRequest({
			messages: [{ role: "system", content: "Be brief." }, ask],
			format: CLOSED,
			keep_alive: "10m",
			options: { num_predict: 64, stop: ["END"], seed: 7, num_ctx: 4096 },
		}),
	},
	"parallel calls and their results": {
		payload: chatOf({
			messages: [
				say("user", "Hi"),
				{ role: "assistant", content: [], tool_calls: [call("call_1", "Bern"), call("call_2", "Rome")] },
				say("tool", "3", { tool_call_id: "call_1" }),
				say("tool", "no", { tool_call_id: "call_2", is_error: true }),
			],
			tools: [weather],
		}),
		upstream: chatRequest({
			messages: [
				ask,
				{ role: "assistant", content: "", tool_calls: [upstreamCall("call_1", "Bern"), upstreamCall("call_2", "Rome")] },
				{ role: "tool", content: "3", tool_name: "weather", tool_call_id: "call_1" },
				{ role: "tool", content: "no", tool_name: "weather", tool_call_id: "call_2" },
			],
			tools: [{ type: "function", function: weather }],
		}),
	},
	"a stored image, and thinking": {
		media: { "sms+file://cat": { bytes: PNG, mimeType: "image/png" } },
		payload: chatOf({
			messages: [
				parts("user", { type: "image", image: { source: { type: "stored", stored: "sms+file://cat" } } }, { type: "text", text: "Hi" }),
			],
			params: { stop: [], reasoning_effort: "low" },
		}),
		options: { reasoning: "levels" },
		upstream: chatRequest({ messages: [{ ...ask, images: ["iVBORw=="] }], think: "low" }),
	},
};

const OVERLOADED = { code: "backend_error", retryable: true, attribution: "capacity", processed: "no" } as const;
const BUSY = "server busy, please try again.  maximum pending requests exceeded";

const fault = (status: number, error: string, expected: FaultCase["error"], headers: Record<string, string> = {}): FaultCase => ({
	answer: jsonAnswer({ error }, { status, headers }),
	error: expected,
});
const REFUSED_KEY = { code: "backend_error", retryable: false, attribution: "credentials", processed: "no" } as const;

/** The kind `ollama` for the conformance suite. */
export const fixture: ConformanceFixture = {
	kind: ollama,
	config: (url) => ({ name: "up", kind: "ollama", base_url: url, models: ["qwen3"], options: {} }),
	apiKey: KEY,
	operations: {
		chat_completions: {
			payload: chatOf({}),
			requests: CHAT_REQUESTS,
			streamed: (request) => ({ ...request, json: { ...Object(request.json), stream: true } }),
			answers: Object.fromEntries(
				Object.entries(STREAM_CASES).map(([name, { messages, end = {}, whole, deltas, response }]) => [
					name,
					{
						whole: jsonAnswer(wholeAnswer(whole, end)),
						stream: ndjsonAnswer(streamLines(messages, end)),
						result: response,
						events: [...deltas, { type: "usage", usage: IR_USAGE }],
					},
				]),
			),
			wholeForStream: true,
			refusals: {
				"a demanded call": {
					payload: chatOf({ tools: [weather], tool_choice: { type: "required" } }),
					error: {
						code: "missing_capabilities",
						retryable: false,
						attribution: "request",
						message: 'tool_choice: this backend cannot demand a tool call; use "auto"',
					},
				},
			},
			reportedFaults: {
				"a failure within an answer": {
					whole: jsonAnswer({ error: "unexpected EOF" }),
					stream: ndjsonAnswer([...streamLines([{ content: "Hi" }]).slice(0, 1), { error: "unexpected EOF" }]),
					events: [{ type: "text", text: "Hi" }],
					error: { code: "backend_error", retryable: true, attribution: "backend", message: "the backend failed: unexpected EOF" },
				},
			},
		},
		embeddings: {
			payload: { input: ["a", "b"] },
			requests: {
				"two texts": { upstream: embedRequest({ input: ["a", "b"], truncate: false }) },
				"a batch that is split": {
					options: { embeddings_max_batch: 1, embeddings_truncate: true },
					upstream: [embedRequest({ input: ["a"] }), embedRequest({ input: ["b"] })],
					answers: [jsonAnswer({ embeddings: [[1]] }), jsonAnswer({ embeddings: [[1]] })],
				},
			},
			answers: {
				"two vectors": {
					whole: jsonAnswer({
						model: "qwen3",
						embeddings: [
							[1, 0.5],
							[0, -2],
						],
						prompt_eval_count: 8,
					}),
					result: {
						model: "qwen3",
						dimensions: 2,
						vectors: [Float32Array.of(1, 0.5), Float32Array.of(0, -2)],
						usage: { input_tokens: 8 },
					},
				},
			},
			refusals: {
				"a purpose of the texts": {
					payload: { input: ["a"], input_type: "query" },
					error: { code: "missing_capabilities", retryable: false, attribution: "request" },
				},
			},
		},
	},
	faults: {
		bad_request: fault(400, "invalid format", {
			code: "invalid_request",
			retryable: false,
			attribution: "request",
			processed: "no",
			message: "the backend finds the request invalid (status 400): invalid format",
		}),
		bad_key: fault(401, "unauthorized", REFUSED_KEY),
		forbidden: fault(403, "forbidden", REFUSED_KEY),
		unknown_model: fault(404, 'model "qwen3" not found, try pulling it first', {
			code: "backend_error",
			retryable: false,
			attribution: "request",
		}),
		rate_limit: fault(
			429,
			"too many concurrent requests",
			{ code: "rate_limited", retryable: true, attribution: "capacity", processed: "no", retryAfterMs: 7000 },
			{ "retry-after": "7" },
		),
		quota: fault(429, "you've reached your weekly usage limit, please upgrade to continue", {
			code: "rate_limited",
			retryable: false,
			attribution: "capacity",
		}),
		overloaded: fault(503, BUSY, {
			...OVERLOADED,
			message: "the backend is overloaded: server busy, please try again. maximum pending requests exceeded",
		}),
		server_failure: fault(500, "llama runner process has terminated: exit status 2", {
			code: "backend_error",
			retryable: true,
			attribution: "backend",
		}),
	},
	otherFaults: {
		"a model that is loading": fault(503, "llm server loading model", OVERLOADED),
		"a model without tools": fault(400, '"qwen3" does not support tools', {
			code: "backend_error",
			retryable: false,
			attribution: "request",
		}),
	},
};
