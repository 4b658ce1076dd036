import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DiscoveredModel } from "../../../../src/backends/discovery.ts";
import { openAiModels } from "../../../../src/backends/protocols/openai/models.ts";
import { answer } from "../../../helpers/openai-server.ts";
import { against, failure } from "../../../transport/http/fixture.ts";

const CONTEXT = { signal: new AbortController().signal, apiKey: "k" };
const OPTIONS = { authHeader: "authorization" };

/** Lists of servers, and the models in them. */
const LISTS: Readonly<Record<string, readonly [list: unknown, models: readonly DiscoveredModel[]]>> = {
	OpenAI: [{ object: "list", data: [{ id: "gpt-5", object: "model", created: 1, owned_by: "openai" }] }, [{ name: "gpt-5" }]],
	vLLM: [
		{ object: "list", data: [{ id: "Qwen/Qwen3-8B", object: "model", root: "Qwen/Qwen3-8B", parent: null, max_model_len: 40_960 }] },
		[{ name: "Qwen/Qwen3-8B", limits: { context_tokens: 40_960 } }],
	],
	OpenRouter: [
		{
			data: [
				{
					id: "x/y",
					context_length: 200_000,
					top_provider: { context_length: 128_000, max_completion_tokens: 8192 },
					pricing: { prompt: "0" },
				},
				{ id: "x/z", context_length: 4096, top_provider: { context_length: null, max_completion_tokens: null } },
			],
		},
		[
			{ name: "x/y", limits: { context_tokens: 128_000, output_tokens: 8192 } },
			{ name: "x/z", limits: { context_tokens: 4096 } },
		],
	],
	Groq: [
		{ object: "list", data: [{ id: "llama", active: true, context_window: 131_072, max_completion_tokens: 32_768 }] },
		[{ name: "llama", limits: { context_tokens: 131_072, output_tokens: 32_768 } }],
	],
	"LM Studio": [
		{
			data: [
				{ id: "e", object: "model", type: "embeddings", max_context_length: 2048, state: "not-loaded" },
				{ id: "v", type: "vlm" },
			],
		},
		[
			{ name: "e", operations: ["embeddings"], limits: { context_tokens: 2048 } },
			{ name: "v", operations: ["chat_completions"] },
		],
	],
	"llama.cpp": [
		{ models: [{ name: "m.gguf" }], object: "list", data: [{ id: "m.gguf", meta: { n_ctx_train: 32_768, n_embd: 896 } }] },
		[{ name: "m.gguf", limits: { context_tokens: 32_768 } }],
	],
	Together: [
		[
			{ id: "a", type: "chat", context_length: 8192 },
			{ id: "b", type: "image", context_length: 0 },
			{ id: "c", type: "moderation" },
		],
		[
			{ name: "a", operations: ["chat_completions"], limits: { context_tokens: 8192 } },
			{ name: "b", operations: ["image_generation"] },
			{ name: "c" },
		],
	],
	Mistral: [
		{ object: "list", data: [{ id: "mistral-large", max_context_length: 131_072, capabilities: { completion_chat: true } }] },
		[{ name: "mistral-large", limits: { context_tokens: 131_072 } }],
	],
};

for (const [server, [list, models]] of Object.entries(LISTS)) {
	test(`the list of ${server} is read with the limits that it states`, () =>
		against([answer.json(list)], async (client, { requests }) => {
			assert.equal(await openAiModels(client, OPTIONS, CONTEXT), models);
			assert.is(requests[0]?.path, "/v1/models");
		}));
}

test("a page of a website in place of a list is malformed", () =>
	against([answer.text("<html>", { "content-type": "text/html" }), answer.json({ status: "ok" })], async (client) => {
		assert.match((await failure(openAiModels(client, OPTIONS, CONTEXT))).message, /it is not JSON \(content-type text\/html\)$/);
		assert.match((await failure(openAiModels(client, OPTIONS, CONTEXT))).message, /it is no list of models$/);
	}));

test.run();
