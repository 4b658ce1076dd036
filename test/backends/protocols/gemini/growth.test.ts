/** The cost of answers and conversations grows linearly. */
import { test } from "uvu";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { AnswerContext } from "../../../../src/backends/kit/chat/answer.ts";
import { CallIds } from "../../../../src/backends/kit/chat/call-ids.ts";
import { GeminiAnswer } from "../../../../src/backends/protocols/gemini/cchat/answer.ts";
import { parseAnswer } from "../../../../src/backends/protocols/gemini/cchat/response.ts";
import type { StreamedEvent } from "../../../../src/transport/http/answer.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { assertLinear } from "../../../helpers/growth.ts";
import { say } from "../../chat-envelope.ts";
import { requestText } from "./cchat/request-of.ts";
import { piece, response, type WireResponse } from "./upstream.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1/models/m:generateContent"), {});
const contextOf = (): AnswerContext => ({ model: "m", provider: "up", ids: new CallIds() });
const list = <T>(size: number, item: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => item(index));

const call = (index: number) => ({ functionCall: { id: `c${index}`, name: "f", args: { q: { r: [1, 2] } } } });
const words = (size: number): string => "wörd ".repeat(size);
const support = (index: number) => ({
	segment: { startIndex: 6 * index, endIndex: 6 * index + 6, text: "wörd " },
	groundingChunkIndices: [0],
});
const GROUNDING = { groundingChunks: [{ web: { uri: "https://a.example" } }] };

/** Answers of a size, as the events of a stream. */
const SHAPES: Readonly<Record<string, (size: number) => WireResponse[]>> = {
	"text in many events": (size) => list(size, () => piece({ text: "word " })),
	"thoughts in many events": (size) => list(size, () => piece({ text: "word ", thought: true })),
	"many calls": (size) => list(size, (index) => piece(call(index))),
	"many calls in one event": (size) => [piece(...list(size, call))],
	"citations in each event": (size) =>
		list(size, (index) => ({
			candidates: [
				{
					content: { parts: [{ text: "word " }] },
					citationMetadata: { citations: [{ startIndex: 5 * index, endIndex: 5 * index + 4, uri: "x:" }] },
				},
			],
		})),
	"a text with many grounded segments": (size) => [
		piece({ text: words(size) }),
		{ candidates: [{ groundingMetadata: { ...GROUNDING, groundingSupports: list(size, support) } }] },
	],
	"many grounded segments of many sources": (size) => [
		piece({ text: words(size) }),
		{
			candidates: [
				{
					groundingMetadata: {
						groundingChunks: list(size, (index) => ({ web: { uri: `https://a.example/${index}`, title: "A" } })),
						groundingSupports: list(size, (index) => ({ ...support(index), groundingChunkIndices: [index, size - 1 - index] })),
					},
				},
			],
		},
	],
	"a segment that names one source again and again": (size) => [
		piece({ text: "wörd " }),
		{ candidates: [{ groundingMetadata: { ...GROUNDING, groundingSupports: [{ groundingChunkIndices: list(size, () => 0) }] } }] },
	],
};

for (const [name, make] of Object.entries(SHAPES)) {
	test(`a stream with ${name} costs linear time`, () =>
		assertLinear({
			name,
			from: 512,
			make: (size) => [...make(size), response([])].map((value) => ({ value, data: JSON.stringify(value), exchange })),
			run: (events: readonly (StreamedEvent & { readonly value: WireResponse })[]) => {
				const answer = new GeminiAnswer(exchange, contextOf());
				for (const { value, ...event } of events) for (const _ of answer.add(value, event));
				for (const _ of answer.complete());
			},
		}));

	test(`a list of all events with ${name} costs linear time`, () =>
		assertLinear({
			name,
			from: 512,
			make: (size) => JSON.stringify([...make(size), response([])]),
			run: (text: string) => parseAnswer({ value: JSON.parse(text), text, exchange }, contextOf()),
		}));
}

test("a long conversation costs linear time", () =>
	assertLinear({
		name: "conversation",
		from: 128,
		make: (size) =>
			list(size, (index): cchat.Message[] => [
				say("user", "Q"),
				{ role: "assistant", content: [], tool_calls: [{ id: "same", name: "f", arguments: '{"q":1}' }] },
				say("tool", `${index}`, { tool_call_id: "same" }),
			]).flat(),
		run: (messages: cchat.Message[]) => requestText({ messages }),
	}));

test.run();
