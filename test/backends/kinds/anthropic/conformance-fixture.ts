import type { OperationMap } from "../../../../generated/ir/operations.ts";
import {
	answerOf,
	type ConformanceFixture,
	type FaultCase,
	jsonAnswer,
	type RequestCase,
	type UpstreamRequest,
} from "../../../../src/backend-conformance.ts";
import { anthropic } from "../../../../src/backends/kinds/anthropic/index.ts";
import { parts, say } from "../../chat-envelope.ts";
import { STREAM_CASES, wholeText } from "../../protocols/anthropic/cchat/stream-cases.ts";
import { IR_USAGE, messageStream, type WireEvent, wire } from "../../protocols/anthropic/upstream.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };

const KEY = "sk-ant-canary-4b8e1d7c0a93";
const max_tokens = 16_000;

type Payload = OperationMap["chat_completions"]["payload"];

const payloadOf = (more: Partial<Payload>): Payload => ({ messages: [say("user", "Hi")], tools: [], ...more });

const requestOf = (json: object, headers: UpstreamRequest["headers"] = {}): UpstreamRequest => ({
	method: "POST",
	path: "/v1/messages",
	headers: {
		"content-type": "application/json",
		"anthropic-version": "2026-10-21",
		authorization: `Bearer ${KEY}`,
		"x-api-key": null,
		...headers,
	},
	json: { model: "claude", max_tokens, ...json },
});

const ask = { role: "user", content: [{ type: "text", text: "Hi" }] };
const weather = {
	name: "weather",
	description: "Weather of a city.",
	parameters: { type: "object", properties: { city: { type: "string" } } },
};
const { parameters: input_schema, ...named } = weather;
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const use = (id: string, city: string) => ({ type: "tool_use", id, name: "weather", input: { city } });
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

