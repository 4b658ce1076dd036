/** Results of Azure's content filter, and Azure's errors, as bug reports show them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer, type Behaviour, sse } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { chunk, completion, usageChunk } from "../../protocols/openai/upstream.ts";
import { azure, KEY, served } from "./azure.ts";

const SAFE = { hate: { filtered: false, severity: "safe" }, jailbreak: { filtered: false, detected: false } };

/** The first chunk: the filter's result for the prompt. https://github.com/AbanteAI/archive-old-cli-mentat/issues/429 */
const PROMPT_RESULT = {
	id: "",
	object: "",
	created: 0,
	model: "",
	choices: [],
	prompt_filter_results: [{ prompt_index: 0, content_filter_results: SAFE }],
};

/** A chunk without a delta, after the text. https://github.com/microsoft/autogen/issues/6465 */
const OFFSETS = {
	id: "",
	object: "",
	created: 0,
	model: "",
	choices: [
		{
			index: 0,
			finish_reason: null,
			content_filter_results: SAFE,
			content_filter_offsets: { check_offset: 3329, start_offset: 3329, end_offset: 3438 },
		},
	],
};

/** Returns a chunk with the filter's result. */
function filtered(delta: object, finish_reason: string | null, results: object = SAFE): object {
	const { choices: _, ...frame } = Object(chunk({}));
	return { ...frame, choices: [{ index: 0, delta, finish_reason, content_filter_results: results }] };
}

/** Returns the last event of a stream. */
async function streamed(events: readonly unknown[]): Promise<cchat.Response> {
	let last: cchat.Event | undefined;
	await azure([answer.stream(sse(events))], async ({ backend, context }) => {
		last = (await collect(served(backend.operations.chat_completions).stream(chatEnvelope(), context))).at(-1);
	});
	if (last?.type !== "completed") throw new Error("the stream did not complete");
	return last.completed;
}

test("results of the filter that change nothing are no part of an answer, streamed or whole", async () => {
	const { message, finish_reason, model, id } = await streamed([
		PROMPT_RESULT,
		filtered({ role: "assistant", content: "" }, null, {}),
		filtered({ content: "Hel" }, null),
		filtered({ content: "lo" }, null),
		OFFSETS,
		filtered({}, "stop", {}),
		OFFSETS,
		usageChunk({ prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }),
	]);
	assert.equal(message, { role: "assistant", content: [{ type: "text", text: "Hello" }], tool_calls: [] });
	assert.equal([finish_reason, model, id], ["stop", "small-2026-03-01", "chatcmpl-42"]);
	const whole = Object(completion({ content: "Hello" }));
	await azure(
		[
			answer.json({
				...whole,
				prompt_filter_results: PROMPT_RESULT.prompt_filter_results,
				choices: [{ ...whole.choices[0], content_filter_results: SAFE }],
			}),
		],
		async ({ backend, context }) => {
			assert.equal((await served(backend.operations.chat_completions).unary(chatEnvelope(), context)).message, message);
		},
	);
});

// https://github.com/Azure/azure-sdk-for-net/issues/38214
test("a filter that was not available is no failure of the answer", async () => {
	const error = { error: { code: "content_filter_error", message: "The contents are not filtered" } };
	const { message } = await streamed([filtered({ content: "Why" }, null, error), filtered({}, "stop", {})]);
	assert.equal(message.content, [{ type: "text", text: "Why" }]);
});

test("an answer that the filter ended keeps its text, with the reason content_filter", async () => {
	const { message, finish_reason } = await streamed([
		PROMPT_RESULT,
		filtered({ content: "Take" }, null),
		filtered({}, "content_filter", { violence: { filtered: true, severity: "high" } }),
	]);
	assert.equal([message.content, finish_reason], [[{ type: "text", text: "Take" }], "content_filter"]);
});

/** The members of an error that the router and the guest read. */
const meaning = ({ code, retryable, attribution, processed }: SpearError): string =>
	`${code} ${retryable ? "retry" : "final"} ${attribution} ${processed}`;

