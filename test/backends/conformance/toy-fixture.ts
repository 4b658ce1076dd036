import type * as cchat from "../../../generated/ir/cchat.ts";
import { type ConformanceFixture, type FaultCase, jsonAnswer, sseAnswer } from "../../../src/backend-conformance.ts";
import { say } from "../chat-envelope.ts";
import { type Mutation, toyKind } from "./toy.ts";

const KEY = "toy-canary-5c1d9e0b7f24";
const WAV = { bytes: Uint8Array.of(82, 73, 70, 70), mimeType: "audio/wav" };
const AUTHORIZED = {
	authorization: `Bearer ${KEY}`,
	cookie: null,
	"content-type": /^(?:application\/json|multipart\/form-data; boundary=.+)$/,
};

const kite: cchat.Response = {
	model: "toy-1",
	message: { role: "assistant", content: [{ type: "text", text: "Red kïte" }], tool_calls: [] },
	finish_reason: "stop",
};

const fault = (status: number, code: string, error: FaultCase["error"], headers: Record<string, string> = {}): FaultCase => ({
	answer: jsonAnswer({ error: { code, message: "It did not work." } }, { status, headers }),
	error,
});

const REFUSED_KEY = { code: "backend_error", retryable: false, attribution: "credentials" } as const;

/** Returns the fixture of the toy, or of a mutant of it. */
export function toyFixture(mutation: Mutation = {}): ConformanceFixture {
	return {
		kind: toyKind(mutation),
		config: (url) => ({ name: "up", kind: "toy", base_url: `${url}/v1`, models: ["toy-1"], options: {} }),
		apiKey: KEY,
		operations: {
			chat_completions: {
				payload: { messages: [say("system", "Be brief."), say("user", "Hi")], tools: [] },
				requests: {
					"a conversation": {
						upstream: {
							method: "POST",
							path: "/v1/chat",
							headers: AUTHORIZED,
							json: {
								model: "toy-1",
								messages: [
									{ role: "system", text: "Be brief." },
									{ role: "user", text: "Hi" },
								],
							},
							text: /^\{"model":/,
						},
					},
				},
				streamed: (whole) => whole,
				answers: {
					"a kite": {
						whole: jsonAnswer({ text: "Red kïte" }),
						stream: sseAnswer([{ text: "Red " }, { text: "kïte" }, { done: true }]),
						result: kite,
						events: [
							{ type: "text", text: "Red " },
							{ type: "text", text: "kïte" },
						],
					},
				},
				wholeForStream: true,
				refusals: {
					"a tool": {
						payload: { messages: [say("user", "Hi")], tools: [{ name: "f", parameters: {} }] },
						error: { code: "missing_capabilities", retryable: false, attribution: "request", message: /^tools: / },
					},
				},
				reportedFaults: {
					"no room": {
						whole: jsonAnswer({ error: { code: "busy", message: "Later." } }),
						stream: sseAnswer([{ text: "Red " }, { error: { code: "busy", message: "Later." } }]),
						events: [{ type: "text", text: "Red " }],
						error: { code: "backend_error", retryable: true, attribution: "capacity" },
					},
				},
			},
			speech_to_text: {
				payload: { audio: { type: "stored", stored: "sms+file://clip" }, language: "en" },
				media: { "sms+file://clip": WAV },
				requests: {
					"a recording": {
						upstream: {
							method: "POST",
							path: "/v1/transcripts?form=short",
							headers: AUTHORIZED,
							form: [
								{ name: "language", value: "en" },
								{ name: "audio", filename: "audio.wav", type: WAV.mimeType, bytes: WAV.bytes },
							],
						},
					},
				},
				answers: { words: { whole: jsonAnswer({ text: "Red" }), result: { text: "Red", segments: [], words: [] } } },
			},
		},
		faults: {
			bad_request: fault(400, "bad", { code: "invalid_request", retryable: false, attribution: "request" }),
			bad_key: fault(401, "key", REFUSED_KEY),
			forbidden: fault(403, "key", REFUSED_KEY),
			unknown_model: fault(404, "model", { code: "backend_error", retryable: false, attribution: "request" }),
			rate_limit: fault(
				429,
				"slow",
				{ code: "rate_limited", retryable: true, attribution: "capacity", retryAfterMs: 3000 },
				{ "retry-after": "3" },
			),
			quota: fault(429, "spent", { code: "rate_limited", retryable: false, attribution: "capacity" }),
			overloaded: fault(503, "busy", { code: "backend_error", retryable: true, attribution: "capacity" }),
			server_failure: fault(500, "oh", { code: "backend_error", retryable: true, attribution: "backend" }),
		},
		otherFaults: { "a gateway's timeout": fault(504, "late", { code: "timeout", retryable: true, attribution: "backend" }) },
	};
}
