/** The meaning of each error that the API reports, with a status, in a response that failed, and within a stream. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { IR_USAGE, message, responseStream, upstream, wholeResponse, wire } from "./upstream.ts";

/** The members of an error that the router and the guest read. */
const meaning = ({ code, retryable, attribution, processed }: SpearError): string =>
	`${code} ${retryable ? "retry" : "final"} ${attribution} ${processed}`;

const REQUEST = "invalid_request final request no";

/** Codes of a response that failed, and their meaning. */
const FAILURES: readonly (readonly [code: string, meaning: string])[] = [
	["server_error", "backend_error retry backend yes"],
	["rate_limit_exceeded", "rate_limited retry capacity no"],
	["invalid_prompt", REQUEST],
	["bio_policy", REQUEST],
	["misalignment_policy_violation", REQUEST],
	["content_policy_violation", REQUEST],
	["content_filter", REQUEST],
	["data_residency_mismatch", "backend_error final backend no"],
	["vector_store_timeout", "timeout retry backend unknown"],
	["invalid_image", REQUEST],
	["invalid_base64_image", REQUEST],
	["image_too_large", REQUEST],
	["image_content_policy_violation", REQUEST],
	["unsupported_image_media_type", REQUEST],
	["empty_image_file", REQUEST],
	["failed_to_download_image", REQUEST],
	["insufficient_quota", "rate_limited final capacity no"],
];

for (const [code, expected] of FAILURES) {
	test(`a response that failed with ${code} means ${expected}`, () => {
		const error = { code, message: "Why." };
		const failed = wholeResponse([], { status: "failed", error });
		const begun = responseStream([message("x")]).slice(0, 6);
		return upstream(
			[
				answer.json(failed),
				answer.stream(wire([...begun, { type: "response.failed", response: failed }])),
				answer.stream(wire([...begun, { type: "error", ...error, param: null }])),
				answer.stream(wire([...begun, { type: "error", error: { type: "e", ...error } }])),
				answer.stream(
					wire([...begun, { type: "response.failed", response: { ...failed, error: null, usage: null } }, { type: "error", error }]),
				),
			],
			async ({ chat, context, server }) => {
				const whole = await failure(chat.unary(chatEnvelope(), context));
				assert.equal([meaning(whole), whole.usage], [expected, IR_USAGE], "in a whole answer");
				for (const place of ["as response.failed", "as a flat error", "as a nested error", "after an empty response.failed"])
					assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), expected, place);
				assert.is(server.requests.length, 5);
			},
		);
	});
}

test("a response that failed without an error has the meaning of its status, and its usage", () =>
	upstream(
		[
			answer.json(wholeResponse([], { status: "cancelled" })),
			answer.stream(wire([{ type: "response.failed", response: wholeResponse([], { status: "failed" }) }])),
		],
		async ({ chat, context }) => {
			const whole = await failure(chat.unary(chatEnvelope(), context));
			assert.is(whole.message, "the backend failed: the answer ended with the status cancelled");
			const streamed = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.equal([streamed.message, streamed.usage], ["the backend failed: the answer ended with the status failed", IR_USAGE]);
		},
	));

const body = (code: string | null, type: string, text: string, param: string | null = null) => ({
	error: { message: text, type, param, code },
});

test("a status that is not a success has OpenAI's meaning", () =>
	upstream(
		[
			answer.status(400, body(null, "invalid_request_error", "Unknown parameter: 'input[3].status'.", "input[3].status")),
			answer.status(429, body("rate_limit_exceeded", "tokens", "Slow down"), { "retry-after": "7" }),
			answer.status(401, body("invalid_api_key", "invalid_request_error", "Incorrect API key")),
			answer.status(404, body("model_not_found", "invalid_request_error", "No such model")),
		],
		async ({ chat, context }) => {
			const errors = [];
			for (let at = 0; at < 4; at++) errors.push(await failure(chat.unary(chatEnvelope(), context)));
			assert.equal(errors.map(meaning), [
				REQUEST,
				"rate_limited retry capacity no",
				"backend_error final credentials no",
				"backend_error final request yes",
			]);
			assert.match(errors[0]?.message ?? "", /Unknown parameter: 'input\[3\]\.status'\. \(input\[3\]\.status\)$/);
			assert.is(errors[1]?.retryAfterMs, 7000);
		},
	));

// https://github.com/pydantic/pydantic-ai/issues/2865
test("a model without encrypted reasoning is asked again without the member, and then no more", () => {
	const refusal = () =>
		answer.status(400, body(null, "invalid_request_error", "Encrypted content is not supported with this model.", "include"));
	const whole = () => answer.json(wholeResponse([message("x")]));
	return upstream([refusal(), whole(), whole(), answer.stream(wire(responseStream([message("x")])))], async ({ chat, context, server }) => {
		await chat.unary(chatEnvelope(), context);
		await chat.unary(chatEnvelope(), context);
		await collect(chat.stream(chatEnvelope(), context));
		const sent = server.requests.map((request) => JSON.stringify(Object(request.json()).include));
		assert.equal(sent, ['["reasoning.encrypted_content"]', undefined, undefined, undefined]);
	});
});

test("an upstream that keeps its answers, or one without encryption, is not asked for encrypted reasoning", async () => {
	for (const options of [{ store: true }, { encrypted_reasoning: false }]) {
		await upstream(
			[answer.json(wholeResponse([]))],
			async ({ chat, context, server }) => {
				await chat.unary(chatEnvelope(), context);
				assert.is(Object((await server.request(0)).json()).include, undefined);
			},
			{ options },
		);
	}
});

const MALFORMED: Readonly<Record<string, readonly [answer: unknown, message: string]>> = {
	"a list": [[], "it is not an object"],
	"a response without output": [{ object: "response" }, "output is not a list"],
	"an item without a type": [{ output: [{}] }, "an item of the output has no type"],
	"a call without a name": [{ output: [{ type: "function_call" }] }, "a tool call has no name"],
};

for (const [name, [value, text]] of Object.entries(MALFORMED)) {
	test(`${name} is malformed`, () =>
		upstream([answer.json(value)], async ({ chat, context }) => {
			assert.is((await failure(chat.unary(chatEnvelope(), context))).message, `the backend's answer is malformed: ${text}`);
		}));
}

test.run();
