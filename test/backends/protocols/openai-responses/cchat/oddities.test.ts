/** Streams of servers that deviate from the API, as bug reports show them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { call, message, reasoning, responseStream, upstream, type Wire, wholeResponse, wire } from "../upstream.ts";
import { sealed } from "./answer-cases.ts";

/** Returns the message and the finish reason of a stream, and the texts of its deltas. */
async function read(events: readonly Wire[] | Buffer): Promise<{ readonly completed: cchat.Response; readonly deltas: readonly string[] }> {
	let all: cchat.Event[] = [];
	await upstream([answer.stream(Buffer.isBuffer(events) ? events : wire(events))], async ({ chat, context }) => {
		all = await collect(chat.stream(chatEnvelope(), context));
	});
	const last = all.at(-1);
	if (last?.type !== "completed") throw new Error("the stream did not complete");
	const deltas = all.flatMap((event) => {
		if (event.type === "tool_call") return [event.tool_call.arguments];
		return event.type === "text" ? [event.text] : event.type === "reasoning" ? [event.reasoning] : [];
	});
	return { completed: last.completed, deltas: deltas.filter((piece) => piece !== "") };
}

const isType =
	(...types: string[]) =>
	(event: Wire): boolean =>
		types.includes(event.type);
const without = (events: readonly Wire[], ...types: string[]): Wire[] => events.filter((event) => !isType(...types)(event));
/** Returns the events with these members instead. `undefined` removes a member. */
const change = (events: readonly Wire[], more: object, matches: (event: Wire) => boolean = () => true): Wire[] =>
	events.map((event) => (matches(event) ? { ...event, ...more } : event));

const OUTPUT = [reasoning("rs_1", "Hm."), message("Hello."), call("call_1", "weather", '{"city":"Rome"}')];
const STREAM = responseStream(OUTPUT);
const { completed: EXPECTED } = await read(STREAM);
const EMPTY_END = { response: wholeResponse([]) };

const CASES: Readonly<Record<string, Wire[]>> = {
	// https://github.com/BerriAI/litellm/issues/22102
	"a stream of text deltas without begun items": without(
		STREAM,
		"response.output_item.added",
		"response.content_part.added",
		"response.output_item.done",
	),
	// https://github.com/NousResearch/hermes-agent/pull/5689, https://github.com/vllm-project/vllm/pull/30223
	"a last event without output": change(STREAM, EMPTY_END, isType("response.completed")),
	"a last event whose response has not ended": change(
		STREAM,
		{ response: wholeResponse(OUTPUT, { status: "in_progress" }) },
		isType("response.completed"),
	),
	"a last event whose response has no output": change(
		STREAM,
		{ response: { ...wholeResponse([]), output: undefined } },
		isType("response.completed"),
	),
	// https://github.com/tailcallhq/forgecode/pull/2558, https://github.com/anomalyco/opencode/pull/44862
	"arguments, texts and reasoning that arrive whole, without deltas": STREAM.filter(({ type }) => !type.endsWith(".delta")),
	"items that arrive whole": STREAM.filter(({ type }) => !type.endsWith(".delta") && !type.endsWith("_text.done")),
	"output that arrives with the last event alone": STREAM.filter(isType("response.created", "response.completed")),
	// https://github.com/vercel/ai/pull/18548
	"a new id of the item in each event": STREAM.map((event, index) => ({ ...event, item_id: `rotated_${index}` })),
	// https://github.com/Oaklight/llm-rosetta/issues/56
	"events without indexes": change(STREAM, { output_index: undefined, content_index: undefined }),
	"events without ids and indexes": change(STREAM, { item_id: undefined, output_index: undefined }),
	// https://github.com/vllm-project/vllm/pull/23927
	"empty ids": change(STREAM, { item_id: "" }),
	// https://github.com/vllm-project/vllm/pull/31761
	"another index at the end of an item": change(STREAM, { output_index: 7 }, ({ type }) => type.endsWith(".done")),
	// https://github.com/vllm-project/vllm/pull/24788
	"reasoning whose part begins as a text": STREAM.map((event) =>
		event.type === "response.reasoning_summary_part.added"
			? { ...event, type: "response.content_part.added", part: { type: "output_text", text: "" } }
			: event,
	),
	// https://github.com/BigPizzaV3/CodexPlusPlus/issues/614
	"a call whose end has no name": STREAM.map((event) =>
		event.type === "response.output_item.done" && (event.item as Wire).type === "function_call"
			? { ...event, item: { ...(event.item as Wire), name: "" } }
			: event,
	),
	"events of unknown types": STREAM.flatMap((event) => [event, { type: "response.new_thing.delta", delta: "?" }, { type: "keepalive" }]),
	// https://github.com/vllm-project/vllm/pull/47916
	"another id of a call in the last event": change(
		STREAM,
		{ response: wholeResponse([...OUTPUT.slice(0, 2), { ...call("call_1", "weather", '{"city":"Rome"}'), id: "x", call_id: "y" }]) },
		isType("response.completed"),
	),
	// https://github.com/vllm-project/vllm/pull/30223
	"a last event with a part of the text": change(
		STREAM,
		{ response: wholeResponse([OUTPUT[0] ?? message(), message("lo."), OUTPUT[2] ?? message()]) },
		isType("response.completed"),
	),
};

