import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer, type Behaviour } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { KEY, messageStream, upstream, wholeMessage, wire } from "./upstream.ts";

const ECHO = `your key is ${KEY}, sent as Bearer ${KEY}`;

/** Returns every text of an error that may be logged or serialized. */
function everything(error: SpearError): string {
	const texts: string[] = [];
	for (let link: unknown = error; link instanceof Error && texts.length < 40; link = link.cause)
		texts.push(inspect(link, { depth: 10, showHidden: true, getters: true }), JSON.stringify(link), String(link), link.stack ?? "");
	return texts.join("\n");
}

const [start, ...others] = messageStream([[{ type: "text", text: "x" }]]);

/** Upstreams that echo the key in different places. */
const ECHOES: Readonly<Record<string, Behaviour>> = {
	"an error's message": answer.status(400, { type: "error", error: { type: "invalid_request_error", message: ECHO } }),
	"an error's type": answer.status(500, { type: ECHO, error: { type: ECHO, message: "no" } }),
	"a refused key": answer.status(401, { type: "error", error: { type: "authentication_error", message: ECHO } }),
	"overload, and the id of the request": answer.status(529, { error: { type: "overloaded_error", message: ECHO } }, { "request-id": ECHO }),
	billing: answer.status(402, { error: { type: "billing_error", message: ECHO } }),
	"an error in place of a message": answer.json({ type: "error", error: { type: "api_error", message: ECHO } }),
	"a malformed message": answer.json(wholeMessage([{ type: "text", text: [ECHO] }])),
	"a malformed event": answer.stream(Buffer.from(`data: ${ECHO}\n\n`)),
	"an error event without JSON": answer.stream(Buffer.from(`event: error\ndata: ${ECHO}\n\n`)),
	"an error within a stream": answer.stream(
		wire([...(start === undefined ? [] : [start]), { type: "error", error: { type: "overloaded_error", message: ECHO } }, ...others]),
	),
	"a block of the wrong shape": answer.stream(wire([{ type: "content_block_delta", index: 3, delta: { text: ECHO } }])),
};

for (const [place, behaviour] of Object.entries(ECHOES)) {
	test(`the key appears in no error although the upstream echoes it in ${place}`, () =>
		upstream([behaviour, behaviour], async ({ chat, context }) => {
			for (const error of [
				await failure(chat.unary(chatEnvelope(), context)),
				await failure(collect(chat.stream(chatEnvelope(), context))),
			])
				assert.not(everything(error).includes(KEY));
		}));
}

test.run();
