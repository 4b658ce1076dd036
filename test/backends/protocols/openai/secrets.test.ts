import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openaiCompatible } from "../../../../src/backends/kinds/openai-compatible/index.ts";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { answer, type Behaviour, sse } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";
import { chunk, KEY, upstream } from "./upstream.ts";

const ECHO = `your key is ${KEY}, sent as Bearer ${KEY} (${KEY.slice(0, 6)}*****${KEY.slice(-4)})`;

/** Returns every text of an error that may be logged or serialized. */
function everything(error: SpearError): string {
	const chain: unknown[] = [];
	for (let link: unknown = error; link !== undefined && chain.length < 10; link = link instanceof Error ? link.cause : undefined)
		chain.push(link);
	return chain
		.map((link) =>
			[
				inspect(link, { depth: 10, showHidden: true, getters: true }),
				JSON.stringify(link),
				String(link),
				link instanceof Error ? link.stack : "",
			].join("\n"),
		)
		.join("\n");
}

/** Upstreams that echo the key in different places. */
const ECHOES: Readonly<Record<string, Behaviour>> = {
	"an error's message": answer.status(400, { error: { message: ECHO, type: ECHO, code: ECHO, param: ECHO } }),
	"an error's text": answer.status(500, ECHO),
	"a refused key": answer.status(401, { error: { message: ECHO } }),
	"a header": answer.status(429, ECHO, { "x-request-id": ECHO, "retry-after": KEY }),
	"a redirect": answer.status(302, "", { location: `http://127.0.0.1/?key=${KEY}` }),
	"what is no JSON": answer.text(ECHO),
	"a JSON string": answer.json(ECHO),
	"a cut body": answer.cutOff(Buffer.from(ECHO), { "content-length": "500" }),
	"a failure cut within the key": (response) => {
		response.writeHead(500, { "content-length": "500" }).write(`your key is ${KEY.slice(0, -3)}`, () => response.socket?.destroy());
	},
	"what is no HTTP": answer.raw(`${ECHO}\r\n`),
	"a content type": answer.text("{}", { "content-type": `text/${KEY}` }),
	"an encoding": answer.text("{}", { "content-encoding": KEY }),
	"an error in place of a completion": answer.json({ error: { message: ECHO, type: ECHO } }),
	"a malformed event": answer.stream(sse([ECHO])),
	"an event of the wrong shape": answer.stream(sse([{ ...chunk({ content: "x" }), choices: ECHO }])),
	"an error in a stream": answer.stream(sse([chunk({ content: "x" }), { error: { message: ECHO, code: ECHO } }])),
};

for (const [place, behaviour] of Object.entries(ECHOES)) {
	test(`the key appears in no error although the upstream echoes it in ${place}`, () =>
		upstream([behaviour, behaviour], async ({ chat, server, context }) => {
			for (const error of [
				await failure(chat.unary(chatEnvelope(), context)),
				await failure(collect(chat.stream(chatEnvelope(), context))),
			]) {
				const text = everything(error);
				assert.not.match(text, KEY);
				assert.not.match(text, KEY.slice(0, 10));
				assert.not.match(text, KEY.slice(-6));
				assert.not.match(error.message, "127.0.0.1");
				assert.not.match(error.message, "://");
			}
			assert.is(server.requests[0]?.headers.authorization, `Bearer ${KEY}`); // The upstream received the key.
		}));
}

test("no part of a key is shown where a description is cut, whatever text of a guest stands before the key", () => {
	const lengths = Array.from({ length: KEY.length + 2 }, (_, index) => 998 - index);
	// The host shortens a URL to a few characters, so that the place of the cut is shown.
	const described = (length: number) => `http://${"x".repeat(length - 8)} ${KEY}`;
	const reports = lengths.map((length) => answer.stream(sse([{ error: { message: described(length) } }])));
	return upstream(reports, async ({ chat, context }) => {
		for (const _ of lengths) {
			const error = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.ok("the backend failed: [url] [redacted]".startsWith(error.message), error.message);
		}
	});
});

test("a key that no header can carry is refused without showing it", async () => {
	const backend = openaiCompatible.create({
		name: "up",
		kind: "openai-compatible",
		base_url: "http://127.0.0.1:9/v1",
		models: ["small"],
		options: {},
	});
	const chat = backend.operations.chat_completions;
	assert.ok(chat !== undefined);
	const error = await failure(chat.unary(chatEnvelope(), contextOf({ apiKey: `${KEY}\n` })));
	assert.equal(error.toRecord(), {
		code: "backend_error",
		message: "the backend's API key holds characters that no header can carry; its operator must check the environment variable",
		retryable: false,
	});
	assert.is(error.attribution, "credentials");
	assert.is(error.processed, "no");
	assert.not.match(everything(error), KEY);
	await backend.close();
});

test("each request is sent with its own key, or without a key", () =>
	upstream([answer.status(500), answer.status(500)], async ({ chat, server, context }) => {
		for (const apiKey of ["first-key", undefined]) await failure(chat.unary(chatEnvelope(), { ...context, apiKey }));
		assert.equal(
			server.requests.map(({ headers }) => headers.authorization),
			["Bearer first-key", undefined],
		);
	}));

test.run();
