/** Streamed tool calls of servers that disagree about index, id and name. Every case was seen in the field. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answer, sse } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect, say } from "../../../chat-envelope.ts";
import { chunk, completion, upstream } from "../upstream.ts";

/** A piece of a call: index, id, name, arguments. `undefined` leaves the member out. */
type Piece = readonly [index: unknown, id: unknown, name: unknown, args: unknown];

interface Case {
	readonly name: string;
	/** The pieces of each event. */
	readonly events: readonly (readonly Piece[])[];
	/** Expected name and arguments of each call. */
	readonly calls: readonly (readonly [name: string, args: string])[];
	/** Expected ids. The default does not check them. `undefined` is a made-up one. */
	readonly ids?: readonly (string | undefined)[];
	/** Names of the request's tools. */
	readonly tools?: readonly string[];
}

const MADE_UP = /^[A-Za-z0-9]{9}$/;

const none = undefined;
const one = (...pieces: Piece[]): readonly (readonly Piece[])[] => pieces.map((piece) => [piece]);

const CASES: readonly Case[] = [
	{
		name: "without an index are told apart by their ids",
		events: one([none, "a", "f", ""], [none, none, none, '{"x":1}'], [none, "b", "g", ""], [none, none, none, '{"y":2}']),
		calls: [
			["f", '{"x":1}'],
			["g", '{"y":2}'],
		],
		ids: ["a", "b"],
	},
	{
		name: "without index and id are told apart when each is whole",
		events: one([none, none, "f", '{"x":1}'], [none, "", "f", '{"x":2}']),
		calls: [
			["f", '{"x":1}'],
			["f", '{"x":2}'],
		],
		ids: [none, none],
	},
	{
		name: "without index and id stay apart in one event",
		events: [
			[
				[none, none, "f", ""],
				[none, none, "f", ""],
			],
			[
				[none, none, none, '{"x":1}'],
				[none, none, none, '{"x":2}'],
			],
		],
		calls: [
			["f", '{"x":1}'],
			["f", '{"x":2}'],
		],
		ids: [none, none],
	},
	{
		name: "keep their pieces when the index is text",
		events: one(["0", "a", "f", '{"x"'], ["1", "b", "g", '{"y"'], ["0", none, none, ":1}"], ["1", none, none, ":2}"]),
		calls: [
			["f", '{"x":1}'],
			["g", '{"y":2}'],
		],
		ids: ["a", "b"],
	},
	{
		name: "keep their pieces when the index is null, negative or a fraction",
		events: one([null, "a", "f", '{"x"'], [-1, none, none, ":"], [0.5, none, none, "1}"], [-1, "b", "g", "{}"]),
		calls: [
			["f", '{"x":1}'],
			["g", "{}"],
		],
		ids: ["a", "b"],
	},
	{
		name: "keep their pieces when the index comes only later",
		events: one([none, "a", "f", ""], [none, "b", "g", ""], [0, none, none, '{"x":1}'], [1, none, none, '{"y":2}']),
		calls: [
			["f", '{"x":1}'],
			["g", '{"y":2}'],
		],
	},
	{
		name: "are whole when each piece repeats id and name",
		events: one([0, "a", "f", ""], [0, "a", "f", '{"x"'], [0, "a", "f", ":1}"], [0, "a", "f", ""]),
		calls: [["f", '{"x":1}']],
		ids: ["a"],
	},
	{
		name: "are whole when a seen id comes with another index",
		events: one([0, "a", "f", ""], [1, "a", none, '{"x"'], [2, "a", none, ":1}"]),
		calls: [["f", '{"x":1}']],
		ids: ["a"],
	},
	{
		name: "are whole when a seen id comes with another index and the name again",
		events: one([0, "a", "f", '{"x"'], [1, "a", "f", ":1}"]),
		calls: [["f", '{"x":1}']],
		ids: ["a"],
	},
	{
		name: "are whole when each piece has a new id",
		events: one([0, "a", "f", '{"x"'], [0, "b", none, ":"], [0, "c", "f", "1}"]),
		calls: [["f", '{"x":1}']],
		ids: ["a"],
	},
	{
		name: "are whole when each piece has a new id and none has an index",
		events: one([none, "a", "f", ""], [none, "b", none, '{"x"'], [none, "c", none, ":1}"]),
		calls: [["f", '{"x":1}']],
		ids: ["a"],
	},
	{
		name: "are whole when pieces without id and name count the pieces as indexes",
		events: one([0, "a", "f", '{"x"'], [1, none, none, ":"], [7, none, none, "1}"]),
		calls: [["f", '{"x":1}']],
		ids: ["a"],
	},
	{
		name: "give pieces with neither id nor index to the last call",
		events: one([0, "a", "f", "{}"], [1, "b", "g", ""], [none, none, none, '{"y"'], [none, "", "", ":2}"]),
		calls: [
			["f", "{}"],
			["g", '{"y":2}'],
		],
		ids: ["a", "b"],
	},
	{
		name: "are told apart by their ids when all have index 0",
		events: one([0, "a", "f", ""], [0, "", none, '{"x":1}'], [0, "b", "f", ""], [0, "", none, '{"x":2}']),
		calls: [
			["f", '{"x":1}'],
			["f", '{"x":2}'],
		],
		ids: ["a", "b"],
	},
	{
		name: "are told apart when all have index 0 and an empty id",
		events: one([0, "", "f", '{"x":1}'], [0, "", "f", '{"x":2}'], [0, "", "g", "{}"]),
		calls: [
			["f", '{"x":1}'],
			["f", '{"x":2}'],
			["g", "{}"],
		],
		ids: [none, none, none],
	},
	{
		name: "are told apart when all have index 0, no id, and arguments after the name",
		events: one([0, none, "f", ""], [0, none, none, '{"x":1}'], [0, none, "f", ""], [0, none, none, '{"x":2}']),
		calls: [
			["f", '{"x":1}'],
			["f", '{"x":2}'],
		],
		ids: [none, none],
	},
	{
		name: "get an id of their own when two have the same",
		events: one([0, "a", "f", ""], [0, none, none, '{"x":1}'], [1, "a", "f", ""], [1, none, none, '{"x":2}']),
		calls: [
			["f", '{"x":1}'],
			["f", '{"x":2}'],
		],
		ids: ["a", none],
	},
	{
		name: "keep their index when a piece of another call comes with it",
		events: one([0, "a", "f", '{"x"'], [1, "b", "g", '{"y"'], [1, "a", none, ":1}"], [1, none, none, ":2}"]),
		calls: [
			["f", '{"x":1}'],
			["g", '{"y":2}'],
		],
		ids: ["a", "b"],
	},
	{
		name: "are told apart by their names when index and id are the same",
		events: one([0, "a", "f", '{"x":1}'], [0, "a", "g", '{"y":2}'], [0, "a", "h", ""]),
		calls: [
			["f", '{"x":1}'],
			["g", '{"y":2}'],
			["h", ""],
		],
		ids: ["a", none, none],
	},
	{
		name: "keep an id that is a number",
		events: one([0, 7, "f", '{"x"'], [0, 7, none, ":1}"], [1, 8, "f", "{}"]),
		calls: [
			["f", '{"x":1}'],
			["f", "{}"],
		],
		ids: ["7", "8"],
	},
	{
		name: "may have their arguments before their name",
		events: one(
			[none, "a", none, '{"x"'],
			[none, "a", none, ":1}"],
			[none, "a", "f", none],
			[none, "b", none, "{}"],
			[none, "b", "g", none],
		),
		calls: [
			["f", '{"x":1}'],
			["g", "{}"],
		],
		ids: ["a", "b"],
	},
	{
		name: "may have arguments that are an object, whose text stays as it is written",
		events: one([0, "a", "f", { x: 1, y: [] }], [1, "b", "g", {}], [2, "c", "h", null]),
		calls: [
			["f", '{"x":1,"y":[]}'],
			["g", "{}"],
			["h", ""],
		],
	},
	{
		name: "may have a name in pieces",
		events: one([0, "a", "get_", none], [0, none, "weather", none], [0, none, none, '{"x":1}'], [1, "b", "get", "{}"]),
		calls: [
			["get_weather", '{"x":1}'],
			["get", "{}"],
		],
		ids: ["a", "b"],
		tools: ["get_weather", "get", "get_time"],
	},
	{
		name: "are told apart when their names together are the name of another tool",
		events: one([0, none, "get", none], [0, none, "time", none]),
		calls: [
			["get", ""],
			["time", ""],
		],
		tools: ["get", "time", "gettime"],
	},
	{
		name: "without arguments may be told only at the end",
		events: one([0, "a", "get", none], [1, "b", "get_weather", none]),
		calls: [
			["get", ""],
			["get_weather", ""],
		],
		ids: ["a", "b"],
		tools: ["get_weather", "get"],
	},
	{
		name: "with braces and quotes inside strings are not taken for complete",
		events: one([0, "", "f", '{"x":"}\\"'], [0, "", "f", '}","y":{'], [0, "", "f", "}}"]),
		calls: [["f", '{"x":"}\\"}","y":{}}']],
	},
];

