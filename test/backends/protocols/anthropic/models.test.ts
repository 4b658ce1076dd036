import Anthropic from "@anthropic-ai/sdk";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../helpers/openai-server.ts";
import { KEY, upstream } from "./upstream.ts";

const model = (id: string, more: object = {}) => ({
	id,
	type: "model",
	display_name: id,
	lifecycle: "active",
	max_input_tokens: 1_000_000,
	max_tokens: 64_000,
	...more,
});
const PAGES = [
	{ data: [model("claude-opus-5"), model("claude-2", { lifecycle: "retired" })], has_more: true, first_id: "x", last_id: "claude-2" },
	{
		data: [model("claude-3-20240229", { max_input_tokens: null, max_tokens: null })],
		has_more: false,
		first_id: "y",
		last_id: "claude-3-20240229",
	},
];

test("the models of every page are listed with their limits, without retired ones", () =>
	upstream(
		PAGES.map((page) => answer.json(page)),
		async ({ backend, server, context }) => {
			assert.equal(await backend.listModels?.(context), [
				{ name: "claude-opus-5", operations: ["chat_completions"], limits: { context_tokens: 1_000_000, output_tokens: 64_000 } },
				{ name: "claude-3-20240229", aliases: ["claude-3"], operations: ["chat_completions"] },
			]);
			assert.equal(
				server.requests.map(({ method, path, headers }) => [method, path, headers["anthropic-version"], headers.authorization]),
				[
					["GET", "/v1/models?limit=1000", "2026-10-21", `Bearer ${KEY}`],
					["GET", "/v1/models?limit=1000&after_id=claude-2", "2026-10-21", `Bearer ${KEY}`],
				],
			);
		},
	));

test("the id of a page that no URL can hold is asked for with replacement characters", () =>
	upstream(
		[answer.json({ data: [], has_more: true, last_id: "\ud800" }), answer.json({ data: [] })],
		async ({ backend, server, context }) => {
			assert.equal(await backend.listModels?.(context), []);
			assert.is(server.requests[1]?.path, "/v1/models?limit=1000&after_id=%EF%BF%BD");
		},
	));

test("pages are asked for as the vendor's SDK asks for them", () =>
	upstream(
		[...PAGES, ...PAGES].map((page) => answer.json(page)),
		async ({ backend, server, context }) => {
			await backend.listModels?.(context);
			const sdk = new Anthropic({ apiKey: KEY, baseURL: server.baseUrl.replace(/\/v1$/, ""), maxRetries: 0, logLevel: "off" });
			await Array.fromAsync(sdk.models.list({ limit: 1000 }));
			const queries = server.requests.map(({ path }) => [...new URL(path, server.baseUrl).searchParams].sort());
			assert.equal(queries.slice(0, 2), queries.slice(2));
			await server.close();
		},
	));

test.run();
