/** The cost of answers and conversations grows linearly. */
import { test } from "uvu";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { AnswerContext } from "../../../../src/backends/kit/chat/answer.ts";
import { CallIds } from "../../../../src/backends/kit/chat/call-ids.ts";
import { chatStream } from "../../../../src/backends/kit/http/chat-stream.ts";
import { parseAnswer } from "../../../../src/backends/protocols/ollama/cchat/response.ts";
import { LAST_LINE, StreamedAnswer } from "../../../../src/backends/protocols/ollama/cchat/stream.ts";
import { ollamaErrors } from "../../../../src/backends/protocols/ollama/errors.ts";
import type { StreamedEvent } from "../../../../src/transport/http/answer.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { assertLinear } from "../../../helpers/growth.ts";
import { collect, say } from "../../chat-envelope.ts";
import { requestText } from "./cchat/request-of.ts";
import { streamLines, wholeAnswer } from "./upstream.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/api/chat"), {});
const contextOf = (): AnswerContext => ({ model: "qwen3", provider: "up", ids: new CallIds() });
const list = <T>(size: number, item: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => item(index));
const call = (index: number) => ({ id: `c${index}`, function: { name: "f", arguments: { q: { r: [1, 2] } } } });

/** Messages of `size` lines. */
const SHAPES: Readonly<Record<string, (size: number) => object[]>> = {
	"text in many lines": (size) => list(size, () => ({ content: "word " })),
	"text and reasoning in turn": (size) => list(size, (index) => (index % 2 === 0 ? { content: "word " } : { thinking: "word " })),
	"many calls in many lines": (size) => list(size, (index) => ({ tool_calls: [call(index)] })),
	"many calls in a line": (size) => [{ tool_calls: list(size, call) }],
};

for (const [name, make] of Object.entries(SHAPES)) {
	test(`a stream with ${name} costs linear time`, () =>
		assertLinear({
			name,
			from: 512,
			make: (size) => streamLines(make(size)).map((line): StreamedEvent => ({ data: JSON.stringify(line), exchange })),
			run: (events: readonly StreamedEvent[]) => {
				async function* source(): AsyncGenerator<StreamedEvent, void, void> {
					yield* events;
				}
				const context = contextOf();
				return collect(
					chatStream(async () => ({
						source: source(),
						dialect: {
							errors: ollamaErrors,
							last: "the last line",
							begin: () => new StreamedAnswer(exchange, context),
							parse: (answer) => parseAnswer(answer, context),
						},
					})),
				);
			},
		}));
}

test("a whole answer with many calls costs linear time", () =>
	assertLinear({
		name: "calls",
		make: (size) => JSON.stringify(wholeAnswer({ tool_calls: list(size, call) })),
		run: (text: string) => parseAnswer({ value: JSON.parse(text), text, exchange }, contextOf()),
	}));

test("the search for the last line costs linear time in lines that resemble it", async () => {
	const beginning = '"done":true';
	for (const piece of [beginning, `${beginning},`, `${beginning},"a":1`, `${beginning} `, '"done"  ', `${beginning},"done_reason":"a"`]) {
		await assertLinear({ name: piece, make: (size) => piece.repeat(size), run: (line: string) => LAST_LINE.test(line) });
	}
});

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
