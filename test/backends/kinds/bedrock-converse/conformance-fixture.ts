import type { OperationMap } from "../../../../generated/ir/operations.ts";
import {
	answerOf,
	type ConformanceFixture,
	type FaultCase,
	jsonAnswer,
	type RequestCase,
	type UpstreamRequest,
} from "../../../../src/backend-conformance.ts";
import { bedrockConverse } from "../../../../src/backends/kinds/bedrock-converse/index.ts";
import { exceptionFrame, FRAMES } from "../../../transport/http/aws-frames.ts";
import { parts, say } from "../../chat-envelope.ts";
import { STREAM_CASES, wholeText } from "../../protocols/bedrock/cchat/stream-cases.ts";
import { answerStream, IR_USAGE, KEY, wire } from "../../protocols/bedrock/upstream.ts";

type Payload = OperationMap["chat_completions"]["payload"];

const payloadOf = (more: Partial<Payload>): Payload => ({ messages: [say("user", "Hi")], tools: [], ...more });

const requestOf = (json: object): UpstreamRequest => ({
	method: "POST",
	path: "/model/us.anthropic.claude-sonnet-4-6-v1%3A0/converse",
	headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
	json,
});

const ask = { role: "user", content: [{ text: "Hi" }] };
const weather = { name: "weather", description: "Weather of a city.", parameters: { type: "object", properties: {} } };
const toolSpec = { name: "weather", description: "Weather of a city.", inputSchema: { json: { type: "object", properties: {} } } };
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const use = (toolUseId: string, city: string) => ({ toolUse: { toolUseId, name: "weather", input: { city } } });
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

const pictured = { role: "user", content: [{ image: { format: "png", source: { bytes: "iVBORw==" } } }, { text: "Hi" }] };

const REQUESTS: Readonly<Record<string, RequestCase<"chat_completions">>> = {
	"a text": { upstream: requestOf({ messages: [ask] }) },
	"a system prompt, limits and a schema": {
		payload: payloadOf({
			messages: [say("system", "Be brief."), say("user", "Hi")],
			params: { max_output_tokens: 64, stop: ["END"] },
			response_format: {
				type: "json_schema",
				json_schema: { name: "a", schema: { type: "object", properties: {}, additionalProperties: false } },
			},
		}),
		upstream: requestOf({
			system: [{ text: "Be brief." }],
			messages: [ask],
			inferenceConfig: { maxTokens: 64, stopSequences: ["END"] },
			outputConfig: {
				textFormat: {
					type: "json_schema",
					structure: { jsonSchema: { name: "a", schema: '{"type":"object","properties":{},"additionalProperties":false}' } },
				},
			},
		}),
	},
	"parallel calls and their results": {
		payload: payloadOf({
			messages: [
				say("user", "Hi"),
				{ role: "assistant", content: [], tool_calls: [call("tooluse_1", "Bern"), call("tooluse_2", "Rome")] },
				say("tool", "3", { tool_call_id: "tooluse_1" }),
				say("tool", "no", { tool_call_id: "tooluse_2", is_error: true }),
			],
			tools: [weather],
			tool_choice: { type: "required" },
		}),
		upstream: requestOf({
			messages: [
				ask,
				{ role: "assistant", content: [use("tooluse_1", "Bern"), use("tooluse_2", "Rome")] },
				{
					role: "user",
					content: [
						{ toolResult: { toolUseId: "tooluse_1", content: [{ text: "3" }] } },
						{ toolResult: { toolUseId: "tooluse_2", content: [{ text: "no" }], status: "error" } },
					],
				},
			],
			toolConfig: { tools: [{ toolSpec }], toolChoice: { any: {} } },
		}),
	},
	"a stored image": {
		media: { "sms+file://cat": { bytes: PNG, mimeType: "image/png" } },
		payload: payloadOf({
			messages: [
				parts("user", { type: "image", image: { source: { type: "stored", stored: "sms+file://cat" } } }, { type: "text", text: "Hi" }),
			],
		}),
		upstream: requestOf({ messages: [pictured] }),
	},
	"an image at a URL, which the host downloads": {
		media: { "https://img.example/cat.png": { bytes: PNG, mimeType: "image/png" } },
		payload: payloadOf({
			messages: [
				parts(
					"user",
					{ type: "image", image: { source: { type: "url", url: "https://img.example/cat.png" } } },
					{ type: "text", text: "Hi" },
				),
			],
		}),
		upstream: requestOf({ messages: [pictured] }),
	},
};

