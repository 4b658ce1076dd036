/** The meaning of each error that the API reports, with a status and within an answer. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { upstream, wire } from "./upstream.ts";

const errorBody = (type: string, message: string) => ({ type: "error", error: { type, message }, request_id: "req_011" });

/** The members of an error that the router and the guest read. */
const meaning = ({ code, retryable, attribution, processed }: SpearError): string =>
	`${code} ${retryable ? "retry" : "final"} ${attribution} ${processed}`;

/** Status, type and message of an error; its meaning with the status, and within an answer. */
const ERRORS: readonly (readonly [status: number, type: string, message: string, asStatus: string, reported?: string])[] = [
	[400, "invalid_request_error", "max_tokens: Field required", "invalid_request final request no"],
	[400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", "rate_limited final capacity no"],
	[400, "invalid_request_error", "You have reached your specified API usage limits. Access returns.", "rate_limited final capacity no"],
	[400, "invalid_request_error", "messages.0: Your credit balance is too low to access", "invalid_request final request no"],
	[403, "invalid_request_error", "Not so.", "invalid_request final request no"],
	[413, "request_too_large", "Request exceeds the maximum size", "invalid_request final request no"],
	[401, "authentication_error", "invalid bearer token", "backend_error final credentials no"],
	[403, "permission_error", "Your API key does not have permission", "backend_error final credentials no"],
	[403, "forbidden", "Request not allowed", "backend_error final backend no"],
	[402, "billing_error", "Check your payment details", "rate_limited final capacity no"],
	[404, "not_found_error", "model: claude-0", "backend_error final request yes"],
	[409, "conflict_error", "modified concurrently", "backend_error retry backend yes"],
	[429, "rate_limit_error", "Slow down", "rate_limited retry capacity no"],
	[500, "api_error", "Internal server error", "backend_error retry backend yes"],
	[503, "api_error", "Unavailable", "backend_error retry backend no", "backend_error retry backend yes"],
	[504, "timeout_error", "Request timed out", "timeout retry backend unknown"],
	[529, "overloaded_error", "Overloaded", "backend_error retry capacity no"],
	[529, "new_error", "Overloaded", "backend_error retry capacity no", "backend_error retry backend yes"],
	[402, "new_error", "Pay", "rate_limited final capacity no", "backend_error retry backend yes"],
	[418, "new_error", "Teapot", "backend_error final request yes", "backend_error retry backend yes"],
];

for (const [status, type, message, asStatus, reported = asStatus] of ERRORS) {
	test(`${status} ${type} "${message}" means ${asStatus}`, () =>
		upstream(
			[
				answer.status(status, errorBody(type, message)),
				answer.status(status, errorBody(type, message)),
				answer.json(errorBody(type, message)),
				answer.stream(wire([errorBody(type, message)])),
			],
			async ({ chat, context }) => {
				assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), asStatus, "with its status");
				assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), asStatus, "in place of a stream");
				assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), reported, "in place of a message");
				assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), reported, "within a stream");
			},
		));
}

test("the pause that the upstream asks for is kept, for a limit and for overload", () =>
	upstream(
		[
			answer.status(429, errorBody("rate_limit_error", "Slow down"), { "retry-after": "7" }),
			answer.status(529, errorBody("overloaded_error", "Overloaded"), { "retry-after": "2" }),
		],
		async ({ chat, context }) => {
			assert.is((await failure(chat.unary(chatEnvelope(), context))).retryAfterMs, 7000);
			const overloaded = await failure(chat.unary(chatEnvelope(), context));
			assert.equal([overloaded.retryAfterMs, overloaded.message], [2000, "the backend is overloaded: Overloaded"]);
		},
	));

test("the log names the upstream's id of the request", () =>
	upstream([answer.status(500, errorBody("api_error", "Oh"), { "request-id": "req_011" })], async ({ chat, context }) => {
		const { cause } = await failure(chat.unary(chatEnvelope(), context));
		assert.match(String(cause), /status 500, request req_011: /);
	}));

test("a body without a known form has the meaning of its status", () =>
	upstream(
		[answer.status(502, "<html>Bad gateway</html>"), answer.status(400, '{"detail":"no such route"}')],
		async ({ chat, context }) => {
			assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), "backend_error retry backend unknown");
			assert.match(
				(await failure(chat.unary(chatEnvelope(), context))).message,
				/finds the request invalid \(status 400\): no such route$/,
			);
		},
	));

const MALFORMED: Readonly<Record<string, readonly [body: unknown, message: string]>> = {
	"a list": [[], "it is not an object"],
	"a message without content": [{ type: "message" }, "content is not a list"],
	"a message without a stop reason": [{ content: [] }, "stop_reason is missing"],
	"a block that is no object": [{ content: ["x"], stop_reason: "end_turn" }, "content[0] is not an object"],
	"a text that is no string": [{ content: [{ type: "text" }], stop_reason: "end_turn" }, "content[0].text is not a string"],
	"a call without a name": [{ content: [{ type: "tool_use", input: {} }], stop_reason: "tool_use" }, "content[0].name is missing"],
	"an input that is no object": [
		{ content: [{ type: "tool_use", name: "f", input: [1] }], stop_reason: "tool_use" },
		"content[0].input is not an object",
	],
	"a block without a type": [{ content: [{}], stop_reason: "end_turn" }, "content[0].type is missing"],
};

for (const [name, [body, message]] of Object.entries(MALFORMED)) {
	test(`${name} in place of a message is malformed`, () =>
		upstream([answer.json(body)], async ({ chat, context }) => {
			const error = await failure(chat.unary(chatEnvelope(), context));
			assert.is(error.message, `the backend's answer is malformed: ${message}`);
		}));
}

test("a malformed message keeps its usage", () =>
	upstream(
		[answer.json({ content: [{}], stop_reason: "end_turn", usage: { input_tokens: 3, output_tokens: 4 } })],
		async ({ chat, context }) => {
			assert.equal((await failure(chat.unary(chatEnvelope(), context))).usage, { input_tokens: 3, output_tokens: 4 });
		},
	));

test.run();
