/** A request through the front to an upstream of the same API: what arrives is what the client sent, but for the listed differences. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SDK_CASES } from "../../../backends/protocols/openai/cchat/sdk-cases.ts";
import { chunk, completion, usageChunk } from "../../../backends/protocols/openai/upstream.ts";
import { differences } from "../../../backends/sdk-differences.ts";
import { answer, sse } from "../../../helpers/openai-server.ts";
import { servedWithUpstream } from "../served.ts";

const USAGE = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
const messages = [{ role: "user", content: "Hi" }];

/** Further requests, and the members that arrive otherwise, with the reason. */
const MORE: Readonly<Record<string, { readonly body: object; readonly differences?: Readonly<Record<string, string>> }>> = {
	"members without a meaning of their own": {
		body: {
			messages,
			user: "u-1",
			metadata: { a: "b" },
			logit_bias: { "1": -1 },
			verbosity: "low",
			top_k: 40,
			reasoning: { x: [1, null] },
		},
	},
	"values that ask for nothing": {
		body: { messages, n: 1, logprobs: false, service_tier: "auto", store: false, modalities: ["text"], temperature: null },
		differences: {
			n: "one answer is what the API returns without the member",
			logprobs: "as above",
			service_tier: "as above",
			store: "as above",
			modalities: "as above",
			temperature: "null stands for absence",
		},
	},
	"names that OpenAI has changed": {
		body: { messages: [{ role: "developer", content: "Be brief." }, ...messages], max_tokens: 5 },
		differences: {
			"messages.0.role": "the option developer_role of the backend decides on the role",
			max_tokens: "the option max_tokens_field of the backend decides on the name",
			max_completion_tokens: "as above",
		},
	},
	"options of the server": {
		body: { messages, prompt_cache_key: "c", spear: { timeout_ms: 5000 } },
		differences: { prompt_cache_key: "keeps the conversation at one backend", spear: "it is for this server" },
	},
	"a single stop sequence": {
		body: { messages, stop: "END" },
		differences: { stop: "a list of one text means the same" },
	},
	"a choice without tools, and parts of text": {
		body: {
			messages: [
				{
					role: "user",
					content: [
						{ type: "text", text: "A" },
						{ type: "text", text: "B" },
					],
				},
			],
			tools: [],
			tool_choice: "auto",
		},
		differences: { tools: "no tools and absence mean the same", tool_choice: "auto without tools asks for nothing" },
	},
};

const CASES = {
	...Object.fromEntries(Object.entries(SDK_CASES).map(([name, each]) => [name, { body: each.params, ...each }])),
	...MORE,
};

for (const [name, { body, differences: expected = {}, ...rest }] of Object.entries(CASES)) {
	for (const stream of [false, true]) {
		test(`${name}: the upstream receives it as sent, ${stream ? "streamed" : "whole"}`, () =>
			servedWithUpstream(
				async ({ post }, upstream) => {
					const streamed = sse([chunk({ role: "assistant", content: "Hello." }), chunk({}, "stop"), usageChunk(USAGE)]);
					upstream.script(stream ? answer.stream(streamed) : answer.json(completion({ content: "Hello." })));
					const more = stream ? { stream: true, stream_options: { include_usage: true } } : {};
					const sent = { model: "small", ...body, ...more };
					const answered = await post("/chat/completions", sent);
					assert.is(answered.status, 200, await answered.text());
					const arrived = (await upstream.request(0)).json();
					assert.equal(differences(arrived, sent).sort(), Object.keys(expected).sort());
				},
				{ options: { allow_provider_options: true, ...("options" in rest ? Object(rest.options) : {}) } },
				{ media: { allowed_hosts: ["img.example"] } },
			));
	}
}

test("a member that the backend does not pass is refused by its name", () =>
	servedWithUpstream(async ({ post }) => {
		const answered = await post("/chat/completions", { model: "small", messages, top_k: 40 });
		assert.is(answered.status, 400);
		const { error } = Object(await answered.json());
		assert.is(error.param, "top_k");
		assert.match(error.message, /^top_k: this backend does not accept it; its operator can allow it with allow_provider_options/);
	}));

const ABOUT_CLIENT = { user: "u-1", metadata: { a: "b" }, safety_identifier: "s" };

for (const stream of [false, true]) {
	test(`members about the client that no backend passes are left out, and the answer names them, ${stream ? "streamed" : "whole"}`, () =>
		servedWithUpstream(
			async ({ sdk }, upstream) => {
				const streamed = sse([chunk({ role: "assistant", content: "Hello." }), chunk({}, "stop"), usageChunk(USAGE)]);
				upstream.script(stream ? answer.stream(streamed) : answer.json(completion({ content: "Hello." })));
				const request = { model: "small", messages: [{ role: "user" as const, content: "Hi" }], ...ABOUT_CLIENT };
				const answered = stream
					? await sdk.chat.completions.stream(request).finalChatCompletion()
					: await sdk.chat.completions.create(request);
				assert.equal(
					Object(answered).spear.downgrades.map(({ field, effect }: { field: string; effect: string }) => [field, effect]),
					[
						["metadata", "dropped"],
						["safety_identifier", "dropped"],
					],
				);
				const { user, metadata, safety_identifier } = Object((await upstream.request(0)).json());
				assert.equal([user, metadata, safety_identifier], ["u-1", undefined, undefined]);
			},
			{ options: { allow_provider_options: ["user"] } },
		));
}

test.run();
