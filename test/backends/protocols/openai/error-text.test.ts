/** Descriptions of errors, in the members where servers put them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cutErrorText, errorText } from "../../../../src/backends/kit/error-text.ts";
import { assertLinear } from "../../../helpers/growth.ts";
import { answer, type Behaviour } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { KEY, upstream } from "./upstream.ts";

const missing = { type: "missing", loc: ["body", "messages", 0, "content"], msg: "Field required", input: { role: "user" } };
const nested = JSON.stringify({ error: { message: "max_tokens is too large", code: 400 } });

/** Bodies of failures, and the description that the guest receives. */
const BODIES: Readonly<Record<string, readonly [body: unknown, text: string]>> = {
	"FastAPI's list": [{ detail: [missing] }, "messages.0.content: Field required"],
	"FastAPI's list of several": [
		{ detail: [missing, { loc: ["query", "n"], msg: "Input should be a valid integer", type: "int_parsing" }] },
		"messages.0.content: Field required; query.n: Input should be a valid integer",
	],
	"FastAPI's text": [{ detail: "Model 'x' is not installed" }, "Model 'x' is not installed"],
	"FastAPI's object": [{ detail: { error: "no such voice", voices: ["a"] } }, "no such voice"],
	"FastAPI's list within a message": [
		{ object: "error", message: { detail: [missing] }, type: "invalid" },
		"messages.0.content: Field required",
	],
	"a list of errors": [
		{ result: null, success: false, errors: [{ code: 5006, message: "unexpected type" }], messages: [] },
		"unexpected type",
	],
	"a list of texts": [{ errors: ["a is wrong", "b is wrong"] }, "a is wrong; b is wrong"],
	"a list of messages beside the name of the status": [
		{ statusCode: 400, message: ["n must be a number", "size is unknown"], error: "Bad Request" },
		"n must be a number; size is unknown",
	],
	"messages by field": [{ title: "Invalid", errors: { n: ["must be positive"] } }, "n: must be positive"],
	"a list in place of the error": [{ error: [{ message: "first" }, { message: "second" }] }, "first; second"],
	msg: [{ msg: "prompt is too long", code: 1301 }, "prompt is too long"],
	"an error as a text": [{ error: "model is required" }, "model is required"],
	"an error of OAuth": [{ error: "invalid_scope", error_description: "no access to images" }, "no access to images"],
	"problem details": [{ type: "about:blank", title: "Bad Request", status: 400, detail: "unknown field" }, "unknown field"],
	"a provider behind a gateway": [
		{ error: { message: "Provider returned error", code: 400, metadata: { raw: nested, provider_name: "X" } } },
		"Provider returned error: max_tokens is too large",
	],
	"plain text": [
		"Failed to deserialize the JSON body: missing field `model`",
		"Failed to deserialize the JSON body: missing field `model`",
	],
};

for (const [name, [body, text]] of Object.entries(BODIES)) {
	test(`a description in ${name} reaches the guest`, () =>
		upstream([answer.status(422, body)], async ({ chat, context }) => {
			const { code, message } = await failure(chat.unary(chatEnvelope(), context));
			assert.equal([code, message], ["invalid_request", `the backend finds the request invalid (status 422): ${text}`]);
		}));
}

const sseError = (data: string): Behaviour => answer.stream(Buffer.from(`event: error\ndata: ${data}\n\n`));

/** Errors within a stream, and the message that the guest receives. */
const EVENTS: Readonly<Record<string, readonly [behaviour: Behaviour, message: string]>> = {
	"plain text": [sseError("CUDA out of memory"), "the backend failed: CUDA out of memory"],
	"JSON of a text": [sseError('"CUDA out of memory"'), "the backend failed: CUDA out of memory"],
	"a FastAPI list": [sseError(JSON.stringify({ detail: [missing] })), "the backend failed: messages.0.content: Field required"],
	"an object that calls itself an error": [
		answer.stream(Buffer.from('data: {"object":"error","message":"too long","type":"BadRequestError","code":400}\n\n')),
		"the backend finds the request invalid: too long",
	],
};