const REQUESTS: Readonly<Record<string, RequestCase<"chat_completions">>> = {
	"a text": { upstream: requestOf({ messages: [ask] }) },
	"a text under the version of 2023": {
		options: { anthropic_version: "2023-06-01" },
		upstream: requestOf({ messages: [ask] }, { "anthropic-version": "2023-06-01", authorization: null, "x-api-key": KEY }),
	},
	"a system prompt, limits and a schema": {
		payload: payloadOf({
			messages: [say("system", "Be brief."), say("user", "Hi")],
			params: { max_output_tokens: 64, stop: ["END"] },
			response_format: { type: "json_schema", json_schema: { name: "a", schema: SCHEMA } },
		}),
		upstream: requestOf({
			system: [{ type: "text", text: "Be brief." }],
			messages: [ask],
			max_tokens: 64,
			stop_sequences: ["END"],
			output_config: { format: { type: "json_schema", schema: SCHEMA } },
		}),
	},
	"parallel calls and their results": {
		payload: payloadOf({
			messages: [
				say("user", "Hi"),
				{ role: "assistant", content: [], tool_calls: [call("toolu_1", "Bern"), call("toolu_2", "Rome")] },
				say("tool", "3", { tool_call_id: "toolu_1" }),
				say("tool", "no", { tool_call_id: "toolu_2", is_error: true }),
			],
			tools: [weather],
			tool_choice: { type: "required" },
		}),
		upstream: requestOf({
			messages: [
				ask,
				{ role: "assistant", content: [use("toolu_1", "Bern"), use("toolu_2", "Rome")] },
				{
					role: "user",
					content: [
						{ type: "tool_result", tool_use_id: "toolu_1", content: "3" },
						{ type: "tool_result", tool_use_id: "toolu_2", content: "no", is_error: true },
					],
				},
			],
			tools: [{ ...named, input_schema }],
			tool_choice: { type: "any" },
		}),
	},
	"a stored image": {
		media: { "sms+file://cat": { bytes: PNG, mimeType: "image/png" } },
		payload: payloadOf({
			messages: [
				parts("user", { type: "image", image: { source: { type: "stored", stored: "sms+file://cat" } } }, { type: "text", text: "Hi" }),
			],
		}),
		upstream: requestOf({
			messages: [
				{
					role: "user",
					content: [
						{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw==" } },
						{ type: "text", text: "Hi" },
					],
				},
			],
		}),
	},
};

/** Members of the first event that no reader of a stream uses, and members that are null. The streams of `sdk.test.ts` have them. */
const UNREAD = new Set(["service_tier", "container", "diagnostics"]);

/** Returns the bytes of a stream without members that no reader uses. */
const terse = (events: readonly WireEvent[]): Buffer =>
	wire(events.map((event) => JSON.parse(JSON.stringify(event, (name, value) => (UNREAD.has(name) || value === null ? undefined : value)))));

const errorOf = (type: string, message: string): object => ({ type: "error", error: { type, message }, request_id: "req_011" });

const fault = (
	status: number,
	[type, message]: readonly [type: string, message: string],
	error: FaultCase["error"],
	headers: Record<string, string> = {},
): FaultCase => ({ answer: jsonAnswer(errorOf(type, message), { status, headers }), error });

const OVERLOADED = { code: "backend_error", retryable: true, attribution: "capacity", processed: "no" } as const;
const REFUSED_KEY = { code: "backend_error", retryable: false, attribution: "credentials", processed: "no" } as const;

/** The kind `anthropic` for the conformance suite. */
export const fixture: ConformanceFixture = {
	kind: anthropic,
	config: (url) => ({ name: "up", kind: "anthropic", base_url: `${url}/v1`, models: ["claude"], options: {} }),
	apiKey: KEY,
	operations: {
		chat_completions: {
			payload: payloadOf({}),
			requests: REQUESTS,
			streamed: (request) => ({ ...request, json: { ...Object(request.json), stream: true } }),
			answers: Object.fromEntries(
				Object.entries(STREAM_CASES).map(([name, streamCase]) => [
					name,
					{
						whole: answerOf("application/json", wholeText(streamCase)),
						stream: answerOf("text/event-stream", terse(streamCase.events)),
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
				"overload within an answer": {
					whole: jsonAnswer(errorOf("overloaded_error", "Overloaded")),
					stream: answerOf(
						"text/event-stream",
						wire([
							...messageStream([[{ type: "text", text: "Hi" }]]).slice(0, 3),
							{ type: "error", ...errorOf("overloaded_error", "Overloaded") },
						]),
					),
					events: [{ type: "text", text: "Hi" }],
					error: { ...OVERLOADED, message: "the backend is overloaded: Overloaded" },
				},
			},
		},
	},
	faults: {
		bad_request: fault(400, ["invalid_request_error", "max_tokens: Field required"], {
			code: "invalid_request",
			retryable: false,
			attribution: "request",
			processed: "no",
			message: "the backend finds the request invalid (status 400): max_tokens: Field required",
		}),
		bad_key: fault(401, ["authentication_error", "invalid bearer token"], REFUSED_KEY),
		forbidden: fault(403, ["permission_error", "Your API key does not have permission"], REFUSED_KEY),
		unknown_model: fault(404, ["not_found_error", "model: claude-0"], { code: "backend_error", retryable: false, attribution: "request" }),
		rate_limit: fault(
			429,
			["rate_limit_error", "Slow down"],
			{ code: "rate_limited", retryable: true, attribution: "capacity", processed: "no", retryAfterMs: 7000 },
			{ "retry-after": "7" },
		),
		quota: fault(400, ["invalid_request_error", "Your credit balance is too low to access the Anthropic API."], {
			code: "rate_limited",
			retryable: false,
			attribution: "capacity",
		}),
		overloaded: fault(529, ["overloaded_error", "Overloaded"], { ...OVERLOADED, retryAfterMs: 2000 }, { "retry-after": "2" }),
		server_failure: fault(500, ["api_error", "Internal server error"], { code: "backend_error", retryable: true, attribution: "backend" }),
	},
};
