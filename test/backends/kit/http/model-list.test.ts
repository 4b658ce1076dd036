import { test } from "uvu";
import * as assert from "uvu/assert";
import { type DiscoveredModel, MAX_MODELS } from "../../../../src/backends/discovery.ts";
import { listModels, type ModelListDialect, modelLimits, nameOf } from "../../../../src/backends/kit/http/model-list.ts";
import { isObject } from "../../../../src/backends/kit/json/guards.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { against, failure } from "../../../transport/http/fixture.ts";

const KEY = "list-canary-3c9a";

const DIALECT: ModelListDialect = {
	path: "/models",
	items: (page) => (isObject(page) && Array.isArray(page.data) ? page.data : undefined),
	model: (item) => {
		const name = nameOf(item, "id", "name");
		return name === undefined ? undefined : { name, ...modelLimits(item.context) };
	},
	next: ({ next }) => (typeof next === "string" ? `/models?after=${next}` : undefined),
};

type Client = Parameters<typeof listModels>[0];

const list = (client: Client, signal = new AbortController().signal): Promise<readonly DiscoveredModel[]> =>
	listModels(client, { authHeader: "authorization" }, DIALECT, { signal, apiKey: KEY });

test("a list is read page by page, each name once, without items that are no models", () =>
	against(
		[
			answer.json({ data: [{ id: "a", context: 8 }, { name: "b", context: 0 }, { id: "" }, null, "c"], next: "b" }),
			answer.json({ data: [{ id: "a" }, { id: "x".repeat(257) }, { id: "d", context: -1 }] }),
		],
		async (client, server) => {
			assert.equal(await list(client), [{ name: "a", limits: { context_tokens: 8 } }, { name: "b" }, { name: "d" }]);
			assert.equal(
				server.requests.map(({ method, path, headers }) => [method, path, headers.authorization]),
				[
					["GET", "/v1/models", `Bearer ${KEY}`],
					["GET", "/v1/models?after=b", `Bearer ${KEY}`],
				],
			);
		},
	));

test("a list that never ends is refused, and a long one is cut", async () => {
	await against(
		Array.from({ length: 100 }, () => answer.json({ data: [{ id: "a" }], next: "a" })),
		async (client) => assert.is((await failure(list(client))).message, "the backend's list of models has more than 100 pages"),
	);
	const data = Array.from({ length: MAX_MODELS + 1 }, (_, index) => ({ id: `m${index}` }));
	await against([answer.json({ data, next: "x" })], async (client) => assert.is((await list(client)).length, MAX_MODELS));
});

test("a name that repeats the key is left out", () =>
	against([answer.json({ data: [{ id: `a-${KEY}` }, { id: encodeURIComponent(KEY).toUpperCase() }, { id: "b" }] })], async (client) =>
		assert.equal(await list(client), [{ name: "b" }]),
	));

test("an answer that is no list is malformed, and a status is its error", () =>
	against([answer.json({ models: 3 }), answer.status(401, { error: { message: `no ${KEY}` } })], async (client) => {
		assert.is((await failure(list(client))).message, "the backend's answer is malformed: it is no list of models");
		const refused = await failure(list(client));
		assert.is(refused.attribution, "credentials");
		assert.not(refused.message.includes(KEY));
	}));

test("an abort ends the request", () =>
	against([answer.silence()], async (client, server) => {
		const controller = new AbortController();
		const listing = list(client, controller.signal);
		const request = await server.request(0);
		controller.abort();
		assert.is((await failure(listing)).code, "cancelled");
		assert.equal(await request.ended, { clientClosed: true });
	}));

test.run();
