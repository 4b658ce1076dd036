import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { sdkOf } from "./sdk.ts";
import { KEY, upstream } from "./upstream.ts";

const model = (name: string, methods: readonly string[], more: object = {}) => ({
	name: `models/${name}`,
	version: "001",
	displayName: name,
	inputTokenLimit: 1_048_576,
	outputTokenLimit: 65_536,
	supportedGenerationMethods: methods,
	...more,
});

const GENERATE = ["generateContent", "countTokens", "createCachedContent"];
const PAGES = [
	{
		models: [
			model("gemini-3.8-flash", GENERATE),
			model("gemini-3.8-flash-tts", GENERATE, { inputTokenLimit: 8192, outputTokenLimit: 0 }),
			model("gemini-3-pro-image", GENERATE),
			model("veo-4", ["predictLongRunning"]),
			{ name: "models/x" },
		],
		nextPageToken: "a/b=",
	},
	{ models: [model("gemini-embedding-001", ["embedContent", "countTextTokens"], { outputTokenLimit: 1 })] },
];

test("the models of every page are listed with their operations and limits", () =>
	upstream(
		PAGES.map((page) => answer.json(page)),
		async ({ backend, server, context }) => {
			const limits = { context_tokens: 1_048_576, output_tokens: 65_536 };
			assert.equal(await backend.listModels?.(context), [
				{ name: "gemini-3.8-flash", operations: ["chat_completions"], limits },
				{ name: "gemini-3.8-flash-tts", operations: ["text_to_speech"], limits: { context_tokens: 8192 } },
				{ name: "gemini-3-pro-image", operations: ["chat_completions", "image_generation"], limits },
				{ name: "gemini-embedding-001", operations: ["embeddings"], limits: { context_tokens: 1_048_576, output_tokens: 1 } },
			]);
			assert.equal(
				server.requests.map(({ method, path, headers }) => [method, path, headers["x-goog-api-key"]]),
				[
					["GET", "/v1/models?pageSize=1000", KEY],
					["GET", "/v1/models?pageSize=1000&pageToken=a%2Fb%3D", KEY],
				],
			);
		},
	));

test("pages are asked for as the vendor's SDK asks for them", () =>
	upstream(
		[...PAGES, ...PAGES].map((page) => answer.json(page)),
		async ({ backend, server, context }) => {
			await backend.listModels?.(context);
			await Array.fromAsync(await sdkOf(server).models.list({ config: { pageSize: 1000, queryBase: true } }));
			const queries = server.requests.map(({ path }) => {
				const { pathname, searchParams } = new URL(path, server.baseUrl);
				return [pathname, ...[...searchParams].sort()];
			});
			assert.equal(queries.slice(0, 2), queries.slice(2));
			await server.close();
		},
	));

test("a refused key is the error of the list", () =>
	upstream(
		[
			answer.status(400, {
				error: { code: 400, status: "INVALID_ARGUMENT", message: "Bad key.", details: [{ reason: "API_KEY_INVALID" }] },
			}),
		],
		async ({ backend, context }) => {
			const listed = backend.listModels?.(context);
			if (listed === undefined) throw new Error("the kind lists no models");
			assert.is((await failure(listed)).attribution, "credentials");
		},
	));

test.run();
