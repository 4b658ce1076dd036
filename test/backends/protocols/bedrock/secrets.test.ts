import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer, type Behaviour } from "../../../helpers/openai-server.ts";
import { eventFrame, exceptionFrame } from "../../../transport/http/aws-frames.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { KEY, streamed, upstream, wholeAnswer } from "./upstream.ts";

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
	"an error's message": answer.status(400, { message: ECHO }, { "x-amzn-errortype": "ValidationException" }),
	"an error's type": answer.status(500, { __type: ECHO, message: "no" }, { "x-amzn-errortype": ECHO }),
	"a refused key": answer.status(403, { Message: ECHO }, { "x-amzn-errortype": "AccessDeniedException" }),
	"the id of the request": answer.status(503, { message: ECHO }, { "x-amzn-requestid": ECHO }),
	"a malformed answer": answer.json(wholeAnswer([{ toolUse: { input: ECHO } }])),
	"an exception within a stream": streamed(exceptionFrame("modelStreamErrorException", { message: ECHO, originalMessage: ECHO })),
	"an exception without JSON": streamed(exceptionFrame("throttlingException", ECHO)),
	"an exception's name": streamed(exceptionFrame(ECHO, {})),
	"an event of the wrong shape": streamed(eventFrame("contentBlockDelta", { delta: { text: ECHO } })),
	"an event that is no JSON": streamed(eventFrame("contentBlockDelta", ECHO)),
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
