/** Requests that are completed before they are sent. */
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { HttpRequest } from "../../../src/transport/http/options.ts";
import { answer } from "../../helpers/openai-server.ts";
import { against, failure, post } from "./fixture.ts";

const TOKEN = "token-canary-0c5d2e9a";

test("a completed request is sent, and its secret is in no error", () =>
	against(
		[answer.json({ ok: true }), answer.status(500, `no: ${TOKEN}`)],
		async (client, server) => {
			await client.requestJson(post());
			const { path, headers, body } = await server.request(0);
			assert.equal([path, headers.authorization, body], ["/v1/other?x=1", `Bearer ${TOKEN}`, '{"a":1}']);
			assert.not(inspect(await failure(client.requestJson(post())), { depth: 9, showHidden: true, getters: true }).includes(TOKEN));
		},
		{
			prepare: async (request: HttpRequest) => ({
				...request,
				path: "/other?x=1",
				headers: { authorization: `Bearer ${TOKEN}` },
				secret: TOKEN,
			}),
		},
	));

test("a request that cannot be completed fails with that error and is not sent", () =>
	against(
		[],
		async (client, server) => {
			assert.is((await failure(client.requestJson(post()))).message, "no token");
			assert.is(server.requests.length, 0);
		},
		{ prepare: () => Promise.reject(new SpearError("backend_error", "no token")) },
	));

test("an abort, and the end of the client, end a request that is never completed", () =>
	against(
		[],
		async (client, server) => {
			const abort = new AbortController();
			const aborted = failure(client.requestJson(post({ signal: abort.signal })));
			const closed = failure(client.requestJson(post()));
			abort.abort();
			assert.is((await aborted).code, "cancelled");
			await client.close();
			assert.equal([(await closed).code, (await closed).message], ["cancelled", "the backend was shut down while it served this call"]);
			assert.is(server.requests.length, 0);
		},
		{ prepare: () => new Promise(() => {}) },
	));

test.run();
