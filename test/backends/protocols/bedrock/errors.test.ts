/** The meaning of each error that the API reports: the name of the exception in a header, in the body, and in a stream. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { exceptionFrame } from "../../../transport/http/aws-frames.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { KEY, streamed, upstream } from "./upstream.ts";

/** The members of an error that the router and the guest read. */
const meaning = ({ code, retryable, attribution, processed }: SpearError): string =>
	`${code} ${retryable ? "retry" : "final"} ${attribution} ${processed}`;

/** Status, exception and message of an error; its meaning with the status, and within a stream. */
const ERRORS: readonly (readonly [status: number, type: string, message: string, asStatus: string, streamed?: string])[] = [
	[400, "ValidationException", "1 validation error detected", "invalid_request final request no"],
	[400, "ValidationException", "The provided model identifier is invalid.", "backend_error final request yes"],
	[
		400,
		"ValidationException",
		"Invocation of model ID anthropic.claude-sonnet-4-6 with on-demand throughput isn\u2019t supported. Retry your request",
		"backend_error final request yes",
	],
	[400, "ValidationException", "messages.0: The provided model identifier is invalid.", "invalid_request final request no"],
	[403, "AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized", "backend_error final credentials no"],
	[
		403,
		"AccessDeniedException",
		"User: arn:aws:iam::1:user/x is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/m because no identity-based policy allows the action",
		"backend_error final request yes",
	],
	[
		403,
		"AccessDeniedException",
		"User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: bedrock:InvokeModelWithResponseStream on resource: m with an explicit deny in a service control policy",
		"backend_error final request yes",
	],
	[
		403,
		"AccessDeniedException",
		"User: arn:aws:iam::1:user/x is not authorized to perform: bedrock:CallWithBearerToken on resource: x",
		"backend_error final credentials no",
	],
	[
		403,
		"AccessDeniedException",
		"Your account is not authorized to invoke this API operation with a prompt resource.",
		"backend_error final request yes",
	],
	[403, "AccessDeniedException", "Your account is not authorized to invoke this API operation.", "backend_error final credentials no"],
	[403, "AccessDeniedException", "You don't have access to the model with the specified model ID.", "backend_error final request yes"],
	[403, "UnrecognizedClientException", "The security token included is invalid.", "backend_error final credentials no"],
	[403, "InvalidSignatureException", "The request signature we calculated does not match", "backend_error final credentials no"],
	[400, "ExpiredTokenException", "The security token has expired", "backend_error final credentials no"],
	[403, "MissingAuthenticationTokenException", "Missing Authentication Token", "backend_error final credentials no"],
	[404, "ResourceNotFoundException", "Could not resolve the foundation model", "backend_error final request yes"],
	[408, "ModelTimeoutException", "Model has timed out", "timeout retry backend unknown"],
	[424, "ModelErrorException", "The system encountered an error", "backend_error retry backend yes"],
	[424, "ModelStreamErrorException", "The stream broke", "backend_error retry backend yes"],
	[429, "ThrottlingException", "Too many requests, please wait", "rate_limited retry capacity no"],
	[429, "ModelNotReadyException", "Model is not ready for inference", "backend_error retry capacity no"],
	[400, "ServiceQuotaExceededException", "Your request exceeds the quota", "rate_limited final capacity no"],
	[409, "ConflictException", "Conflict", "backend_error retry backend yes"],
	[500, "InternalServerException", "Oh", "backend_error retry backend yes"],
	[503, "ServiceUnavailableException", "Busy", "backend_error retry capacity no"],
	[418, "NewException", "Teapot", "backend_error final request yes", "backend_error retry backend yes"],
];

for (const [status, type, message, asStatus, inStream = asStatus] of ERRORS) {
	test(`${status} ${type} "${message}" means ${asStatus}`, () =>
		upstream(
			[
				answer.status(status, { message }, { "x-amzn-errortype": `${type}:http://internal.amazon.com/coral/com.amazon.bedrock/` }),
				answer.status(status, { Message: message }, { "x-amzn-errortype": type }),
				answer.status(status, { __type: `com.amazon.coral.service#${type}`, message }),
				streamed(exceptionFrame(type.charAt(0).toLowerCase() + type.slice(1), { message })),
			],
			async ({ chat, context }) => {
				for (const place of ["a header with an address", "a header", "the body"]) {
					const error = await failure(chat.unary(chatEnvelope(), context));
					assert.is(meaning(error), asStatus, place);
					if (error.attribution === "request") assert.ok(error.message.endsWith(`: ${message}`), `${place}: ${error.message}`);
				}
				assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), inStream, "a stream");
			},
		));
}

