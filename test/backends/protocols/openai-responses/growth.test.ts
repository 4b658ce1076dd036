/** The cost of answers and conversations grows linearly. */
import { test } from "uvu";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { AnswerContext } from "../../../../src/backends/kit/chat/answer.ts";
import { CallIds } from "../../../../src/backends/kit/chat/call-ids.ts";
import { chatStream } from "../../../../src/backends/kit/http/chat-stream.ts";
import { responseParser } from "../../../../src/backends/protocols/openai-responses/cchat/response.ts";
import { StreamedResponse } from "../../../../src/backends/protocols/openai-responses/cchat/stream.ts";
import { responsesErrors } from "../../../../src/backends/protocols/openai-responses/errors.ts";
import type { StreamedEvent } from "../../../../src/transport/http/answer.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { assertLinear } from "../../../helpers/growth.ts";
import { collect, parts, say } from "../../chat-envelope.ts";
import { opaque, sealed } from "./cchat/answer-cases.ts";
import { requestText } from "./cchat/request-of.ts";
import { call, message, reasoning, responseStream, type Wire, wholeResponse } from "./upstream.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1/responses"), {});
const contextOf = (): AnswerContext => ({ model: "gpt", provider: "up", ids: new CallIds() });
const list = <T>(size: number, item: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => item(index));

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
				errors: responsesErrors,
				last: "response.completed",
				begin: () => new StreamedResponse(exchange, context, false),
				parse: (answer) => responseParser(false)(answer, context),
			},
		})),
	).catch(() => {});
}

const text = (delta: string, more: object = {}): Wire => ({ type: "response.output_text.delta", output_index: 0, delta, ...more });

/** Outputs of about `size` characters or items. */
const OUTPUTS: Readonly<Record<string, (size: number) => Wire[]>> = {
	"a long text": (size) => [message("word ".repeat(size))],
	"long reasoning": (size) => [reasoning("rs_1", "word ".repeat(size)), message("x")],
	"long arguments": (size) => [call("c", "f", `[${"1,".repeat(size)}1]`)],
	"many calls": (size) => list(size, (index) => call(`c${index}`, "f", "{}")),
	"many calls whose arguments are objects": (size) => list(size, (index) => ({ ...call(`c${index}`, "f", ""), arguments: { at: index } })),
	"many unknown items": (size) => list(size, (index) => ({ type: "web_search_call", id: `w${index}` })),
	"many unknown parts of a message": (size) => [message(...list(size, () => ({ type: "unknown" })))],
	"many messages": (size) => list(size, (index) => ({ ...message("word"), id: `m${index}` })),
	"many parts of a message": (size) => [message(...list(size, () => "word"))],
	"many paragraphs": (size) => [reasoning("rs_1", ...list(size, () => "word"))],
	"many citations": (size) => [message({ type: "output_text", text: "x", annotations: list(size, () => ({ url: "https://a.example/" })) })],
};

for (const [name, make] of Object.entries(OUTPUTS)) {
	test(`a stream with ${name} costs linear time`, () =>
		assertLinear({
			name,
			from: 256,
			make: (size) => responseStream(make(size)).map((event): StreamedEvent => ({ data: JSON.stringify(event), exchange })),
			run: read,
		}));

	test(`a whole answer with ${name} costs linear time`, () =>
		assertLinear({
			name,
			from: 256,
			make: (size) => JSON.stringify(wholeResponse(make(size))),
			run: (body: string) => {
				try {
					responseParser(false)({ value: JSON.parse(body), text: body, exchange }, contextOf());
				} catch {
					// Too many citations are refused.
				}
			},
		}));
}

/** Streams that a hostile upstream may send. */
const HOSTILE: Readonly<Record<string, (size: number) => Wire[]>> = {
	"a new item for each delta": (size) =>
		list(size, (index) => [{ type: "response.output_item.added", output_index: index, item: message() }, text("x")]).flat(),
	"a text that ends after each delta": (size) =>
		list(size, () => [text("word "), { type: "response.output_text.done", output_index: 0, text: "w" }]).flat(),
	"an item that ends after each delta": (size) =>
		list(size, () => [text("word "), { type: "response.output_item.done", output_index: 0, item: message("w") }]).flat(),
	"an item without end that ends repeatedly": (size) =>
		list(size, () => ({ type: "response.output_item.done", output_index: 0, item: { type: "web_search_call", id: "w" } })),
	"parts without text": (size) =>
		list(size, () => ({ type: "response.content_part.added", output_index: 0, part: { type: "output_text" } })),
};

for (const [name, make] of Object.entries(HOSTILE)) {
	test(`a stream with ${name} costs linear time`, () =>
		assertLinear({
			name,
			from: 256,
			make: (size) => make(size).map((event): StreamedEvent => ({ data: JSON.stringify(event), exchange })),
			run: read,
		}));
}

test("a long conversation costs linear time", () =>
	assertLinear({
		name: "conversation",
		from: 128,
		make: (size) =>
			list(size, (index): cchat.Message[] => [
				say("user", "Q"),
				{
					...parts("assistant", { type: "opaque", opaque: opaque("output.0.reasoning", sealed("rs_1")) }),
					tool_calls: [{ id: "same:id", name: "f", arguments: '{"q":1}' }],
				},
				say("tool", `${index}`, { tool_call_id: "same:id" }),
			]).flat(),
		run: (messages: cchat.Message[]) => requestText({ messages }),
	}));

test("a message with many calls and kept items costs linear time", () =>
	assertLinear({
		name: "calls",
		from: 128,
		make: (size): cchat.Message[] => [
			{
				...parts(
					"assistant",
					...list(size, (index): cchat.ContentPart => ({ type: "opaque", opaque: opaque(`output.${index}.reasoning`, sealed("rs_1")) })),
				),
				tool_calls: list(size, (index) => ({ id: `c${index}`, name: "f", arguments: "{}" })),
			},
		],
		run: (messages: cchat.Message[]) => requestText({ messages }),
	}));

test.run();
