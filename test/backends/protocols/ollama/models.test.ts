import { Ollama } from "ollama";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { KEY, upstream } from "./upstream.ts";

const TAGS = {
	models: [
		{ name: "qwen3:8b", model: "qwen3:8b", details: { context_length: 40_960 }, capabilities: ["completion", "tools", "thinking"] },
		{ name: "nomic-embed-text:latest", details: { family: "nomic-bert" }, capabilities: ["embedding"] },
		{ name: "old:1b", model: "old:1b", details: { family: "llama" } },
		{ name: "gone:1b", model: "gone:1b" },
	],
};
const SHOWN = {
	license: "MIT",
	capabilities: ["completion", "vision"],
	model_info: { "general.architecture": "llama", "llama.context_length": 8192, "llama.embedding_length": 2048 },
};

test("the list states operations and contexts, and other models are asked for them", () =>
	upstream(
		[
			answer.json(TAGS),
			// The first request is for the last model of the list.
			...[1, 2].map(
				() =>
					(...[response, request]: Parameters<ReturnType<typeof answer.json>>) =>
						(request.body.includes("gone") ? answer.status(404, { error: "model 'gone:1b' not found" }) : answer.json(SHOWN))(
							response,
							request,
						),
			),
		],
		async ({ backend, server, context }) => {
			assert.equal(await backend.listModels?.(context), [
				{ name: "qwen3:8b", operations: ["chat_completions"], limits: { context_tokens: 40_960 } },
				{ name: "nomic-embed-text:latest", aliases: ["nomic-embed-text"], operations: ["embeddings"] },
				{ name: "old:1b", operations: ["chat_completions"], limits: { context_tokens: 8192 } },
				{ name: "gone:1b" },
			]);
			assert.equal(server.requests.map(({ method, path }) => `${method} ${path}`).sort(), [
				"GET /api/tags",
				"POST /api/show",
				"POST /api/show",
			]);
			for (const { headers } of server.requests) assert.is(headers.authorization, `Bearer ${KEY}`);
		},
	));

test("the list is that of the vendor's SDK", () =>
	upstream([answer.json({ models: TAGS.models.slice(0, 2) }), answer.json(TAGS)], async ({ backend, server, context }) => {
		const ours = await backend.listModels?.(context);
		const theirs = await new Ollama({ host: server.baseUrl.replace("/v1", "") }).list();
		assert.equal(
			ours?.map(({ name }) => name),
			theirs.models.slice(0, 2).map(({ name }) => name),
		);
		assert.is(server.requests[0]?.path, server.requests[1]?.path);
		await server.close();
	}));

test("an abort ends the requests for details", () =>
	upstream([answer.json(TAGS), answer.silence(), answer.silence()], async ({ backend, server, context }) => {
		const controller = new AbortController();
		const listing = backend.listModels?.({ ...context, signal: controller.signal }) ?? Promise.resolve();
		await server.request(2);
		controller.abort();
		assert.is((await failure(listing)).code, "cancelled");
	}));

test("an error in place of a list is that error", () =>
	upstream([answer.json({ error: "model list cache unavailable" })], async ({ backend, context }) => {
		assert.is(
			(await failure(backend.listModels?.(context) ?? Promise.resolve())).message,
			"the backend failed: model list cache unavailable",
		);
	}));

test.run();