const fault = (
	status: number,
	[type, message]: readonly [type: string, message: string],
	error: FaultCase["error"],
	headers: Record<string, string> = {},
): FaultCase => ({ answer: jsonAnswer({ message }, { status, headers: { "x-amzn-errortype": `${type}:`, ...headers } }), error });

const REFUSED_KEY = { code: "backend_error", retryable: false, attribution: "credentials", processed: "no" } as const;
const SLOW = { code: "rate_limited", retryable: true, attribution: "capacity", processed: "no" } as const;

/** Answers whose frames are of the forms of other answers: the suite cuts a stream at each of its bytes. All are read in `stream.test.ts`. */
const ALIKE = new Set(["an empty answer", "reasoning without a signature", "an answer that is too long"]);

/** The kind `bedrock-converse` for the conformance suite. */
export const fixture: ConformanceFixture = {
	kind: bedrockConverse,
	config: (url) => ({ name: "up", kind: "bedrock-converse", base_url: url, models: ["us.anthropic.claude-sonnet-4-6-v1:0"], options: {} }),
	apiKey: KEY,
	operations: {
		chat_completions: {
			payload: payloadOf({}),
			requests: REQUESTS,
			streamed: (request) => ({ ...request, path: `${request.path}-stream` }),
			answers: Object.fromEntries(
				Object.entries(STREAM_CASES)
					.filter(([name]) => !ALIKE.has(name))
					.map(([name, streamCase]) => [
						name,
						{
							whole: answerOf("application/json", wholeText(streamCase)),
							stream: answerOf(FRAMES["content-type"], wire(streamCase.events)),
							result: streamCase.response,
							events: [...streamCase.deltas, { type: "usage", usage: IR_USAGE }],
						},
					]),
			),
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
				"an exception within a stream": {
					stream: answerOf(
						FRAMES["content-type"],
						Buffer.concat([
							wire(answerStream([[undefined, { text: "Hi" }]]).slice(0, 2)),
							exceptionFrame("throttlingException", { message: "Slow down" }),
						]),
					),
					events: [{ type: "text", text: "Hi" }],
					error: { ...SLOW, message: "the backend asks to slow down: Slow down" },
				},
			},
		},
	},
	faults: {
		bad_request: fault(400, ["ValidationException", "The text field is blank"], {
			code: "invalid_request",
			retryable: false,
			attribution: "request",
			processed: "no",
			message: "the backend finds the request invalid (status 400): The text field is blank",
		}),
		bad_key: fault(403, ["UnrecognizedClientException", "The security token included in the request is invalid."], REFUSED_KEY),
		forbidden: fault(403, ["AccessDeniedException", "User is not authorized to perform: bedrock:InvokeModel"], REFUSED_KEY),
		unknown_model: fault(404, ["ResourceNotFoundException", "Could not resolve the foundation model"], {
			code: "backend_error",
			retryable: false,
			attribution: "request",
		}),
		rate_limit: fault(429, ["ThrottlingException", "Too many requests"], { ...SLOW, retryAfterMs: 7000 }, { "retry-after": "7" }),
		quota: fault(400, ["ServiceQuotaExceededException", "Your request exceeds the quota"], {
			code: "rate_limited",
			retryable: false,
			attribution: "capacity",
		}),
		overloaded: fault(503, ["ServiceUnavailableException", "Busy"], {
			code: "backend_error",
			retryable: true,
			attribution: "capacity",
			processed: "no",
		}),
		server_failure: fault(500, ["InternalServerException", "Oh"], { code: "backend_error", retryable: true, attribution: "backend" }),
	},
	otherFaults: {
		"a model that is not ready": fault(429, ["ModelNotReadyException", "Model is not ready"], {
			code: "backend_error",
			retryable: true,
			attribution: "capacity",
			processed: "no",
		}),
		"a model that took too long": fault(408, ["ModelTimeoutException", "Timed out"], {
			code: "timeout",
			retryable: true,
			attribution: "backend",
			processed: "unknown",
		}),
		"a model without access": fault(403, ["AccessDeniedException", "You don't have access to the model with the specified model ID."], {
			code: "backend_error",
			retryable: false,
			attribution: "request",
		}),
	},
};
