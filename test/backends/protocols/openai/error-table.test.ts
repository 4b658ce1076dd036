import { test } from "uvu";
import * as assert from "uvu/assert";
import { openAiErrors } from "../../../../src/backends/protocols/openai/errors.ts";
import type { SpearError } from "../../../../src/errors/spear-error.ts";

const exchange = { target: "POST http://127.0.0.1/v1/chat/completions", hostname: "127.0.0.1", redact: (text: string) => text };

function errorOf(status: number, body: unknown): SpearError {
	return openAiErrors.onStatus({ ...exchange, status, headers: {}, body: JSON.stringify(body), retryAfterMs: undefined });
}

/** The code and the attribution of each meaning. */
const MEANINGS = {
	request: { code: "invalid_request", attribution: "request" },
	model: { code: "backend_error", attribution: "request" },
	region: { code: "backend_error", attribution: "backend" },
	credentials: { code: "backend_error", attribution: "credentials" },
	quota: { code: "rate_limited", attribution: "capacity", retryable: false },
	rate: { code: "rate_limited", attribution: "capacity", retryable: true },
	backend: { code: "backend_error", attribution: "backend" },
} as const;

/** Answers of vendors, from their published error pages, and what they count against. */
const ANSWERS: readonly (readonly [name: string, means: keyof typeof MEANINGS, status: number, body: unknown])[] = [
	[
		"OpenRouter: flagged input",
		"request",
		403,
		{
			error: {
				code: 403,
				message: "anthropic/claude requires moderation on Anthropic. Your input was flagged",
				metadata: { reasons: ["violence"], flagged_input: "how to", provider_name: "Anthropic", model_slug: "anthropic/claude" },
			},
		},
	],
	["OpenRouter: no credits", "quota", 402, { error: { code: 402, message: "Insufficient credits" } }],
	["OpenRouter: disabled key", "credentials", 401, { error: { code: 401, message: "User not found." } }],
	[
		"OpenAI: wrong key",
		"credentials",
		401,
		{ error: { message: "Incorrect API key provided", type: "invalid_request_error", param: null, code: "invalid_api_key" } },
	],
	[
		"OpenAI: region",
		"region",
		403,
		{
			error: {
				code: "unsupported_country_region_territory",
				message: "Country, region, or territory not supported",
				param: null,
				type: "request_forbidden",
			},
		},
	],
	[
		"OpenAI: project without the model",
		"model",
		403,
		{
			error: {
				message: "Project `p` does not have access to model `m`",
				type: "invalid_request_error",
				param: null,
				code: "model_not_found",
			},
		},
	],
	[
		"OpenAI: parameter of the request",
		"request",
		403,
		{ error: { message: "Not allowed", type: "invalid_request_error", param: "messages", code: null } },
	],
	[
		"OpenAI: model of the request",
		"model",
		401,
		{ error: { message: "Not allowed", type: "invalid_request_error", param: "model", code: null } },
	],
	[
		"OpenAI: no quota",
		"quota",
		429,
		{ error: { message: "You exceeded your current quota", type: "insufficient_quota", param: null, code: "insufficient_quota" } },
	],
	[
		"OpenAI: billing limit of images",
		"quota",
		400,
		{ error: { message: "Billing hard limit has been reached", type: "image_generation_user_error", code: "billing_hard_limit_reached" } },
	],
	[
		"OpenAI: moderation of images",
		"request",
		400,
		{ error: { message: "Rejected", type: "image_generation_user_error", param: null, code: "moderation_blocked" } },
	],
	[
		"Azure OpenAI: content filter",
		"request",
		400,
		{
			error: {
				message: "Filtered",
				type: null,
				param: "prompt",
				code: "content_filter",
				status: 400,
				innererror: { code: "ResponsibleAIPolicyViolation" },
			},
		},
	],
	["Azure OpenAI: wrong key", "credentials", 401, { error: { code: "401", message: "Access denied due to invalid subscription key" } }],
	["Azure OpenAI: no deployment", "model", 404, { error: { code: "DeploymentNotFound", message: "The API deployment does not exist" } }],
	["Anthropic: wrong key", "credentials", 401, { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } }],
	["Anthropic: no permission", "credentials", 403, { type: "error", error: { type: "permission_error", message: "No permission" } }],
	[
		"Anthropic: low balance",
		"quota",
		400,
		{ type: "error", error: { type: "invalid_request_error", message: "Your credit balance is too low to access the Anthropic API." } },
	],
	[
		"Gemini: wrong key",
		"credentials",
		400,
		[
			{
				error: {
					code: 400,
					message: "API key not valid.",
					status: "INVALID_ARGUMENT",
					details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }],
				},
			},
		],
	],
	["Gemini: quota", "rate", 429, [{ error: { code: 429, message: "You exceeded your current quota", status: "RESOURCE_EXHAUSTED" } }]],
	["Gemini: location", "region", 400, [{ error: { code: 400, message: "User location is not supported", status: "FAILED_PRECONDITION" } }]],
	[
		"Groq: blocked model",
		"model",
		403,
		{ error: { message: "The model is blocked", type: "permissions_error", code: "model_permission_blocked_project" } },
	],
	[
		"Groq: terms of a model",
		"model",
		400,
		{ error: { message: "Accept the terms", type: "invalid_request_error", code: "model_terms_required" } },
	],
	["Mistral: wrong key", "credentials", 401, { message: "Unauthorized", request_id: "r" }],
	[
		"DeepSeek: no balance",
		"quota",
		402,
		{ error: { message: "Insufficient Balance", type: "unknown_error", param: null, code: "invalid_request_error" } },
	],
	["Together: no credit", "quota", 402, { error: { message: "Credit limit exceeded", type: "credit_limit", param: null, code: null } }],
	[
		"Together: unknown model",
		"model",
		404,
		{ error: { message: "Unable to access model", type: "invalid_request_error", code: "model_not_available" } },
	],
	["Fireworks: wrong key", "credentials", 403, { error: { message: "Forbidden", code: "forbidden", type: "error" } }],
	["Moonshot: no balance", "quota", 429, { error: { message: "Your account is suspended", type: "exceeded_current_quota_error" } }],
	["Moonshot: wrong key", "credentials", 401, { error: { message: "Invalid Authentication", type: "invalid_authentication_error" } }],
	["LiteLLM: budget", "quota", 400, { error: { message: "Budget has been exceeded!", type: "budget_exceeded", param: null, code: "400" } }],
	[
		"LiteLLM: wrong key",
		"credentials",
		400,
		{ error: { message: "Authentication Error", type: "auth_error", param: "None", code: "400" } },
	],
	[
		"LiteLLM: model of the key",
		"model",
		401,
		{ error: { message: "Key not allowed to access model", type: "key_model_access_denied", param: "model", code: "401" } },
	],
	["vLLM: wrong key", "credentials", 401, { error: "Unauthorized" }],
	[
		"vLLM: unknown model",
		"model",
		404,
		{ object: "error", message: "The model `m` does not exist.", type: "NotFoundError", param: null, code: 404 },
	],
	[
		"Alibaba: inspection",
		"request",
		400,
		{ error: { message: "Inappropriate content", type: "data_inspection_failed", code: "data_inspection_failed" } },
	],
	[
		"llama.cpp: arguments in the history that are not JSON",
		"request",
		500,
		{
			error: {
				code: 500,
				message: "Failed to parse tool call arguments as JSON: [json.exception.parse_error.101] parse error",
				type: "server_error",
			},
		},
	],
	["llama.cpp: another failure", "backend", 500, { error: { code: 500, message: "compute error", type: "server_error" } }],
	[
		"an echo of the text of a rejected key",
		"request",
		400,
		{
			error: {
				message: "Invalid value: 'invalid_api_key authentication_error'",
				type: "invalid_request_error",
				param: "user",
				code: "invalid_value",
			},
		},
	],
	[
		"an echo of the text of a low balance",
		"request",
		400,
		{ error: { message: "Invalid value: Your credit balance is too low to access it", type: "invalid_request_error" } },
	],
	[
		"an echo of llama.cpp's text",
		"backend",
		500,
		{ error: { code: 500, message: "Cannot read 'Failed to parse tool call arguments as JSON'", type: "server_error" } },
	],
];

for (const [name, means, status, body] of ANSWERS) {
	test(`${name}, status ${status}, counts against the ${means}`, () => {
		const error = errorOf(status, body);
		const { code, attribution, ...more } = { ...error.toRecord(), attribution: error.attribution };
		assert.equal({ code, attribution }, { code: MEANINGS[means].code, attribution: MEANINGS[means].attribution });
		if (MEANINGS[means].attribution === "capacity") assert.is(more.retryable, means === "rate");
	});
}

test("an error within an answer counts like one with its status", () => {
	const flagged = { code: 403, message: "Your input was flagged", metadata: { reasons: ["violence"], flagged_input: "how to" } };
	assert.is(openAiErrors.reportedError(exchange, flagged).attribution, "request");
	assert.is(openAiErrors.reportedError(exchange, { message: "Quota", status: "RESOURCE_EXHAUSTED" }).code, "rate_limited");
});

test("a refusal of the input tells the guest why", () => {
	const { message } = errorOf(403, { error: { code: 403, message: "Your input was flagged", metadata: { reasons: ["violence"] } } });
	assert.is(message, "the backend finds the request invalid (status 403): Your input was flagged");
});

test.run();
