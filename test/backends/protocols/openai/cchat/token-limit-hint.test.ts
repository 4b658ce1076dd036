/** A refusal of the member that limits the length points to the option that selects the member. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect, say } from "../../../chat-envelope.ts";
import { upstream } from "../upstream.ts";

const LIMIT: Partial<cchat.Request> = { params: { stop: [], max_output_tokens: 64 } };
const OPENAI = {
	error: {
		message: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
		type: "invalid_request_error",
		param: "max_tokens",
		code: "unsupported_parameter",
	},
};
const VLLM = {
	object: "error",
	message: "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 64}]",
	code: 400,
};
const FASTAPI = { detail: [{ loc: ["body", "max_completion_tokens"], msg: "Extra inputs are not permitted" }] };

interface Case {
	readonly name: string;
	readonly status?: number;
	readonly body: unknown;
	readonly field?: string;
	readonly payload?: Partial<cchat.Request>;
	/** Value of the option that the error must point to. Absent: no option. */
	readonly hint?: string;
}

const CASES: readonly Case[] = [
	{ name: "max_tokens points to max_completion_tokens", body: OPENAI, field: "max_tokens", hint: "max_completion_tokens" },
	{ name: "max_completion_tokens in a message points to max_tokens", body: VLLM, hint: "max_tokens" },
	{ name: "max_completion_tokens in a list points to max_tokens", status: 422, body: FASTAPI, hint: "max_tokens" },
	{
		name: "the value points to no option",
		body: { error: { message: "max_tokens is too large: 64", param: "max_tokens" } },
		field: "max_tokens",
	},
	{ name: "a member that was not sent points to no option", body: VLLM, payload: {} },
	{ name: "another member points to no option", body: { error: { message: "Unknown parameter: 'seed'", param: "seed" } } },
	{
		name: "text of the guest points to no option",
		body: { error: { message: "cannot answer 'max_completion_tokens'" } },
		payload: { ...LIMIT, messages: [say("user", "max_completion_tokens")] },
	},
	{ name: "another status points to no option", status: 500, body: OPENAI, field: "max_tokens" },
];

for (const { name, status = 400, body, field, payload = LIMIT, hint } of CASES) {
	test(`a refusal of ${name}, whole and streamed`, () => {
		const refusal = answer.status(status, body);
		return upstream(
			[refusal, refusal],
			async ({ chat, context, server }) => {
				const errors = [
					await failure(chat.unary(chatEnvelope(payload), context)),
					await failure(collect(chat.stream(chatEnvelope(payload), context))),
				];
				for (const { code, message, processed, cause } of errors) {
					assert.is(code, status === 500 ? "backend_error" : "invalid_request");
					assert.is(message.endsWith(`; its operator can set the option max_tokens_field to "${hint}"`), hint !== undefined, message);
					assert.is(message.includes("max_tokens_field"), hint !== undefined);
					assert.ok(cause instanceof Error);
					assert.is(processed, errors[0]?.processed);
				}
				assert.is(server.requests.length, 2);
			},
			field === undefined ? {} : { options: { max_tokens_field: field } },
		);
	});
}

test.run();
