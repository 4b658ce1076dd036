/** The meaning of each error that the API reports, with a status and within a stream. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { streamed, streamLines, upstream, wire } from "./upstream.ts";

/** The members of an error that the router and the guest read. */
const meaning = ({ code, retryable, attribution, processed }: SpearError): string =>
	`${code} ${retryable ? "retry" : "final"} ${attribution} ${processed}`;

const FAILED = "backend_error retry backend yes";
const OVERLOADED = "backend_error retry capacity no";
const UNKNOWN = "backend_error final request yes";

/** Status and message of an error; its meaning with the status, and within an answer. */
const ERRORS: readonly (readonly [status: number, message: string, asStatus: string, reported?: string])[] = [
	[400, "invalid options", "invalid_request final request no", FAILED],
	[400, "the input length exceeds the context length", "invalid_request final request no"],
	[400, '"tinyllama" does not support tools', UNKNOWN],
	[400, "registry.ollama.ai/library/tinyllama:latest does not support thinking", UNKNOWN],
	[401, "unauthorized", "backend_error final credentials no", FAILED],
	[403, "ollama cloud is disabled: remote model inference is unavailable", UNKNOWN],
	[404, "model 'qwen9' not found", UNKNOWN],
	[404, 'model "qwen9" not found, try pulling it first', UNKNOWN],
	[429, "you've reached your hourly usage limit, please upgrade to continue", "rate_limited final capacity no"],
	[429, "too many concurrent requests", "rate_limited retry capacity no", FAILED],
	[499, "request canceled", FAILED],
	[500, "llama runner process has terminated: exit status 2", FAILED],
	[500, "model requires more system memory (5.3 GiB) than is available (3.3 GiB)", OVERLOADED],
	[500, "Failed to create new sequence: failed to process inputs: image: unknown format", "invalid_request final request no"],
	[500, "failed to process inputs: invalid image type: image/webp", "invalid_request final request no"],
	[500, "failed to process inputs: out of memory", FAILED],
	[500, "timed out waiting for llama runner to start - progress 0.42", "timeout retry backend unknown"],
	[500, "error parsing tool call: raw='model \"x\" not found'", FAILED],
	[503, "server busy, please try again.  maximum pending requests exceeded", OVERLOADED],
	[503, "llm server loading model", OVERLOADED],
	[503, "Loading model", OVERLOADED],
];

for (const [status, error, asStatus, reported = asStatus] of ERRORS) {
	test(`${status} "${error}" means ${asStatus}`, () =>
		upstream(
			[
				answer.status(status, { error }),
				answer.status(status, { error }),
				answer.json({ error }),
				streamed(wire([...streamLines([{ content: "x" }]).slice(0, 1), { error }])),
			],
			async ({ chat, context }) => {
				assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), asStatus, "with its status");
				assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), asStatus, "in place of a stream");
				assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), reported, "in place of an answer");
				assert.is(meaning(await failure(collect(chat.stream(chatEnvelope(), context)))), reported, "within a stream");
			},
		));
}

test("a model of the cloud at a server that is not signed in blames no key", () =>
	upstream([answer.status(401, { error: "unauthorized", signin_url: "https://ollama.com/connect?name=x" })], async ({ chat, context }) => {
		assert.is(meaning(await failure(chat.unary(chatEnvelope(), context))), UNKNOWN);
	}));

test("an error within a stream has its message, and the status that some servers add to it", () =>
	upstream([streamed(wire([{ error: "unexpected EOF" }])), streamed(wire([{ error: "no", status: 400 }]))], async ({ chat, context }) => {
		const failed = () => failure(collect(chat.stream(chatEnvelope(), context)));
		assert.is((await failed()).message, "the backend failed: unexpected EOF");
		assert.is((await failed()).code, "invalid_request");
	}));

test("an error in the last line counts although the body ends without a line break", () =>
	upstream([streamed(Buffer.from('{"message":{"content":"x"},"done":false}\n{"error":"unexpected EOF"}'))], async ({ chat, context }) => {
		assert.is((await failure(collect(chat.stream(chatEnvelope(), context)))).message, "the backend failed: unexpected EOF");
	}));

test("a server of another API says so", () =>
	upstream(
		[answer.status(404, "404 page not found"), answer.text("Ollama is running", { "content-type": "text/plain" })],
		async ({ chat, context }) => {
			assert.match(
				(await failure(chat.unary(chatEnvelope(), context))).message,
				/does not know the model or the operation \(status 404\): 404 page not found$/,
			);
			const { message } = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.is(message, "the backend's answer is malformed: it is text/plain instead of lines of JSON");
		},
	));

test.run();
