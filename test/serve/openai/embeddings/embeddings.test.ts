import OpenAI from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, OpenAiServer } from "../../../helpers/openai-server.ts";
import { apiError, requestOf, served } from "../media-server.ts";

const VECTORS = {
	object: "list",
	model: "small",
	data: [
		{ object: "embedding", index: 0, embedding: [1, 0.5] },
		{ object: "embedding", index: 1, embedding: [0, -1] },
	],
	usage: { prompt_tokens: 7, total_tokens: 7 },
};

test("the SDK receives vectors, which it asks for in base64 unless told otherwise", () =>
	served([answer.json(VECTORS), answer.json(VECTORS), answer.json(VECTORS)], async ({ sdk, upstream }) => {
		const { data, response } = await sdk.embeddings.create({ model: "small", input: ["a", "b"] }).withResponse();
		assert.equal(data, VECTORS);
		assert.is(response.headers.get("x-spear-backend"), "up");
		assert.is(response.headers.get("x-spear-decision"), response.headers.get("x-request-id"));
		const floats = await sdk.embeddings.create({ model: "small", input: ["a", "b"], encoding_format: "float" });
		assert.equal(floats.data, VECTORS.data);
		const base64 = await sdk.embeddings.create({ model: "small", input: ["a", "b"], encoding_format: "base64" });
		assert.is(base64.data[1]?.embedding, Buffer.from(new Float32Array([0, -1]).buffer).toString("base64"));
		assert.equal(
			upstream.requests.map((request) => request.json()),
			Array(3).fill({ model: "small", input: ["a", "b"] }),
		);
	}));

test("a request reaches the upstream as the SDK would send it", async () => {
	const direct = await OpenAiServer.start(answer.json(VECTORS));
	const request = { model: "small", input: ["a", "b"], dimensions: 2, user: "u1", encoding_format: "float" as const };
	try {
		await new OpenAI({ apiKey: "none", baseURL: direct.baseUrl, logLevel: "off" }).embeddings.create(request);
		await served([answer.json(VECTORS)], async ({ sdk, upstream }) => {
			await sdk.embeddings.create(request);
			const { encoding_format: _, ...sent } = Object(direct.requests[0]?.json());
			// The encoding is that of our server's own answer. The one of the upstream is an option of the backend.
			assert.equal(requestOf(upstream.requests[0]), { method: "POST", path: "/v1/embeddings", body: sent });
		});
	} finally {
		await direct.close();
	}
});

test("a member about the client that no backend passes is left out, and the answer says so", () =>
	served([answer.json(VECTORS)], async ({ sdk, upstream }) => {
		const request = { model: "small", input: ["a", "b"], user: "u1", safety_identifier: "s1" };
		const { data, response } = await sdk.embeddings.create(request).withResponse();
		assert.equal(Object(data).spear.downgrades, [{ field: "safety_identifier", effect: "dropped", detail: "no backend passes it" }]);
		assert.is(response.headers.get("x-spear-downgrades"), "safety_identifier");
		assert.equal(upstream.requests[0]?.json(), { model: "small", input: ["a", "b"], user: "u1" });
	}));

test("one text is a batch of one", () =>
	served([answer.json({ ...VECTORS, data: VECTORS.data.slice(0, 1) })], async ({ sdk, upstream }) => {
		const { data } = await sdk.embeddings.create({ model: "small", input: "a" });
		assert.is(data.length, 1);
		assert.equal(upstream.requests[0]?.json(), { model: "small", input: ["a"] });
	}));

for (const [name, request, param, message] of [
	[
		"lists of tokens",
		{ input: [1, 2] },
		"input",
		"input: lists of tokens are not supported, because backends have different tokens; send texts",
	],
	[
		"batches of tokens",
		{ input: [[1], [2]] },
		"input",
		"input: lists of tokens are not supported, because backends have different tokens; send texts",
	],
	["a number among texts", { input: ["a", 2] }, "input[1]", "input[1]: must be a string, not a number"],
	["no input", {}, "input", "input: is required"],
	["no texts", { input: [] }, "input", "input: must NOT have fewer than 1 items"],
	["an empty text", { input: [""] }, "input[0]", "input[0]: the text is empty; omit it"],
	[
		"an unknown encoding",
		{ input: "a", encoding_format: "int8" },
		"encoding_format",
		'encoding_format: must be one of float, base64, not "int8"',
	],
	["no dimensions", { input: "a", dimensions: 0 }, "dimensions", "dimensions: must be from 1 to 4294967295"],
	[
		"a member that no backend takes",
		{ input: "a", truncate: "END" },
		"truncate",
		"truncate: this backend does not accept it; its operator can allow it with allow_provider_options",
	],
] as const) {
	test(`a request with ${name} is refused by its member`, () =>
		served([], async ({ sdk, upstream }) => {
			const error = await apiError(() => sdk.post("/embeddings", { body: { model: "small", ...request } }));
			assert.equal(error, {
				name: "BadRequestError",
				status: 400,
				code: error.code,
				param,
				type: "invalid_request_error",
				message: `400 ${message}`,
			});
			assert.is(upstream.requests.length, 0);
		}));
}

test("a failure of the upstream is one of a server, and its limit arrives as one with the time to wait", () =>
	served([answer.status(500), answer.status(429, { error: { message: "slow down" } }, { "retry-after": "7" })], async ({ sdk }) => {
		const failed = await apiError(() => sdk.embeddings.create({ model: "small", input: "a" }));
		assert.is(failed.name, "InternalServerError");
		const limited = await apiError(() => sdk.embeddings.create({ model: "small", input: "a" }));
		assert.is(limited.name, "RateLimitError");
	}));

test("an abort of the client ends the request at the upstream", () =>
	served([answer.silence()], async ({ sdk, upstream }) => {
		const abort = new AbortController();
		const call = sdk.embeddings.create({ model: "small", input: "a" }, { signal: abort.signal });
		const refused = assert.unreachable.bind(undefined, "the call has an answer");
		const ended = call.then(refused, (thrown: unknown) => assert.instance(thrown, OpenAI.APIUserAbortError));
		const request = await upstream.request(0);
		abort.abort();
		await ended;
		assert.ok((await request.ended).clientClosed);
	}));

test.run();