for (const [name, events] of Object.entries(CASES)) {
	test(`${name} has the result of the API's own stream`, async () => {
		const { completed, deltas } = await read(events);
		assert.equal(completed, EXPECTED);
		assert.equal(deltas.join(""), 'Hm.Hello.{"city":"Rome"}');
	});
}

test("a stream may end with [DONE] and name its events in their data alone", async () => {
	const lines = STREAM.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
	assert.equal((await read(Buffer.from(`${lines}data: [DONE]\n\n`))).completed, EXPECTED);
});

// https://github.com/decolua/9router/issues/3234
test("a text that is declared whole too early goes on", async () => {
	const text = (delta: string) => ({ type: "response.output_text.delta", item_id: "msg_1", output_index: 0, delta });
	const [added] = responseStream([message("")]).filter(isType("response.output_item.added"));
	const { completed, deltas } = await read([
		added ?? message(),
		text("cod"),
		{ type: "response.output_text.done", item_id: "msg_1", output_index: 0, text: "cod" },
		text("ex"),
		{ type: "response.completed", ...EMPTY_END },
	]);
	assert.equal(completed.message.content, [{ type: "text", text: "codex" }]);
	assert.equal(deltas, ["cod", "ex"]);
});

// https://github.com/vllm-project/vllm/pull/35184
test("disclosed reasoning with another index in each delta is one text, and returns sealed without encryption", async () => {
	const item = {
		id: "rs_1",
		type: "reasoning",
		summary: [],
		content: [{ type: "reasoning_text", text: "a common" }],
		encrypted_content: null,
	};
	const delta = (piece: string, content_index: number) => ({
		type: "response.reasoning_text.delta",
		item_id: "rs_1",
		output_index: 0,
		content_index,
		delta: piece,
	});
	const { completed } = await read([
		{ type: "response.output_item.added", output_index: 0, item: { ...item, content: null } },
		delta("a", 36),
		delta(" common", 37),
		{ type: "response.output_item.done", output_index: 0, item },
		...responseStream([message("Hi")]),
	]);
	const [part] = completed.message.content;
	assert.is(part?.type === "reasoning" && part.reasoning.text, "a common");
	const data = part?.type === "reasoning" ? part.reasoning.sealed?.data : undefined;
	assert.equal(JSON.parse(new TextDecoder().decode(data)), {
		type: "reasoning",
		id: "rs_1",
		summary: [],
		content: [{ type: "reasoning_text", text: "a common" }],
	});
});

