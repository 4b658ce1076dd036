/** OpenAI's own SDK as a client of Responses. */
import OpenAI from "openai";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../src/index.ts";
import { events, fails, type Reaction, says, servedByScript } from "../served.ts";

const model = "small";
const CITY = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}

async function failure(promise: PromiseLike<unknown>): Promise<unknown> {
	return promise.then(
		() => new Error("the call succeeded"),
		(thrown: unknown) => thrown,
	);
}

const citation = { url: "https://a.example", title: "A", start_index: 0, end_index: 1 };

/** An answer with everything that an answer can hold. */
const RICH_CONTENT: cchat.ContentPart[] = [
	{ type: "reasoning", reasoning: { text: "Hm. Well." } },
	{ type: "text", text: "Let me look." },
	{ type: "refusal", refusal: "But not there." },
	{ type: "annotation", annotation: citation },
];

const rich: Reaction = events(
	{
		finish_reason: "tool_calls",
		message: {
			role: "assistant",
			content: RICH_CONTENT,
			tool_calls: [
				{ id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
				{ id: "call_2", name: "weather", arguments: '{"city":"Oslo"}' },
			],
		},
		usage: { input_tokens: 10, output_tokens: 20, cached_input_tokens: 3, reasoning_tokens: 7 },
	},
	{ type: "reasoning", reasoning: "Hm." },
	{ type: "reasoning", reasoning: " Well." },
	{ type: "text", text: "Let me" },
	{ type: "text", text: " look." },
	{ type: "refusal", refusal: "But not there." },
	{ type: "tool_call", tool_call: { index: 0, id: "call_1", name: "weather", arguments: "" } },
	{ type: "tool_call", tool_call: { index: 1, id: "call_2", name: "weather", arguments: '{"city":' } },
	{ type: "tool_call", tool_call: { index: 0, arguments: '{"city":"Rome"}' } },
	{ type: "tool_call", tool_call: { index: 1, arguments: '"Oslo"}' } },
);

test("an answer has its text, its usage, and the members of the request", () =>
	servedByScript([says("Hello", " you")], async ({ sdk }, received) => {
		const request = {
			model,
			input: "Hi",
			instructions: "Be brief.",
			temperature: 0.5,
			max_output_tokens: 9,
			reasoning: { effort: "low" as const },
		};
		const { data, response } = await sdk.responses.create(request).withResponse();
		assert.is(data.output_text, "Hello you");
		assert.equal([data.object, data.status, data.model, Object(data).store], ["response", "completed", "small-1", false]);
		assert.equal([data.instructions, data.temperature, data.max_output_tokens, data.reasoning?.effort], ["Be brief.", 0.5, 9, "low"]);
		assert.equal([data.usage?.input_tokens, data.usage?.output_tokens, data.usage?.total_tokens], [3, 2, 5]);
		assert.is(response.headers.get("x-spear-backend"), "up");
		assert.equal(received[0]?.payload, {
			messages: [
				{ role: "system", content: [{ type: "text", text: "Be brief." }], tool_calls: [] },
				{ role: "user", content: [{ type: "text", text: "Hi" }], tool_calls: [] },
			],
			tools: [],
			model: "small",
			params: { stop: [], temperature: 0.5, max_output_tokens: 9, reasoning_effort: "low" },
		});
	}));

test("a stream and a whole answer say the same", () =>
	servedByScript([rich, rich], async ({ sdk }) => {
		const whole = await sdk.responses.create({ model, input: "Hi" });
		const streamed = await sdk.responses.stream({ model, input: "Hi" }).finalResponse();
		const plain = (value: unknown): unknown =>
			JSON.parse(
				JSON.stringify(value, (name, each) =>
					["id", "created_at", "parsed", "parsed_arguments", "output_parsed"].includes(name) ? undefined : each,
				),
			);
		assert.equal(plain(streamed), plain(whole));
		assert.equal(
			whole.output.map(({ type }) => type),
			["reasoning", "message", "function_call", "function_call"],
		);
		assert.equal(whole.usage?.output_tokens_details.reasoning_tokens, 7);
	}));

test("the events of a stream are numbered, and each item and part is added before its pieces and done after them", () =>
	servedByScript([rich], async ({ sdk }) => {
		const all: ResponseStreamEvent[] = await collect(await sdk.responses.create({ model, input: "Hi", stream: true }));
		assert.equal(
			all.map(({ sequence_number }) => sequence_number),
			all.map((_, index) => index),
		);
		assert.equal(
			all.map(({ type }) => type.replace("response.", "")),
			[
				"created",
				"in_progress",
				"output_item.added",
				"reasoning_summary_part.added",
				"reasoning_summary_text.delta",
				"reasoning_summary_text.delta",
				"output_item.added",
				"content_part.added",
				"output_text.delta",
				"output_text.delta",
				"content_part.added",
				"refusal.delta",
				"output_item.added",
				"output_item.added",
				"function_call_arguments.delta",
				"function_call_arguments.delta",
				"function_call_arguments.delta",
				"reasoning_summary_text.done",
				"reasoning_summary_part.done",
				"output_item.done",
				"output_text.annotation.added",
				"output_text.done",
				"content_part.done",
				"refusal.done",
				"content_part.done",
				"output_item.done",
				"function_call_arguments.done",
				"output_item.done",
				"function_call_arguments.done",
				"output_item.done",
				"completed",
			],
		);
	}));

test("the helpers that parse get the value and the arguments", () => {
	const called = rich;
	return servedByScript([says('{"city":"Rome"}'), called], async ({ sdk }, received) => {
		const format = { type: "json_schema" as const, name: "place", schema: CITY, strict: true };
		const text = await sdk.responses.parse({ model, input: "Hi", text: { format } });
		assert.equal(text.output_parsed, { city: "Rome" });
		assert.equal(received[0]?.payload.response_format, { type: "json_schema", json_schema: { name: "place", schema: CITY, strict: true } });
		const tools = [{ type: "function" as const, name: "weather", parameters: CITY, strict: true }];
		const answered = await sdk.responses.parse({ model, input: "Hi", tools });
		const call = answered.output.find(({ type }) => type === "function_call");
		assert.equal(Object(call).parsed_arguments, { city: "Rome" });
		// The program returns the items with what the SDK added to them.
		const results = ["call_1", "call_2"].map((call_id) => ({ type: "function_call_output" as const, call_id, output: "sun" }));
		await sdk.responses.create({ model, input: [{ role: "user", content: "Hi" }, ...(answered.output as never[]), ...results] });
		assert.equal(received[2]?.payload.messages[1]?.content, RICH_CONTENT);
	});
});

test("media of the input are the host's", () =>
	servedByScript([], async ({ sdk }, received) => {
		const url = `data:image/png;base64,${Buffer.from("\x89PNG\r\n\x1a\n", "latin1").toString("base64")}`;
		await sdk.responses.create({
			model,
			input: [
				{
					role: "user",
					content: [
						{ type: "input_text", text: "Look." },
						{ type: "input_image", image_url: url, detail: "low" },
						{ type: "input_file", file_data: url, filename: "a.png" },
					],
				},
			],
		});
		const content = received[0]?.payload.messages[0]?.content;
		assert.equal(
			content?.map((part) => [part.type, part.type === "image" && part.image.detail, part.type === "file" && part.file.filename]),
			[
				["text", false, false],
				["image", "low", false],
				["file", false, "a.png"],
			],
		);
	}));

for (const [finish_reason, reason] of [
	["length", "max_output_tokens"],
	["content_filter", "content_filter"],
] as const) {
	test(`an answer that ${reason} cut is incomplete, whole and streamed`, () => {
		const cut = (): Reaction =>
			events(
				{ finish_reason, message: { role: "assistant", content: [{ type: "text", text: "Once" }], tool_calls: [] } },
				{ type: "text", text: "Once" },
			);
		return servedByScript([cut(), cut()], async ({ sdk }) => {
			const answers = [
				await sdk.responses.create({ model, input: "Hi" }),
				await sdk.responses.stream({ model, input: "Hi" }).finalResponse(),
			];
			for (const { status, incomplete_details } of answers) assert.equal([status, incomplete_details?.reason], ["incomplete", reason]);
		});
	});
}

test("a failure within a stream is told by the response and by an error", () => {
	const broken = (): Reaction => fails(new SpearError("backend_error", "the upstream fell silent"), { type: "text", text: "Once" });
	return servedByScript([broken()], async ({ sdk }) => {
		const types: string[] = [];
		const error = await failure(
			(async () => {
				for await (const event of await sdk.responses.create({ model, input: "Hi", stream: true })) types.push(event.type);
			})(),
		);
		assert.is(types.at(-1), "response.failed");
		assert.instance(error, OpenAI.APIError);
		assert.equal([Object(error).code, Object(error).message], ["backend_error", "the upstream fell silent"]);
	});
});

test("a failure before the first event is a plain error", () =>
	servedByScript([fails(new SpearError("backend_error", "down"))], async ({ sdk }) => {
		const error = await failure(sdk.responses.create({ model, input: "Hi", stream: true }));
		assert.instance(error, OpenAI.InternalServerError);
	}));

/** Members that the server has not, and the name that the refusal gives. */
const REFUSED: readonly (readonly [member: object, param: string])[] = [
	[{ previous_response_id: "resp_1" }, "previous_response_id"],
	[{ conversation: "conv_1" }, "conversation"],
	[{ store: true }, "store"],
	[{ background: true }, "background"],
	[{ prompt: { id: "p" } }, "prompt"],
	[{ truncation: "auto" }, "truncation"],
	[{ include: ["reasoning.encrypted_content", "file_search_call.results"] }, "include[1]"],
	[{ top_logprobs: 2 }, "top_logprobs"],
	[{ max_tool_calls: 3 }, "max_tool_calls"],
	[{ reasoning: { summary: "detailed" } }, "reasoning.summary"],
	[{ tools: [{ type: "web_search" }] }, "tools[0].type"],
	[{ tools: [{ type: "function", name: "f", parameters: {} }], tool_choice: { type: "allowed_tools" } }, "tool_choice.type"],
	[{ text: { other: 1 } }, "text.other"],
	[{ input: [{ type: "item_reference", id: "i" }] }, "input[0].type"],
	[{ input: [{ type: "web_search_call", id: "i" }] }, "input[0].type"],
	[{ input: [{ role: "user", content: [{ type: "input_image", file_id: "f" }] }] }, "input[0].content[0].file_id"],
	[{ input: [{ role: "tool", content: "x" }] }, "input[0].role"],
	[{ input: [{ role: "user", content: "x", other: 1 }] }, "input[0].other"],
	[{ input: [{ type: "reasoning", summary: [], encrypted_content: "gAAAA" }] }, "input[0].encrypted_content"],
	[{ input: 7 }, "input"],
	[{ input: [] }, "input"],
	[{ max_output_tokens: 0 }, "max_output_tokens"],
	[{ input: [{ type: "function_call_output", call_id: "call_9", output: "x" }] }, "input"],
];

test("what the server has not is refused by its name", () =>
	servedByScript([], async ({ post }, received) => {
		for (const [member, param] of REFUSED) {
			const answered = await post("/responses", { model, input: "Hi", ...member });
			assert.is(answered.status, 400, JSON.stringify(member));
			assert.is(Object(await answered.json()).error.param, param, JSON.stringify(member));
		}
		assert.is(received.length, 0);
	}));

test("what asks for nothing, and what only OpenAI's defaults say, is accepted", () =>
	servedByScript([], async ({ post }, received) => {
		const members = {
			previous_response_id: null,
			store: false,
			background: false,
			truncation: "disabled",
			include: ["reasoning.encrypted_content"],
			top_logprobs: 0,
			service_tier: "auto",
			stream_options: null,
			reasoning: { effort: null, summary: "auto", context: "auto", mode: "standard" },
			text: { format: { type: "text" }, verbosity: "medium" },
			tool_choice: "auto",
			tools: [],
			prompt_cache_key: "session",
		};
		assert.is((await post("/responses", { model, input: "Hi", ...members })).status, 200);
		assert.is(received[0]?.routing.session_key, "session");
		assert.equal(received[0]?.provider_options, {});
	}));

test.run();