function delta(pieces: readonly Piece[]): object {
	const tool_calls = pieces.map(([index, id, name, args]) => ({ index, id, type: "function", function: { name, arguments: args } }));
	return chunk({ tool_calls });
}

function tool(name: string): cchat.Tool {
	return { name, parameters: {} };
}

/** Returns the calls that the events of a stream build up, and asserts that the last event has the same. */
function callsOf(events: readonly cchat.Event[]): readonly cchat.ToolCall[] {
	const built: cchat.ToolCall[] = [];
	for (const event of events) {
		if (event.type !== "tool_call") continue;
		const { index, id, name, arguments: args } = event.tool_call;
		const call = built[index];
		if (call !== undefined) call.arguments += args;
		else built[index] = { id: id ?? "", name: name ?? "", arguments: args };
	}
	const last = events.at(-1);
	assert.ok(last?.type === "completed");
	assert.equal(last.completed.message.tool_calls, built);
	return built;
}

for (const { name, events, calls, ids, tools = ["f", "g", "h"] } of CASES) {
	test(`streamed tool calls ${name}`, () =>
		upstream([answer.stream(sse([...events.map(delta), chunk({}, "tool_calls")]))], async ({ chat, context }) => {
			const seen = callsOf(await collect(chat.stream(chatEnvelope({ tools: tools.map(tool) }), context)));
			assert.equal(
				seen.map((call) => [call.name, call.arguments]),
				calls,
			);
			for (const [index, id] of (ids ?? []).entries()) {
				if (id === undefined) assert.match(seen[index]?.id ?? "", MADE_UP);
				else assert.is(seen[index]?.id, id);
			}
			assert.is(new Set(seen.map(({ id }) => id)).size, calls.length);
		}));
}

