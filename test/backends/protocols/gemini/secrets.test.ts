import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer, type Behaviour } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { KEY, piece, response, upstream, wire } from "./upstream.ts";

const ECHO = `your key is ${KEY}, sent as x-goog-api-key: ${KEY}`;

/** Returns every text of an error that may be logged or serialized. */
function everything(error: SpearError): string {
	const texts: string[] = [];
	for (let link: unknown = error; link instanceof Error && texts.length < 40; link = link.cause)
		texts.push(inspect(link, { depth: 10, showHidden: true, getters: true }), JSON.stringify(link), String(link), link.stack ?? "");
	return texts.join("\n");
}

const error = (code: number, status: string, details: object[] = []) => ({ error: { code, status, message: ECHO, details } });

/** Upstreams that echo the key in different places. */
const ECHOES: Readonly<Record<string, Behaviour>> = {
	"an error's message": answer.status(400, error(400, "INVALID_ARGUMENT")),
	"an error's status": answer.status(500, { error: { code: 500, message: "no", status: ECHO } }),
	"an error's details": answer.status(429, error(429, "RESOURCE_EXHAUSTED", [{ reason: ECHO, retryDelay: ECHO }])),
	"a refused key": answer.status(400, error(400, "INVALID_ARGUMENT", [{ reason: "API_KEY_INVALID" }])),
	overload: answer.status(503, error(503, "UNAVAILABLE"), { "x-request-id": ECHO }),
	"an error in place of an answer": answer.json(error(500, "INTERNAL")),
	"a list of errors": answer.json([error(429, "RESOURCE_EXHAUSTED")]),
	"a malformed answer": answer.json(response([], { content: { parts: ECHO } })),
	"the words about a malformed call": answer.json(response([], { finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: ECHO })),
	"a malformed event": answer.stream(Buffer.from(`data: ${ECHO}\n\n`)),
	"an error event without JSON": answer.stream(Buffer.from(`event: error\ndata: ${ECHO}\n\n`)),
	"an error within a stream": answer.stream(wire([piece({ text: "Hi" }), error(503, "UNAVAILABLE")])),
	"a malformed call after text": answer.stream(
		wire([piece({ text: "Hi" }), response([], { finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: ECHO })]),
	),
};

for (const [place, behaviour] of Object.entries(ECHOES)) {
	test(`the key appears in no error although the upstream echoes it in ${place}`, () =>
		upstream([behaviour, behaviour], async ({ chat, context }) => {
			for (const thrown of [
				await failure(chat.unary(chatEnvelope(), context)),
				await failure(collect(chat.stream(chatEnvelope(), context))),
			])
				assert.not(everything(thrown).includes(KEY));
		}));
}

test.run();