for (const [name, [behaviour, message]] of Object.entries(EVENTS)) {
	test(`an error event of ${name} reaches the guest`, () =>
		upstream([behaviour], async ({ chat, context }) => {
			assert.is((await failure(collect(chat.stream(chatEnvelope(), context)))).message, message);
		}));
}

test("an error in place of a result that only says it failed reaches the guest", () =>
	upstream([answer.json({ success: false, errors: [{ message: "no capacity" }] })], async ({ chat, context }) => {
		assert.is((await failure(chat.unary(chatEnvelope(), context))).message, "the backend failed: no capacity");
	}));

test("a description is found in a body of which the host reads only the beginning", () =>
	upstream(
		[answer.status(422, { detail: [{ ...missing, input: { text: 'he said "msg": "no"'.repeat(10_000) } }] })],
		async ({ chat, context }) => {
			assert.is(
				(await failure(chat.unary(chatEnvelope(), context))).message,
				"the backend finds the request invalid (status 422): Field required",
			);
		},
	));

test("a page of a gateway and the text of a failure are not descriptions", () =>
	upstream(
		[answer.status(400, "<h1>Bad</h1>", { "content-type": "text/html" }), answer.status(500, "Internal Server Error")],
		async ({ chat, context }) => {
			assert.is((await failure(chat.unary(chatEnvelope(), context))).message, "the backend finds the request invalid (status 400)");
			assert.is((await failure(chat.unary(chatEnvelope(), context))).message, "the backend failed (status 500)");
		},
	));

test("a description is short, without the key, the host and any URL", () => {
	const detail = [{ loc: ["body", KEY], msg: `see http://127.0.0.1/x for ${KEY} at 127.0.0.1` }, { msg: "y".repeat(9999) }];
	return upstream([answer.status(422, { detail }), sseError(`no ${KEY}`)], async ({ chat, context }) => {
		const { message } = await failure(chat.unary(chatEnvelope(), context));
		assert.match(message, /: \[redacted\]: see \[url\] for \[redacted\] at \[host\]; y+…$/);
		assert.ok(message.length < 400, String(message.length));
		assert.is((await failure(collect(chat.stream(chatEnvelope(), context)))).message, "the backend failed: no [redacted]");
	});
});

test("values without a description have none", () => {
	for (const value of [undefined, null, 7, true, "", " ", [], {}, { message: "" }, { error: {} }, { detail: [{ loc: ["body"] }] }])
		assert.is(errorText(value), undefined, JSON.stringify(value));
	for (const body of ["", "text", '{"detail":"', '{"detail":{"no end', "<html>"]) assert.is(cutErrorText(body), undefined, body);
});

test("a description that the body ends in is read as far as its escapes are whole", () => {
	for (const end of ["", "\\", "\\u", "\\u00e"])
		assert.is(cutErrorText(`{"error":{"message":"too \\"long\\" here${end}`), 'too "long" here', end);
});

const deep = (size: number): unknown => JSON.parse(`${'{"error":'.repeat(Math.min(size, 2000))}1${"}".repeat(Math.min(size, 2000))}`);

const GROWTH: Readonly<Record<string, readonly [make: (size: number) => unknown, run: (value: never) => unknown]>> = {
	"a list of errors": [(size) => ({ detail: Array.from({ length: size }, () => missing) }), errorText],
	"errors by field": [
		(size) => ({ errors: Object.fromEntries(Array.from({ length: size }, (_, index) => [`f${index}`, ["x"]])) }),
		errorText,
	],
	"errors within errors": [deep, errorText],
	"a cut body of unfinished descriptions": [(size) => `{${'"msg":'.repeat(size)}`, cutErrorText],
	"a cut body of escapes": [(size) => `{"msg":"${"\\\\".repeat(size)}`, cutErrorText],
	"a cut body of blanks": [(size) => `{"msg"${" ".repeat(size)}`, cutErrorText],
};

for (const [name, [make, run]] of Object.entries(GROWTH))
	test(`the description in ${name} has a cost that grows linearly`, () => assertLinear({ name, make, run, to: 1 << 12 }));

test.run();