test("reasoning that the upstream could not read again has no sealed form, unless the upstream keeps its answers", async () => {
	const output = [{ ...reasoning("rs_1", "Hm."), encrypted_content: null }, message("Hi")];
	const { encrypted_content: _, ...seal } = { encrypted_content: "", ...sealed("rs_1", "Hm.") };
	for (const store of [false, true]) {
		await upstream(
			[answer.json(wholeResponse(output))],
			async ({ chat, context }) => {
				const [part] = (await chat.unary(chatEnvelope(), context)).message.content;
				if (part?.type !== "reasoning") throw new Error("there is no reasoning");
				const data = part.reasoning.sealed?.data;
				assert.equal(data === undefined ? undefined : JSON.parse(new TextDecoder().decode(data)), store ? seal : undefined);
			},
			{ options: { store } },
		);
	}
});

// https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1089
test("texts without annotations, content that is a string, and a response without a status are read", () =>
	upstream(
		[
			answer.json({
				output: [
					{ type: "message", content: [{ type: "output_text", text: "a" }] },
					{ type: "message", content: "b" },
				],
			}),
		],
		async ({ chat, context }) => {
			assert.equal(await chat.unary(chatEnvelope(), context), {
				model: "gpt",
				message: {
					role: "assistant",
					content: [
						{ type: "text", text: "a" },
						{ type: "text", text: "b" },
					],
					tool_calls: [],
				},
				finish_reason: "stop",
			});
		},
	));

test("a call without an id has one, and arguments that are an object keep their digits", () =>
	upstream(
		[answer.text('{"output":[{"type":"function_call","name":"f","arguments":{"n": 12345678901234567890}}]}')],
		async ({ chat, context }) => {
			const [only] = (await chat.unary(chatEnvelope(), context)).message.tool_calls;
			assert.match(only?.id ?? "", /^[A-Za-z0-9]{9}$/);
			assert.equal([only?.name, only?.arguments], ["f", '{"n": 12345678901234567890}']);
		},
	));

test("parallel calls that no event has begun are never merged", async () => {
	const calls = [call("call_1", "a", '{"x":1}'), call("call_2", "b", '{"y":2}')];
	const events = without(responseStream(calls), "response.output_item.added");
	const expected = (await read(responseStream(calls))).completed;
	const forms = [
		events,
		without(events, "response.output_item.done"),
		change(events, { output_index: undefined }),
		change(events, { item_id: undefined }),
		// All deltas come before the first name.
		events.toSorted((a, b) => Number(a.type.endsWith("item.done")) - Number(b.type.endsWith("item.done"))),
	];
	for (const form of forms) {
		const end = form.findIndex(isType("response.completed"));
		assert.equal((await read([...form.toSpliced(end, 1), ...form.slice(end, end + 1)])).completed, expected);
	}
});

test("a call whose name never arrives, and an item without a type, break the protocol", async () => {
	const nameless = [
		{ type: "response.function_call_arguments.delta", delta: "{}" },
		{ type: "response.completed", ...EMPTY_END },
	];
	const fault = async (events: readonly Wire[]): Promise<string> => {
		try {
			await read(events);
		} catch (error) {
			return error instanceof Error ? error.message : "";
		}
		return "none";
	};
	assert.match(await fault(nameless), /malformed: a tool call has no name$/);
	assert.match(await fault([{ type: "response.output_item.added", item: {} }]), /malformed: an item of the output has no type$/);
});

test("a stream that ends without its last event was cut, with and without [DONE]", async () => {
	const events = STREAM.slice(0, -1);
	const done = Buffer.concat([wire(events), Buffer.from("data: [DONE]\n\n")]);
	for (const bytes of [wire(events), done]) {
		await upstream([answer.stream(bytes)], async ({ chat, context }) => {
			const error = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.equal([error.message, error.retryable], ["the backend's answer ended before it was complete", true]);
		});
	}
});

test.run();
