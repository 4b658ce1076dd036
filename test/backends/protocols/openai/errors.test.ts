import { test } from "uvu";
import * as assert from "uvu/assert";
import { openaiCompatible } from "../../../../src/backends/kinds/openai-compatible/index.ts";
import { UpstreamFailure } from "../../../../src/transport/http/failure.ts";
import { answer, OpenAiServer, sse } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";
import { chunk, completion, upstream } from "./upstream.ts";

/** Returns an error in the form of the API. */
function error(message: string, type: string, more: { code?: string | number | null; param?: string } = {}): object {
	return { error: { message, type, param: more.param ?? null, code: more.code ?? null } };
}

interface Expected {
	readonly code: string;
	readonly message: string;
	readonly retryable: boolean;
	readonly retry_after_ms?: number;
}

const CREDENTIALS = "the backend refuses the host's credentials";
const CHECK = "its operator must check the API key";

/** Answers of an upstream, and the errors that they become, unary and streamed. */
const FAULTS: readonly (readonly [string, ReturnType<typeof answer.status>, Expected])[] = [
	[
		"a wrong parameter",
		answer.status(400, error("Invalid value: 3 is greater than the maximum of 2.", "invalid_request_error", { param: "temperature" })),
		{
			code: "invalid_request",
			message: "the backend finds the request invalid (status 400): Invalid value: 3 is greater than the maximum of 2. (temperature)",
			retryable: false,
		},
	],
	[
		"a body it cannot process",
		answer.status(422, { detail: [{ loc: ["body"] }] }),
		{ code: "invalid_request", message: "the backend finds the request invalid (status 422)", retryable: false },
	],
	[
		"a wrong key",
		answer.status(401, error("Incorrect API key provided: sk-can****5b2d.", "invalid_request_error", { code: "invalid_api_key" })),
		{ code: "backend_error", message: `${CREDENTIALS} (status 401); ${CHECK}`, retryable: false },
	],
	[
		"a wrong key, said with 400",
		answer.status(400, error("API key not valid.", "authentication_error")),
		{ code: "backend_error", message: `${CREDENTIALS} (status 400); ${CHECK}`, retryable: false },
	],
	[
		"another region",
		answer.status(403, error("Country not supported.", "request_forbidden")),
		{ code: "backend_error", message: "the backend does not serve the host's region: Country not supported.", retryable: false },
	],
	[
		"no permission",
		answer.status(403, error("Missing scopes.", "insufficient_permissions")),
		{ code: "backend_error", message: `${CREDENTIALS} (status 403); ${CHECK}`, retryable: false },
	],
	[
		"an unknown model",
		answer.status(404, error("The model `small` does not exist.", "invalid_request_error", { code: "model_not_found" })),
		{
			code: "backend_error",
			message: "the backend does not know the model or the operation (status 404): The model `small` does not exist.",
			retryable: false,
		},
	],
	["a timeout", answer.status(408, "slow"), { code: "timeout", message: "the backend ran out of time (status 408)", retryable: true }],
	[
		"a gateway's timeout",
		answer.status(504, "<html>"),
		{ code: "timeout", message: "the backend ran out of time (status 504)", retryable: true },
	],
	[
		"too large a body",
		answer.status(413, ""),
		{ code: "invalid_request", message: "the request is too large for the backend (status 413)", retryable: false },
	],
	[
		"a rate limit with seconds",
		answer.status(429, error("Rate limit reached for requests.", "requests", { code: "rate_limit_exceeded" }), { "retry-after": "7" }),
		{
			code: "rate_limited",
			message: "the backend asks to slow down (status 429): Rate limit reached for requests.",
			retryable: true,
			retry_after_ms: 7000,
		},
	],
	[
		"a rate limit without more",
		answer.status(429, ""),
		{ code: "rate_limited", message: "the backend asks to slow down (status 429)", retryable: true },
	],
	[
		"no quota",
		answer.status(
			429,
			error("You exceeded your current quota, see https://platform.example/billing.", "insufficient_quota", { code: "insufficient_quota" }),
			{ "retry-after": "7" },
		),
		{
			code: "rate_limited",
			message: "the backend has no quota left for this host: You exceeded your current quota, see [url]",
			retryable: false,
		},
	],
	[
		"no credit",
		answer.status(402, error("Insufficient Balance", "unknown_error")),
		{ code: "rate_limited", message: "the backend has no quota left for this host: Insufficient Balance", retryable: false },
	],
	[
		"a fault of its own",
		answer.status(500, error("The server had an error.", "server_error")),
		{ code: "backend_error", message: "the backend failed (status 500): The server had an error.", retryable: true },
	],
	[
		"overload",
		answer.status(503, error("Overloaded.", "server_error"), { "retry-after-ms": "250" }),
		{ code: "backend_error", message: "the backend failed (status 503): Overloaded.", retryable: true, retry_after_ms: 250 },
	],
	[
		"what it does not implement",
		answer.status(501, "no"),
		{ code: "backend_error", message: "the backend failed (status 501)", retryable: false },
	],
	[
		"another refusal",
		answer.status(405, { message: "Method not allowed" }),
		{ code: "backend_error", message: "the backend refuses the request (status 405): Method not allowed", retryable: false },
	],
	[
		"an error that is a text",
		answer.status(400, { error: "model is required" }),
		{ code: "invalid_request", message: "the backend finds the request invalid (status 400): model is required", retryable: false },
	],
	[
		"an error in a list",
		answer.status(400, [error("Unknown name.", "INVALID_ARGUMENT")]),
		{ code: "invalid_request", message: "the backend finds the request invalid (status 400): Unknown name.", retryable: false },
	],
	[
		"a redirect",
		answer.status(302, "", { location: "http://127.0.0.1/" }),
		{
			code: "backend_error",
			message: "the backend answers with a redirect (status 302), which is not followed; its operator must check base_url",
			retryable: false,
		},
	],
	[
		"a cut connection",
		answer.disconnect(),
		{ code: "backend_error", message: "the connection to the backend broke before its answer", retryable: true },
	],
];

