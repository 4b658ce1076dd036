/** Anthropic's own SDK as a client of Messages. */
import Anthropic from "@anthropic-ai/sdk";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { SpearError } from "../../../src/index.ts";
import { events, fails, type Reaction, says, servedByScript } from "../openai/served.ts";

const model = "small";
const messages = [{ role: "user" as const, content: "Hi" }];
const ask = { model, messages, max_tokens: 100 };
const tools = [
	{ name: "weather", description: "Weather.", input_schema: { type: "object" as const, properties: { city: { type: "string" } } } },
];

const sdkOf = (url: string): Anthropic => new Anthropic({ apiKey: "a-key-of-a-test", baseURL: url, maxRetries: 0, logLevel: "off" });

async function failure(promise: PromiseLike<unknown>): Promise<unknown> {
	return promise.then(
		() => new Error("the call succeeded"),
		(thrown: unknown) => thrown,
	);
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const MESSAGE: cchat.Message = {
	role: "assistant",
	content: [
		{ type: "reasoning", reasoning: { text: "Hm.", sealed: { provider: "vendor", kind: "signature", data: bytes("s1") } } },
		{ type: "text", text: "Let me look." },
		{ type: "opaque", opaque: { provider: "vendor", kind: "redacted", data: bytes("r") } },
	],
	tool_calls: [
		{ id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
		{ id: "call_2", name: "weather", arguments: '{"city":"Oslo"}' },
	],
};

const rich = (): Reaction =>
	events(
		{ message: MESSAGE, finish_reason: "tool_calls", usage: { input_tokens: 10, output_tokens: 5, cached_input_tokens: 4 } },
		{ type: "reasoning", reasoning: "Hm." },
		{ type: "text", text: "Let me" },
		{ type: "text", text: " look." },
		{ type: "tool_call", tool_call: { index: 0, id: "call_1", name: "weather", arguments: "" } },
		{ type: "tool_call", tool_call: { index: 1, id: "call_2", name: "weather", arguments: '{"city":' } },
		{ type: "tool_call", tool_call: { index: 0, arguments: '{"city":"Rome"}' } },
		{ type: "tool_call", tool_call: { index: 1, arguments: '"Oslo"}' } },
	);

test("an answer has its text, its usage and its headers, and the request is the host's", () =>
	servedByScript([says("Hello", " you")], async ({ url }, received) => {
		const request = {
			...ask,
			system: [{ type: "text" as const, text: "Be brief.", cache_control: { type: "ephemeral" as const } }],
			stop_sequences: ["END"],
		};
		const { data, response } = await sdkOf(url).messages.create(request).withResponse();
		assert.equal([data.type, data.role, data.model, data.stop_reason], ["message", "assistant", "small-1", "end_turn"]);
		assert.equal(
			data.content.map((block) => block.type === "text" && block.text),
			["Hello you"],
		);
		assert.equal([data.usage.input_tokens, data.usage.output_tokens], [3, 2]);
		assert.is(response.headers.get("x-spear-backend"), "up");
		assert.equal(received[0]?.payload, {
			messages: [
				{ role: "system", content: [{ type: "text", text: "Be brief." }], tool_calls: [] },
				{ role: "user", content: [{ type: "text", text: "Hi" }], tool_calls: [] },
			],
			tools: [],
			model: "small",
			params: { stop: ["END"], max_output_tokens: 100 },
		});
	}));

for (const stream of [false, true]) {
	test(`calls, signed reasoning and parts of the provider make a second turn, ${stream ? "streamed" : "whole"}`, () =>
		servedByScript([rich()], async ({ url }, received) => {
			const sdk = sdkOf(url);
			const first = { ...ask, tools };
			const answer = stream ? await sdk.messages.stream(first).finalMessage() : await sdk.messages.create(first);
			assert.is(answer.stop_reason, "tool_use");
			assert.equal([answer.usage.input_tokens, answer.usage.cache_read_input_tokens], [6, 4]);
			assert.equal(
				answer.content.map(({ type }) => type),
				["thinking", "text", "tool_use", "tool_use", "redacted_thinking"],
			);
			assert.equal(
				answer.content.flatMap((block) => (block.type === "tool_use" ? [block.input] : [])),
				[{ city: "Rome" }, { city: "Oslo" }],
			);
			const results = ["call_1", "call_2"].map((tool_use_id) => ({ type: "tool_result" as const, tool_use_id, content: "sun" }));
			const history = [...messages, { role: "assistant" as const, content: answer.content }, { role: "user" as const, content: results }];
			await sdk.messages.create({ ...ask, tools, messages: history as never });
			assert.equal(received[1]?.payload.messages[1], MESSAGE);
			assert.equal(
				received[1]?.payload.messages.slice(2).map(({ role, tool_call_id }) => [role, tool_call_id]),
				[
					["tool", "call_1"],
					["tool", "call_2"],
				],
			);
		}));
}

test("text after a call, and arguments after that text, are whole", () => {
	const message: cchat.Message = {
		role: "assistant",
		content: [{ type: "text", text: "Wait." }],
		tool_calls: [{ id: "call_1", name: "weather", arguments: '{"city":"Rome"}' }],
	};
	const odd = events(
		{ message, finish_reason: "tool_calls" },
		{ type: "tool_call", tool_call: { index: 0, id: "call_1", name: "weather", arguments: '{"city":' } },
		{ type: "text", text: "Wait." },
		{ type: "tool_call", tool_call: { index: 0, arguments: '"Rome"}' } },
	);
	return servedByScript([odd], async ({ url }) => {
		const { content } = await sdkOf(url)
			.messages.stream({ ...ask, tools })
			.finalMessage();
		assert.equal(
			content.map((block) => (block.type === "tool_use" ? block.input : block.type === "text" && block.text)),
			[{ city: "Rome" }, "Wait."],
		);
	});
});

test("failures have the classes of the SDK, before and within a stream", () =>
	servedByScript(
		[
			fails(new SpearError("rate_limited", "too many", { retryable: false, retryAfterMs: 1500 })),
			fails(new SpearError("backend_error", "broken")),
			fails(new SpearError("backend_error", "fell silent"), { type: "text", text: "Once" }),
		],
		async ({ url }) => {
			const sdk = sdkOf(url);
			const limited = await failure(sdk.messages.create(ask));
			assert.instance(limited, Anthropic.RateLimitError);
			assert.is(Object(limited).headers.get("retry-after"), "2");
			assert.is(Object(limited).error.error.type, "rate_limit_error");
			assert.instance(await failure(sdk.messages.create(ask)), Anthropic.InternalServerError);
			const within = await failure(sdk.messages.stream(ask).finalMessage());
			assert.instance(within, Anthropic.APIError);
			assert.match(Object(within).message, /fell silent/);
			assert.instance(await failure(sdk.messages.create({ ...ask, model: "other" })), Anthropic.NotFoundError);
			const wrong = await failure(sdk.messages.create({ ...ask, max_tokens: 0 }));
			assert.instance(wrong, Anthropic.BadRequestError);
			assert.match(Object(wrong).message, /max_tokens: must be/);
		},
	));

test("a wrong key is refused in the form of the API, by either header", () => {
	const env = { APP_KEY: "a-key-of-a-client-of-a-test" };
	return servedByScript(
		[],
		async ({ url }) => {
			const wrong = await failure(sdkOf(url).messages.create(ask));
			assert.instance(wrong, Anthropic.AuthenticationError);
			assert.is(Object(wrong).error.error.type, "authentication_error");
			const right = new Anthropic({ apiKey: env.APP_KEY, baseURL: url });
			assert.is((await right.messages.create(ask)).stop_reason, "end_turn");
		},
		{ clients: { app: { key_env: "APP_KEY" } } },
		{ env },
	);
});

test("a client that leaves a stream ends the call", () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const wait: Reaction = async function* (signal) {
		yield { type: "text", text: "Once" };
		await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
		yield { type: "text", text: "never" };
	};
	const seen: Reaction = async function* (signal) {
		signal.addEventListener("abort", () => resolve(), { once: true });
		yield* wait(signal);
	};
	return servedByScript([seen], async ({ url }) => {
		for await (const event of await sdkOf(url).messages.create({ ...ask, stream: true })) if (event.type === "content_block_delta") break;
		await promise;
	});
});

/** Members that are refused or that take another form, and the fault. */
const REFUSED: readonly (readonly [member: object, fault: RegExp])[] = [
	[
		{
			messages: [
				{
					role: "user",
					content: [
						{ type: "text", text: "x" },
						{ type: "tool_result", tool_use_id: "a" },
					],
				},
			],
		},
		/must come before/,
	],
	[{ messages: [{ role: "user", content: [{ type: "video" }] }] }, /^messages\[0\]\.content\[0\]\.type: must be text, image, document/],
	[
		{ messages: [...messages, { role: "assistant", content: [{ type: "thinking", thinking: "x", signature: "made up" }] }] },
		/signature: this server has not sent it/,
	],
	[
		{ messages: [...messages, { role: "assistant", content: [{ type: "redacted_thinking", data: "AAAA" }] }] },
		/data: is not a value that this server/,
	],
	[{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, /^tools\[0\]\.type: tools of type/],
	[{ tools, tool_choice: { type: "tool", name: "other" } }, /^tool_choice\.name: no tool is named 'other'/],
	[{ service_tier: "priority" }, /^service_tier: /],
	[{ thinking: { type: "other" } }, /^thinking\.type: must be one of/],
];

test("what the server has not is refused by its name", () =>
	servedByScript([], async ({ post }) => {
		for (const [member, fault] of REFUSED) {
			const answered = await post("/messages", { ...ask, ...member });
			const { error } = Object(await answered.json());
			assert.is(answered.status, 400, JSON.stringify(member));
			assert.match(error.message, fault);
			assert.is(error.type, "invalid_request_error");
		}
	}));

test("thinking and effort are amounts of reasoning, and choices of tools are the host's", () =>
	servedByScript([], async ({ post }, received) => {
		const forms: readonly object[] = [
			{ thinking: { type: "enabled", budget_tokens: 2000 } },
			{ thinking: { type: "enabled", budget_tokens: 9000 } },
			{ thinking: { type: "adaptive" }, output_config: { effort: "max" } },
			{ thinking: { type: "disabled" } },
			{ thinking: { type: "adaptive" } },
		];
		for (const form of forms) assert.is((await post("/messages", { ...ask, ...form })).status, 200);
		assert.equal(
			received.map(({ payload }) => payload.params?.reasoning_effort),
			["low", "high", "max", "none", undefined],
		);
		await post("/messages", { ...ask, tools, tool_choice: { type: "any", disable_parallel_tool_use: true }, metadata: { user_id: "u" } });
		const last = received.at(-1);
		assert.equal(
			[last?.payload.tool_choice, last?.payload.params?.parallel_tool_calls, last?.provider_options],
			[{ type: "required" }, false, {}],
		);
	}));

test.run();