const REQUEST = "invalid_request final request no";
const CREDENTIALS = "backend_error final credentials no";

/** https://github.com/vercel/ai/issues/4220, https://github.com/stanford-crfm/helm/pull/3327 */
const FILTERED_PROMPT = {
	error: {
		message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
		type: null,
		param: "prompt",
		code: "content_filter",
		status: 400,
		innererror: {
			code: "ResponsibleAIPolicyViolation",
			content_filter_result: { violence: { filtered: true, severity: "medium" } },
		},
	},
};

const error = (code: string, message: string): object => ({ error: { code, message } });

const DENIED = "Access denied due to invalid subscription key or wrong API endpoint.";

/** Azure's answers, and their meaning. */
const ERRORS: Readonly<Record<string, readonly [Behaviour, string, RegExp?]>> = {
	"a filtered prompt": [answer.status(400, FILTERED_PROMPT), REQUEST, /content management policy\. \(prompt\)$/],
	"an invalid key": [answer.status(401, error("401", DENIED)), CREDENTIALS],
	"an invalid key, by word": [answer.status(401, error("Unauthorized", DENIED)), CREDENTIALS],
	"an expired token": [
		answer.status(401, {
			statusCode: 401,
			message: "Unauthorized. Access token is missing, invalid, audience is incorrect, or have expired.",
		}),
		CREDENTIALS,
	],
	"a network that may not call": [answer.status(403, error("403", "Public access is disabled.")), CREDENTIALS],
	"an unknown deployment": [
		answer.status(404, error("DeploymentNotFound", "The API deployment for this resource does not exist.")),
		"backend_error final request yes",
		/does not know the model .*The API deployment for this resource does not exist\.$/,
	],
	"an unknown version": [answer.status(404, error("404", "Resource not found")), "backend_error final request yes"],
	"a model without the operation": [
		answer.status(400, error("OperationNotSupported", "The chatCompletion operation does not work with the specified model.")),
		"backend_error final request yes",
	],
	"a limit": [
		answer.status(429, error("429", "Requests to the ChatCompletions_Create Operation have exceeded the token rate limit."), {
			"retry-after": "9",
			"retry-after-ms": "8123",
		}),
		"rate_limited retry capacity no",
	],
	"a quota that is used up": [
		answer.status(429, { error: { type: "insufficient_quota", code: "insufficient_quota", message: "You exceeded your current quota" } }),
		"rate_limited final capacity no",
	],
	"an overloaded model": [
		answer.status(503, error("ServiceUnavailable", "The service is temporarily unable to process your request.")),
		"backend_error retry backend no",
	],
	"a slow operation": [answer.status(408, error("Timeout", "The operation was timeout.")), "timeout retry backend unknown"],
	"a failure": [answer.status(500, error("InternalServerError", "Internal server error")), "backend_error retry backend yes"],
};

for (const [name, [behaviour, expected, message = /^the backend/]] of Object.entries(ERRORS)) {
	test(`${name} means ${expected}`, () =>
		azure([behaviour, behaviour], async ({ backend, context }) => {
			const chat = served(backend.operations.chat_completions);
			for (const thrown of [
				await failure(chat.unary(chatEnvelope(), context)),
				await failure(collect(chat.stream(chatEnvelope(), context))),
			]) {
				assert.is(meaning(thrown), expected);
				assert.match(thrown.message, message);
				assert.not(thrown.message.includes(KEY));
			}
		}));
}

test("the pause that Azure asks for is exact", () =>
	azure([ERRORS["a limit"]?.[0] ?? answer.silence()], async ({ backend, context }) => {
		const thrown = await failure(served(backend.operations.chat_completions).unary(chatEnvelope(), context));
		assert.is(thrown.retryAfterMs, 8123);
	}));

test("a filtered prompt within a stream is an invalid request", () =>
	azure([answer.stream(sse([PROMPT_RESULT, FILTERED_PROMPT]))], async ({ backend, context }) => {
		assert.is(meaning(await failure(collect(served(backend.operations.chat_completions).stream(chatEnvelope(), context)))), REQUEST);
	}));

test.run();