test("a probe asks the default model for nothing, and shows a wrong key and an unknown model", () =>
	upstream(
		[
			answer.status(400, { message: "A conversation must start with a user message." }, { "x-amzn-errortype": "ValidationException" }),
			answer.status(403, { message: "no" }, { "x-amzn-errortype": "UnrecognizedClientException" }),
			answer.status(400, { message: "The provided model identifier is invalid." }, { "x-amzn-errortype": "ValidationException" }),
			answer.status(404, {}),
		],
		async ({ backend, server, context }) => {
			await backend.probe?.(context);
			const { path, headers, body } = await server.request(0);
			assert.equal(
				[path, headers.authorization, body],
				["/v1/model/us.anthropic.claude-sonnet-4-6-v1%3A0/converse", `Bearer ${KEY}`, '{"messages":[]}'],
			);
			assert.is((await failure(Promise.resolve(backend.probe?.(context)))).attribution, "credentials");
			const unknown = await failure(Promise.resolve(backend.probe?.(context)));
			assert.is(
				unknown.message,
				'the model "us.anthropic.claude-sonnet-4-6-v1:0" cannot be used with this key in this region; check models and region',
			);
			assert.match(String(unknown.cause), "(status 400): The provided model identifier is invalid.");
			assert.match(
				(await failure(Promise.resolve(backend.probe?.(context)))).message,
				/does not know the model or the operation \(status 404\)$/,
			);
		},
	));

test("the log names the upstream's id of the request", () =>
	upstream([answer.status(500, { message: "Oh" }, { "x-amzn-requestid": "0ef1-99" })], async ({ chat, context }) => {
		const { cause } = await failure(chat.unary(chatEnvelope(), context));
		assert.match(String(cause), /status 500, request 0ef1-99: /);
	}));

test("a name that is inherited by every object has the meaning of its status", () =>
	upstream([answer.status(502, { __type: "constructor" }, { "x-amzn-errortype": "__proto__" })], async ({ chat, context }) => {
		assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), "backend_error retry backend unknown");
	}));

const MALFORMED: Readonly<Record<string, readonly [body: unknown, message: string]>> = {
	"a list": [[], "it is not an object"],
	"an answer without content": [{ output: {}, stopReason: "end_turn" }, "output.message.content is not a list"],
	"an answer without a stop reason": [{ output: { message: { content: [] } } }, "stopReason is missing"],
	"a block that is no object": [
		{ output: { message: { content: ["x"] } }, stopReason: "end_turn" },
		"output.message.content[0] is not an object",
	],
	"an empty block": [{ output: { message: { content: [{}] } }, stopReason: "end_turn" }, "output.message.content[0] is empty"],
	"a call without a name": [
		{ output: { message: { content: [{ toolUse: { input: {} } }] } }, stopReason: "tool_use" },
		"output.message.content[0].toolUse.name is missing",
	],
	"an input that is no object": [
		{ output: { message: { content: [{ toolUse: { name: "f", input: [1] } }] } }, stopReason: "tool_use" },
		"output.message.content[0].toolUse.input is not an object",
	],
};

for (const [name, [body, message]] of Object.entries(MALFORMED)) {
	test(`${name} in place of an answer is malformed`, () =>
		upstream([answer.json(body)], async ({ chat, context }) => {
			assert.is((await failure(chat.unary(chatEnvelope(), context))).message, `the backend's answer is malformed: ${message}`);
		}));
}

test("a malformed answer keeps its usage", () =>
	upstream([answer.json({ output: {}, usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 } })], async ({ chat, context }) => {
		assert.equal((await failure(chat.unary(chatEnvelope(), context))).usage, { input_tokens: 3, output_tokens: 4 });
	}));

test.run();
