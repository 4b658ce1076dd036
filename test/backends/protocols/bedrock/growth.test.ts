/** The cost of answers and conversations grows linearly. */
import { test } from "uvu";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { AnswerContext } from "../../../../src/backends/kit/chat/answer.ts";
import { CallIds } from "../../../../src/backends/kit/chat/call-ids.ts";
import { chatStream } from "../../../../src/backends/kit/http/chat-stream.ts";
import { DocumentNames } from "../../../../src/backends/protocols/bedrock/cchat/document-names.ts";
import { parseAnswer } from "../../../../src/backends/protocols/bedrock/cchat/response.ts";
import { LAST, StreamedAnswer } from "../../../../src/backends/protocols/bedrock/cchat/stream.ts";
import { bedrockErrors } from "../../../../src/backends/protocols/bedrock/errors.ts";
import type { StreamedEvent } from "../../../../src/transport/http/answer.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { assertLinear } from "../../../helpers/growth.ts";
import { collect, say } from "../../chat-envelope.ts";
import { requestText } from "./cchat/request-of.ts";
import { answerStream, wholeAnswer } from "./upstream.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/model/m/converse"), {});
const contextFor = (): AnswerContext => ({ model: "m", provider: "up", ids: new CallIds() });
const list = <T>(size: number, item: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => item(index));

/** Answers of `size` blocks or deltas: the beginning of each block, and its deltas. */
const SHAPES: Readonly<Record<string, (size: number) => (readonly [start: object | undefined, ...deltas: object[]])[]>> = {
	"text in many deltas": (size) => [[undefined, ...list(size, () => ({ text: "word " }))]],
	"reasoning in many deltas": (size) => [[undefined, ...list(size, () => ({ reasoningContent: { text: "word " } }))]],
	"a signature in many pieces": (size) => [[undefined, ...list(size, () => ({ reasoningContent: { signature: "abcd" } }))]],
	"encrypted reasoning in many pieces": (size) => [[undefined, ...list(size, () => ({ reasoningContent: { redactedContent: "AQID" } }))]],
	"an input in many pieces": (size) => [
		[{ toolUse: { toolUseId: "a", name: "f" } }, ...list(size, (index) => ({ toolUse: { input: index === 0 ? "[" : "1," } }))],
	],
	"many calls": (size) => list(size, (index) => [{ toolUse: { toolUseId: `c${index}`, name: "f" } }, { toolUse: { input: "{}" } }]),
	"many texts": (size) => list(size, () => [undefined, { text: "word " }]),
};

/** Reads the events of a stream to the end. */
function read(events: readonly StreamedEvent[]): Promise<unknown> {
	async function* source(): AsyncGenerator<StreamedEvent, void, void> {
		yield* events;
	}
	const context = contextFor();
	const dialect = {
		errors: bedrockErrors,
		last: LAST,
		begin: () => new StreamedAnswer(exchange, context),
		parse: () => {
			throw new Error("no whole answer");
		},
	};
	return collect(chatStream(async () => ({ source: source(), dialect })));
}

for (const [name, make] of Object.entries(SHAPES)) {
	test(`a stream with ${name} costs linear time`, () =>
		assertLinear({
			name,
			from: 512,
			make: (size) =>
				answerStream(make(size)).map(([event, payload]): StreamedEvent => ({ event, data: JSON.stringify(payload), exchange })),
			run: read,
		}));
}

test("a whole answer with many calls costs linear time", () =>
	assertLinear({
		name: "calls",
		make: (size) =>
			JSON.stringify(wholeAnswer(list(size, (index) => ({ toolUse: { toolUseId: `c${index}`, name: "f", input: { q: [1] } } })))),
		run: (text: string) => parseAnswer({ value: JSON.parse(text), text, exchange }, contextFor()),
	}));

const conversation = (size: number): cchat.Message[] =>
	list(size, (index): cchat.Message[] => [
		say("user", "Q"),
		{ role: "assistant", content: [], tool_calls: [{ id: "same:id", name: "f", arguments: '{"q":1}' }] },
		say("tool", `${index}`, { tool_call_id: "same:id" }),
	]).flat();

test("a long conversation costs linear time, with tools and without", async () => {
	for (const tools of [[{ name: "f", parameters: {} }], []]) {
		await assertLinear({
			name: "conversation",
			from: 128,
			make: conversation,
			run: (messages: cchat.Message[]) => requestText({ messages, tools }),
		});
	}
});

test("many documents of one name cost linear time", () =>
	assertLinear({
		name: "documents",
		make: (size) => list(size, () => "report.pdf"),
		run: (names: string[]) => {
			const documents = new DocumentNames();
			return names.map((name) => documents.claim(name));
		},
	}));

test.run();
