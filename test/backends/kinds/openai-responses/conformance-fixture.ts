import type { OperationMap } from "../../../../generated/ir/operations.ts";
import {
	type AnswerCase,
	answerOf,
	type ConformanceFixture,
	type FaultCase,
	jsonAnswer,
	type RequestCase,
	type UpstreamRequest,
} from "../../../../src/backend-conformance.ts";
import { openaiResponses } from "../../../../src/backends/kinds/openai-responses/index.ts";
import { parts, say } from "../../chat-envelope.ts";
import { ANSWER_CASES, opaque, sealed } from "../../protocols/openai-responses/cchat/answer-cases.ts";
import { deltasOf } from "../../protocols/openai-responses/cchat/deltas-of.ts";
import { IR_USAGE, KEY, message, responseStream, type Wire, wholeResponse, wire } from "../../protocols/openai-responses/upstream.ts";

type Payload = OperationMap["chat_completions"]["payload"];

const payloadOf = (more: Partial<Payload>): Payload => ({ messages: [say("user", "Hi")], tools: [], ...more });

const requestOf = (json: object): UpstreamRequest => ({
	method: "POST",
	path: "/v1/responses",
	headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
	json: { model: "gpt", input: [ask], store: false, include: ["reasoning.encrypted_content"], ...json },
});

const ask = { type: "message", role: "user", content: "Hi" };
const weather = {
	name: "weather",
	description: "Weather of a city.",
	parameters: { type: "object", properties: { city: { type: "string" } } },
};
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const functionCall = (call_id: string, city: string) => ({
	type: "function_call",
	call_id,
	name: "weather",
	arguments: JSON.stringify({ city }),
});

const REQUESTS: Readonly<Record<string, RequestCase<"chat_completions">>> = {
	"a text": { upstream: requestOf({}) },
	"a system prompt, limits, a schema and an effort": {
		payload: payloadOf({
			messages: [say("system", "Be brief."), say("user", "Hi")],
			params: { max_output_tokens: 64, reasoning_effort: "low", stop: [] },
			response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" } } },
		}),
		upstream: requestOf({
			instructions: "Be brief.",
			max_output_tokens: 64,
			reasoning: { effort: "low" },
			text: { format: { type: "json_schema", name: "a", schema: { type: "object" } } },
		}),
	},
	"parallel calls with encrypted reasoning, and their results": {
		payload: payloadOf({
			messages: [
				say("user", "Hi"),
				{
					...parts("assistant", { type: "opaque", opaque: opaque("output.1.reasoning", sealed("rs_1")) }),
					tool_calls: [call("call_1", "Bern"), call("call_2", "Rome")],
				},
				say("tool", "3", { tool_call_id: "call_1" }),
				say("tool", "no", { tool_call_id: "call_2", is_error: true }),
			],
			tools: [weather],
			tool_choice: { type: "required" },
		}),
		upstream: requestOf({
			input: [
				ask,
				functionCall("call_1", "Bern"),
				sealed("rs_1"),
				functionCall("call_2", "Rome"),
				{ type: "function_call_output", call_id: "call_1", output: "3" },
				{ type: "function_call_output", call_id: "call_2", output: "no" },
			],
			tools: [{ type: "function", ...weather, strict: false }],
			tool_choice: "required",
		}),
	},
	"a stored image": {
		media: { "sms+file://cat": { bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47), mimeType: "image/png" } },
		payload: payloadOf({
			messages: [
				parts("user", { type: "image", image: { source: { type: "stored", stored: "sms+file://cat" } } }, { type: "text", text: "Hi" }),
			],
		}),
		upstream: requestOf({
			input: [
				{
					type: "message",
					role: "user",
					content: [
						{ type: "input_image", image_url: "data:image/png;base64,iVBORw==", detail: "auto" },
						{ type: "input_text", text: "Hi" },
					],
				},
			],
		}),
	},
};

/** The shorter answers: the suite cuts a stream at each of its bytes. All of them are read in `answer.test.ts`. */
const SHORT = new Set(["a text", "a refusal", "a call that the length limit cut", "encrypted reasoning without a summary, and a text"]);

/** Members that no reader of a stream uses. The streams of `answer.test.ts` have them. */
const UNREAD = new Set(["sequence_number", "item_id", "logprobs", "object", "metadata", "store", "parallel_tool_calls"]);
for (const name of ["temperature", "tool_choice", "tools", "top_p"]) UNREAD.add(name);