for (const [name, behaviour, expected] of FAULTS) {
	test(`${name}: ${expected.code}`, () =>
		upstream([behaviour, behaviour], async ({ chat, context }) => {
			assert.equal((await failure(chat.unary(chatEnvelope(), context))).toRecord(), expected);
			assert.equal((await failure(collect(chat.stream(chatEnvelope(), context)))).toRecord(), expected);
		}));
}

test("a rate limit with a date is rate_limited until that date", () =>
	upstream([answer.status(429, "", { "retry-after": new Date(Date.now() + 30_000).toUTCString() })], async ({ chat, context }) => {
		const { code, retryable, retryAfterMs = 0 } = await failure(chat.unary(chatEnvelope(), context));
		assert.equal({ code, retryable }, { code: "rate_limited", retryable: true });
		assert.ok(retryAfterMs > 25_000 && retryAfterMs <= 30_000, String(retryAfterMs));
	}));

test("a failure whose body is cut off or not JSON is a backend_error", () =>
	upstream(
		[
			answer.cutOff(Buffer.from(JSON.stringify(completion({ content: "Hello." })).slice(0, 80)), {
				"content-type": "application/json",
				"content-length": "400",
			}),
			answer.text("<html>oops"),
		],
		async ({ chat, context }) => {
			assert.equal((await failure(chat.unary(chatEnvelope(), context))).toRecord(), {
				code: "backend_error",
				message: "the backend's answer ended before it was complete",
				retryable: true,
			});
			assert.equal((await failure(chat.unary(chatEnvelope(), context))).toRecord(), {
				code: "backend_error",
				message: "the backend's answer is malformed: it is not JSON (content-type application/json)",
				retryable: false,
			});
		},
	));

test("a port without a server is a backend_error", async () => {
	const server = await OpenAiServer.start();
	await server.close();
	const backend = openaiCompatible.create({
		name: "up",
		kind: "openai-compatible",
		base_url: server.baseUrl,
		models: ["small"],
		options: {},
	});
	const context = contextOf();
	const refused = { code: "backend_error", message: "the backend refuses connections; it may be down", retryable: true };
	const chat = backend.operations.chat_completions;
	assert.ok(chat !== undefined);
	assert.equal((await failure(chat.unary(chatEnvelope(), context))).toRecord(), refused);
	assert.equal((await failure(collect(chat.stream(chatEnvelope(), context)))).toRecord(), refused);
	await backend.close();
});

test("an error within a stream or in place of a completion has the meaning of its status", () => {
	const cases: [object, Expected][] = [
		[error("Overloaded.", "server_error"), { code: "backend_error", message: "the backend failed: Overloaded.", retryable: true }],
		[
			error("Slow down.", "rate_limit_error"),
			{ code: "rate_limited", message: "the backend asks to slow down: Slow down.", retryable: true },
		],
		[
			error("Slow down.", "", { code: 429 }),
			{ code: "rate_limited", message: "the backend asks to slow down: Slow down.", retryable: true },
		],
		[
			error("No more.", "insufficient_quota"),
			{ code: "rate_limited", message: "the backend has no quota left for this host: No more.", retryable: false },
		],
		[
			error("Too long.", "invalid_request_error", { code: "context_length_exceeded" }),
			{ code: "invalid_request", message: "the backend finds the request invalid: Too long.", retryable: false },
		],
		[error("Bad key.", "authentication_error"), { code: "backend_error", message: `${CREDENTIALS}; ${CHECK}`, retryable: false }],
		[{ error: "CUDA error" }, { code: "backend_error", message: "the backend failed: CUDA error", retryable: true }],
	];
	const hello = chunk({ content: "Hel" });
	return upstream(
		[
			...cases.flatMap(([body]) => [answer.json(body), answer.stream(sse([hello, body], { done: false }))]),
			answer.stream(Buffer.from('event: error\ndata: {"message":"Gone."}\n\n')),
		],
		async ({ chat, context }) => {
			for (const [, expected] of cases) {
				assert.equal((await failure(chat.unary(chatEnvelope(), context))).toRecord(), expected);
				assert.equal((await failure(collect(chat.stream(chatEnvelope(), context)))).toRecord(), expected);
			}
			assert.is((await failure(collect(chat.stream(chatEnvelope(), context)))).message, "the backend failed: Gone.");
		},
	);
});

test("the cause of an error holds the upstream's text", () =>
	upstream([answer.status(400, error("Nope.", "invalid_api_key"), { "x-request-id": "r-9" })], async ({ chat, server, context }) => {
		const { cause } = await failure(chat.unary(chatEnvelope(), context));
		assert.ok(cause instanceof UpstreamFailure);
		assert.is(cause.status, 401);
		assert.is(
			cause.message,
			`POST ${server.baseUrl}/chat/completions: status 400, request r-9: {"error":{"message":"Nope.","type":"invalid_api_key","param":null,"code":null}}`,
		);
	}));

test.run();
