/** The meaning of each error that the API reports, with a status and within an answer. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { piece, upstream, wire } from "./upstream.ts";

const RPC = "type.googleapis.com/google.rpc";
const info = (reason: string) => ({ "@type": `${RPC}.ErrorInfo`, reason, domain: "googleapis.com", metadata: {} });
const retry = (retryDelay: string) => ({ "@type": `${RPC}.RetryInfo`, retryDelay });
const quota = (quotaId: string, quotaValue = "20") => ({
	"@type": `${RPC}.QuotaFailure`,
	violations: [{ quotaMetric: "generativelanguage.googleapis.com/requests", quotaId, quotaDimensions: {}, quotaValue }],
});

const errorBody = (code: number, status: string, message: string, details?: readonly object[]) => ({
	error: { code, message, status, ...(details === undefined ? {} : { details }) },
});

/** The members of an error that the router and the guest read. */
const meaning = ({ code, retryable, attribution, processed }: SpearError): string =>
	`${code} ${retryable ? "retry" : "final"} ${attribution} ${processed}`;

const KEY_REFUSED = "backend_error final credentials no";
const QUOTA = "rate_limited final capacity no";
const RATE = "rate_limited retry capacity no";
const OVERLOADED = "backend_error retry capacity no";
const REQUEST = "invalid_request final request no";
const CURRENT = "You exceeded your current quota, please check your plan and billing details.";

/** An error of the API, and its meaning. */
const ERRORS: readonly (readonly [name: string, body: ReturnType<typeof errorBody>, meaning: string])[] = [
	[
		"a wrong member",
		errorBody(400, "INVALID_ARGUMENT", 'Unknown name "x": Cannot find field.', [{ "@type": `${RPC}.BadRequest` }]),
		REQUEST,
	],
	["an invalid key", errorBody(400, "INVALID_ARGUMENT", "API key not valid.", [info("API_KEY_INVALID")]), KEY_REFUSED],
	["an expired key", errorBody(400, "INVALID_ARGUMENT", "API key expired.", [info("API_KEY_INVALID")]), KEY_REFUSED],
	["a key without a service", errorBody(403, "PERMISSION_DENIED", "Requests are blocked.", [info("API_KEY_SERVICE_BLOCKED")]), KEY_REFUSED],
	[
		"a service that is off",
		errorBody(403, "PERMISSION_DENIED", "Generative Language API is off.", [info("SERVICE_DISABLED")]),
		KEY_REFUSED,
	],
	["no key", errorBody(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers."), KEY_REFUSED],
	[
		"a tuned model of another project",
		errorBody(403, "PERMISSION_DENIED", "You do not have permission to access tuned model tunedModels/x"),
		"backend_error final request yes",
	],
	[
		"a file of another project",
		errorBody(403, "PERMISSION_DENIED", "You do not have permission to access the File x or it may not exist."),
		"backend_error final request yes",
	],
	[
		"a model of Vertex AI that may not exist",
		errorBody(
			403,
			"PERMISSION_DENIED",
			"Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/p/models/x' (or it may not exist).",
			[info("IAM_PERMISSION_DENIED")],
		),
		"backend_error final request yes",
	],
	["a refused token", errorBody(401, "UNAUTHENTICATED", "Invalid credentials.", [info("ACCESS_TOKEN_EXPIRED")]), KEY_REFUSED],
	["billing that is off", errorBody(403, "PERMISSION_DENIED", "Billing is off.", [info("BILLING_DISABLED")]), QUOTA],
	["a place", errorBody(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), "backend_error final backend no"],
	["an unmet condition", errorBody(400, "FAILED_PRECONDITION", "The file is not active."), REQUEST],
	["an unknown model", errorBody(404, "NOT_FOUND", "models/x is not found for API version v1."), "backend_error final request yes"],
	// https://github.com/diegosouzapw/OmniRoute/issues/9504
	[
		"a quota a minute",
		errorBody(429, "RESOURCE_EXHAUSTED", CURRENT, [quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"), retry("36s")]),
		RATE,
	],
	[
		"a quota a day",
		errorBody(429, "RESOURCE_EXHAUSTED", CURRENT, [quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), retry("36s")]),
		QUOTA,
	],
	["a quota of zero", errorBody(429, "RESOURCE_EXHAUSTED", CURRENT, [quota("InputTokensPerMinute-FreeTier", "0"), retry("5s")]), QUOTA],
	// https://github.com/gke-labs/gemini-for-kubernetes-development/issues/1215
	["a quota without details", errorBody(429, "RESOURCE_EXHAUSTED", CURRENT, [{ "@type": `${RPC}.Help`, links: [] }]), QUOTA],
	["a pause without a quota", errorBody(429, "RESOURCE_EXHAUSTED", CURRENT, [retry("2s")]), RATE],
	["shared capacity", errorBody(429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later."), RATE],
	// https://github.com/google-gemini/gemini-cli/issues/26633
	["a model without capacity", errorBody(429, "RESOURCE_EXHAUSTED", "No capacity", [{ reason: "MODEL_CAPACITY_EXHAUSTED" }]), OVERLOADED],
	["prepaid credit", errorBody(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."), QUOTA],
	["overload", errorBody(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), OVERLOADED],
	["a deadline", errorBody(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."), "timeout retry backend unknown"],
	["a failure", errorBody(500, "INTERNAL", "An internal error has occurred."), "backend_error retry backend yes"],
	["a conflict", errorBody(409, "ABORTED", "The operation was aborted."), "backend_error retry backend yes"],
];

for (const [name, body, expected] of ERRORS) {
	test(`${name} has its meaning with its status, in a list, and within an answer`, () =>
		upstream(
			[
				answer.status(body.error.code, body),
				answer.status(body.error.code, [body]),
				answer.json(body),
				answer.json([body]),
				answer.stream(wire([body])),
				answer.stream(wire([piece({ text: "Hi" }), body])),
			],
			async ({ chat, context }) => {
				assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), expected, "with its status");
				assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), expected, "in a list, in place of a stream");
				assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), expected, "in place of an answer");
				assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), expected, "in a list, in place of an answer");
				assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), expected, "in a stream");
				assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), expected, "within a stream");
			},
		));
}

