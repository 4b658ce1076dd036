import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer, type Behaviour } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { KEY, upstream, wholeResponse, wire } from "./upstream.ts";

const ECHO = `your key is ${KEY}, sent as Bearer ${KEY}`;

/** Returns every text of an error that may be logged or serialized. */
function everything(error: SpearError): string {
	const texts: string[] = [];
	for (let link: unknown = error; link instanceof Error && texts.length < 40; link = link.cause)
		texts.push(inspect(link, { depth: 10, showHidden: true, getters: true }), JSON.stringify(link), String(link), link.stack ?? "");
	return texts.join("\n");
}

/** Upstreams that echo the key in different places. */
const ECHOES: Readonly<Record<string, Behaviour>> = {
	"an error's message": answer.status(400, { error: { type: "invalid_request_error", message: ECHO, param: ECHO } }),
	"a refused key": answer.status(401, { error: { code: "invalid_api_key", message: ECHO } }),
	"a refused member": answer.status(400, { error: { message: `include: ${ECHO}`, param: "include" } }),
	"a response that failed": answer.json(wholeResponse([], { status: "failed", error: { code: ECHO, message: ECHO } })),
	"a status": answer.json(wholeResponse([], { status: ECHO })),
	"a malformed response": answer.json({ output: ECHO }),
	"an event of a failure": answer.stream(
		wire([{ type: "response.failed", response: wholeResponse([], { error: { code: "server_error", message: ECHO } }) }]),
	),
	"an error within a stream": answer.stream(wire([{ type: "error", code: ECHO, message: ECHO, param: ECHO }])),
	"a malformed event": answer.stream(Buffer.from(`data: ${ECHO}\n\n`)),
	"an error event without JSON": answer.stream(Buffer.from(`event: error\ndata: ${ECHO}\n\n`)),
};

for (const [place, behaviour] of Object.entries(ECHOES)) {
	test(`the key appears in no error although the upstream echoes it in ${place}`, () =>
		upstream([behaviour, behaviour, behaviour, behaviour], async ({ chat, context }) => {
			for (const error of [
				await failure(chat.unary(chatEnvelope(), context)),
				await failure(collect(chat.stream(chatEnvelope(), context))),
			])
				assert.not(everything(error).includes(KEY));
		}));
}

test.run();
