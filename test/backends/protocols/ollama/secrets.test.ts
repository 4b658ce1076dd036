import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer, type Behaviour } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { KEY, streamed, upstream, wholeAnswer, wire } from "./upstream.ts";

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
	"an error's message": answer.status(400, { error: ECHO }),
	"a refused key": answer.status(401, { error: ECHO, signin_url: ECHO }),
	overload: answer.status(503, { error: `server busy, please try again. ${ECHO}` }),
	"an error in place of an answer": answer.json({ error: ECHO }),
	"a malformed answer": answer.json(wholeAnswer({ content: [ECHO] })),
	"a malformed line": streamed(Buffer.from(`${ECHO}\n${ECHO}\n`)),
	"an error within a stream": streamed(wire([{ message: { content: "x" } }, { error: ECHO }])),
};

for (const [place, behaviour] of Object.entries(ECHOES)) {
	test(`the key appears in no error although the upstream echoes it in ${place}`, () =>
		upstream([behaviour, behaviour], async ({ chat, server, context }) => {
			for (const error of [
				await failure(chat.unary(chatEnvelope(), context)),
				await failure(collect(chat.stream(chatEnvelope(), context))),
			])
				assert.not(everything(error).includes(KEY));
			assert.is((await server.request(0)).headers.authorization, `Bearer ${KEY}`);
		}));
}

test.run();