test("a streamed tool call whose name never arrives is an error, never a part of another call", () =>
	upstream(
		[answer.stream(sse([delta([[0, "a", "f", "{}"]]), delta([[1, none, none, '{"y":2}']]), chunk({}, "tool_calls")]))],
		async ({ chat, context }) => {
			const { code, message } = await failure(collect(chat.stream(chatEnvelope({ tools: [tool("f")] }), context)));
			assert.equal({ code, message }, { code: "backend_error", message: "the backend's answer is malformed: a tool call has no name" });
		},
	));

test("streamed arguments of another type are malformed", () =>
	upstream([answer.stream(sse([delta([[0, "a", "f", [1]]]), chunk({}, "tool_calls")]))], async ({ chat, context }) => {
		assert.is(
			(await failure(collect(chat.stream(chatEnvelope(), context)))).message,
			"the backend's answer is malformed: choices[0].delta.tool_calls: the arguments are neither a string nor an object",
		);
	}));

test("no tool calls may be null, in an answer and in a delta", () =>
	upstream(
		[
			answer.json(completion({ content: "Hi", tool_calls: null })),
			answer.stream(sse([chunk({ content: "Hi", tool_calls: null }, "stop")])),
		],
		async ({ chat, context }) => {
			assert.equal((await chat.unary(chatEnvelope(), context)).message.tool_calls, []);
			assert.equal(callsOf(await collect(chat.stream(chatEnvelope(), context))), []);
		},
	));

test("tool calls of a whole answer get ids, and their arguments may be an object with its text unchanged", () =>
	upstream(
		[
			answer.text(
				'{"choices":[{"message":{"tool_calls":[' +
					'{"function":{"name":"f","arguments":{"x": 12345678901234567890, "x":1.0}}},' +
					'{"id":"","function":{"name":"f","arguments":null}},' +
					'{"id":null,"function":{"name":"f"}},' +
					'{"id":"a","function":{"name":"g","arguments":"{}"}},{"id":"a","function":{"name":"g","arguments":"{}"}}' +
					']},"finish_reason":"tool_calls"}]}',
			),
		],
		async ({ chat, context }) => {
			const { tool_calls } = (await chat.unary(chatEnvelope(), context)).message;
			assert.equal(
				tool_calls.map((call) => [call.name, call.arguments]),
				[
					["f", '{"x": 12345678901234567890, "x":1.0}'],
					["f", ""],
					["f", ""],
					["g", "{}"],
					["g", "{}"],
				],
			);
			const ids = tool_calls.map(({ id }) => id);
			assert.is(ids[3], "a");
			for (const index of [0, 1, 2, 4]) assert.match(ids[index] ?? "", MADE_UP);
			assert.is(new Set(ids).size, 5);
		},
	));

test("a made-up id is the same in events, in the answer and in the history of the next request", () =>
	upstream(
		[answer.stream(sse([delta([[0, none, "f", "{}"]]), chunk({}, "tool_calls")])), answer.json(completion({ content: "Done." }))],
		async ({ chat, server, context }) => {
			const tools = [tool("f")];
			const [call] = callsOf(await collect(chat.stream(chatEnvelope({ tools }), context)));
			assert.ok(call !== undefined);
			const messages = [
				say("user", "Hi"),
				say("assistant", "", { content: [], tool_calls: [call] }),
				say("tool", "ok", { tool_call_id: call.id }),
			];
			await chat.unary(chatEnvelope({ tools, messages }), context);
			const sent = { id: call.id, type: "function", function: { name: "f", arguments: "{}" } };
			assert.equal(Reflect.get(Object(server.requests[1]?.json()), "messages").slice(1), [
				{ role: "assistant", content: null, tool_calls: [sent] },
				{ role: "tool", content: "ok", tool_call_id: call.id },
			]);
		},
	));

test.run();