/** Returns the bytes of a stream without members that no reader uses. */
const terse = (events: readonly Wire[]): Buffer =>
	wire(events.map((event) => JSON.parse(JSON.stringify(event, (name, value) => (UNREAD.has(name) || value === null ? undefined : value)))));

const answers = Object.fromEntries(
	Object.entries(ANSWER_CASES)
		.filter(([name]) => SHORT.has(name))
		.map(([name, { output, more, response }]): [string, AnswerCase<"chat_completions">] => [
			name,
			{
				whole: jsonAnswer(wholeResponse(output, more)),
				// The first two events repeat the members of the last one.
				stream: answerOf("text/event-stream", terse(responseStream(output, more).slice(2))),
				result: response,
				events: [...deltasOf(output), { type: "usage", usage: IR_USAGE }],
			},
		]),
);

const errorOf = (code: string | null, text: string, type = "invalid_request_error"): object => ({
	error: { message: text, type, param: null, code },
});

const fault = (status: number, body: object, error: FaultCase["error"], headers: Record<string, string> = {}): FaultCase => ({
	answer: jsonAnswer(body, { status, headers }),
	error,
});

const FAILED = { code: "backend_error", retryable: true, attribution: "backend" } as const;
const REFUSED_KEY = { code: "backend_error", retryable: false, attribution: "credentials", processed: "no" } as const;

/** The kind `openai-responses` for the conformance suite. */
export const fixture: ConformanceFixture = {
	kind: openaiResponses,
	config: (url) => ({ name: "up", kind: "openai-responses", base_url: `${url}/v1`, models: ["gpt"], options: {} }),
	apiKey: KEY,
	operations: {
		chat_completions: {
			payload: payloadOf({}),
			requests: REQUESTS,
			streamed: (request) => ({ ...request, json: { ...Object(request.json), stream: true } }),
			answers,
			wholeForStream: true,
			refusals: {
				"a seed": {
					payload: payloadOf({ params: { stop: [], seed: 1 } }),
					error: {
						code: "missing_capabilities",
						retryable: false,
						attribution: "request",
						message: "params.seed: this backend has no seed",
					},
				},
			},
			reportedFaults: {
				"a response that failed": {
					whole: jsonAnswer(wholeResponse([], { status: "failed", error: { code: "server_error", message: "Oh." } })),
					stream: answerOf(
						"text/event-stream",
						wire([
							...responseStream([message("Hi")]).slice(0, 5),
							{
								type: "response.failed",
								response: wholeResponse([], { status: "failed", error: { code: "server_error", message: "Oh." } }),
							},
						]),
					),
					events: [{ type: "text", text: "Hi" }],
					error: { ...FAILED, message: "the backend failed: Oh.", usage: IR_USAGE },
				},
			},
		},
	},
	faults: {
		bad_request: fault(400, errorOf("unknown_parameter", "Unknown parameter: 'x'."), {
			code: "invalid_request",
			retryable: false,
			attribution: "request",
			processed: "no",
			message: "the backend finds the request invalid (status 400): Unknown parameter: 'x'.",
		}),
		bad_key: fault(401, errorOf("invalid_api_key", "Incorrect API key provided"), REFUSED_KEY),
		forbidden: fault(403, errorOf(null, "You have insufficient permissions for this operation."), REFUSED_KEY),
		unknown_model: fault(404, errorOf("model_not_found", "The model does not exist"), {
			code: "backend_error",
			retryable: false,
			attribution: "request",
		}),
		rate_limit: fault(
			429,
			errorOf("rate_limit_exceeded", "Rate limit reached", "tokens"),
			{ code: "rate_limited", retryable: true, attribution: "capacity", processed: "no", retryAfterMs: 7000 },
			{ "retry-after": "7" },
		),
		quota: fault(429, errorOf("insufficient_quota", "You exceeded your current quota", "insufficient_quota"), {
			code: "rate_limited",
			retryable: false,
			attribution: "capacity",
		}),
		overloaded: fault(503, errorOf(null, "Slow down", "service_unavailable_error"), { ...FAILED, processed: "no" }),
		server_failure: fault(500, errorOf(null, "The server had an error", "server_error"), FAILED),
	},
};