test("the pause that an error asks for is kept, and that of a header first", () => {
	const body = (delay: string) => errorBody(429, "RESOURCE_EXHAUSTED", "Slow down.", [retry(delay)]);
	return upstream(
		[
			answer.status(429, body("36.4297s")),
			answer.status(429, body("36s"), { "retry-after": "7" }),
			answer.status(429, body("soon")),
			answer.status(429, body("999999999s")),
			answer.status(503, errorBody(503, "UNAVAILABLE", "Overloaded.", [retry("3s")])),
		],
		async ({ chat, context }) => {
			for (const expected of [36_430, 7000, undefined, 86_400_000, 3000])
				assert.is((await failure(chat.unary(chatEnvelope(), context))).retryAfterMs, expected);
		},
	);
});

test("an error event without a known form fails the stream", () =>
	upstream(
		[answer.stream(wire([piece({ text: "Hi" }), { error: null }])), answer.stream(wire([{ error: { status: "UNAVAILABLE" } }]))],
		async ({ chat, context }) => {
			assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), "backend_error retry backend yes");
			assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), OVERLOADED);
		},
	));

test("a body without a known form has the meaning of its status", () =>
	upstream([answer.status(502, "<html>Bad gateway</html>"), answer.status(400, "no route")], async ({ chat, context }) => {
		assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), "backend_error retry backend unknown");
		assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), REQUEST);
	}));

test("the words of the API reach the guest", () =>
	upstream([answer.status(404, errorBody(404, "NOT_FOUND", "models/x is not found."))], async ({ chat, context }) => {
		assert.is(
			(await failure(chat.unary(chatEnvelope(), context))).message,
			"the backend does not know the model or the operation (status 404): models/x is not found.",
		);
	}));

test.run();
