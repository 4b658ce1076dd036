/** The cost of answers and conversations grows linearly. */
import { test } from "uvu";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { AnswerContext } from "../../../../src/backends/kit/chat/answer.ts";
import { CallIds } from "../../../../src/backends/kit/chat/call-ids.ts";
import { chatStream } from "../../../../src/backends/kit/http/chat-stream.ts";
import { parseMessage } from "../../../../src/backends/protocols/anthropic/cchat/response.ts";
import { LAST, StreamedAnswer } from "../../../../src/backends/protocols/anthropic/cchat/stream.ts";
import { anthropicErrors } from "../../../../src/backends/protocols/anthropic/errors.ts";
import type { StreamedEvent } from "../../../../src/transport/http/answer.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { assertLinear } from "../../../helpers/growth.ts";
import { collect, say } from "../../chat-envelope.ts";
import { requestText } from "./cchat/request-of.ts";
import { messageStream, type WireEvent, wholeMessage } from "./upstream.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1/messages"), {});
const contextOf = (): AnswerContext => ({ model: "claude", provider: "up", ids: new CallIds() });
const list = <T>(size: number, item: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => item(index));

/** Answers of `size` blocks or deltas: the beginning of each block, and its deltas. */
const SHAPES: Readonly<Record<string, (size: number) => (readonly [start: object, ...deltas: object[]])[]>> = {
	"text in many deltas": (size) => [[{ type: "text", text: "" }, ...list(size, () => ({ type: "text_delta", text: "word " }))]],
	"thinking in many deltas": (size) => [
		[{ type: "thinking", thinking: "", signature: "" }, ...list(size, () => ({ type: "thinking_delta", thinking: "word " }))],
	],
	"an input in many pieces": (size) => [
		[
			{ type: "tool_use", id: "a", name: "f", input: {} },
			...list(size, (index) => ({ type: "input_json_delta", partial_json: index === 0 ? "[" : "1," })),
		],
	],
	"many calls": (size) => list(size, (index) => [{ type: "tool_use", id: `c${index}`, name: "f", input: { q: 1 } }]),
	"many texts": (size) => list(size, () => [{ type: "text", text: "word " }]),
};

const streamed = (events: readonly WireEvent[]): StreamedEvent[] => events.map((event) => ({ data: JSON.stringify(event), exchange }));

/** Reads the events of a stream to the end. */
function read(events: readonly StreamedEvent[]): Promise<unknown> {
	async function* source(): AsyncGenerator<StreamedEvent, void, void> {
		yield* events;
	}
	const context = contextOf();
	return collect(
		chatStream(async () => ({
			source: source(),
			dialect: {
				errors: anthropicErrors,
				last: LAST,
				begin: () => new StreamedAnswer(exchange, context),
				parse: (answer) => parseMessage(answer, context),
			},
		})),
	);
}

for (const [name, make] of Object.entries(SHAPES)) {
	test(`a stream with ${name} costs linear time`, () =>
		assertLinear({
			name,
			from: 512,
			make: (size) => streamed(messageStream(make(size))),
			run: read,
		}));
}

test("a stream whose usage names another member each time costs linear time", () =>
	assertLinear({
		name: "usage",
		make: (size) => {
			const usages = list(size, (index) => ({ type: "message_delta", delta: {}, usage: { [`tokens_${index}`]: index } }));
			return streamed(messageStream([]).toSpliced(1, 0, ...usages));
		},
		run: read,
	}));

test("a whole answer with many calls costs linear time", () =>
	assertLinear({
		name: "calls",
		make: (size) =>
			JSON.stringify(wholeMessage(list(size, (index) => ({ type: "tool_use", id: `c${index}`, name: "f", input: { q: { r: [1, 2] } } })))),
		run: (text: string) => parseMessage({ value: JSON.parse(text), text, exchange }, contextOf()),
	}));

test("a long conversation costs linear time", () =>
	assertLinear({
		name: "conversation",
		from: 128,
		make: (size) =>
			list(size, (index): cchat.Message[] => [
				say("user", "Q"),
				{ role: "assistant", content: [], tool_calls: [{ id: "same:id", name: "f", arguments: '{"q":1}' }] },
				say("tool", `${index}`, { tool_call_id: "same:id" }),
			]).flat(),
		run: (messages: cchat.Message[]) => requestText({ messages }),
	}));

test.run();
