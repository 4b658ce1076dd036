/** Cost of reading an upstream's answers, in the size of the answer. */
import { test } from "uvu";
import { parseCompletion } from "../../../../src/backends/protocols/openai/cchat/response.ts";
import { chatEvents, DONE } from "../../../../src/backends/protocols/openai/cchat/stream.ts";
import { namesMember } from "../../../../src/backends/protocols/openai/refusal.ts";
import type { StreamedEvent } from "../../../../src/transport/http/answer.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { assertLinear, type GrowthCase } from "../../../helpers/growth.ts";
import { answerOf } from "./upstream.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1/chat/completions"), { secret: "sk-secret-0123456789" });

const list = (size: number, item: (index: number) => string): string => Array.from({ length: size }, (_, index) => item(index)).join(",");
const call = (index: number): string => `{"index":${index},"id":"c${index}","function":{"name":"t","arguments":"{}"},"extra":{"a":[1]}}`;

/** Returns a delta for each piece of a call. */
function pieces(size: number, piece: (id: string) => { index?: number; id?: string; args: string }): string[] {
	return Array.from({ length: size }, (_, at) => {
		const { args, ...call } = piece(`c${at}`);
		return JSON.stringify({ tool_calls: [{ ...call, function: { name: "t", arguments: args } }] });
	});
}

function whole(message: string): { message: string } {
	return { message: `{"choices":[{"finish_reason":"stop","message":{"role":"assistant",${message}}}]}` };
}

function readWhole({ message }: { readonly message: string }): unknown {
	return parseCompletion({ value: JSON.parse(message), text: message, exchange }, answerOf("m"));
}

function readStream(deltas: readonly string[]): Promise<unknown> {
	return readChunks(deltas.map((delta) => `{"choices":[{"delta":${delta},"finish_reason":"stop"}]}`));
}

async function readChunks(chunks: readonly string[]): Promise<unknown> {
	async function* events(): AsyncGenerator<StreamedEvent> {
		for (const data of chunks) yield { data, exchange };
		yield { data: DONE, exchange };
	}
	return Array.fromAsync(chatEvents(events(), answerOf("m")));
}

const delta = (text: string): string => `{"choices":[{"delta":{"content":"${text}"},"finish_reason":"stop"}]}`;
const message = (text: string): string => `{"choices":[{"message":{"content":"${text}"}}]}`;

const CASES: readonly GrowthCase[] = [
	{
		name: "a message with unknown members",
		make: (size) => whole(list(size, (index) => `"m${index}":{"a":${index}}`)),
		run: readWhole,
	},
	{
		name: "a message with unknown items of content",
		make: (size) => whole(`"content":[${list(size, (index) => `{"type":"t${index}","x":1}`)}]`),
		run: readWhole,
	},
	{
		name: "a message with unknown annotations",
		make: (size) => whole(`"annotations":[${list(size, (index) => `{"type":"t${index}","x":1}`)}]`),
		run: readWhole,
	},
	{ name: "tool calls with unknown members", make: (size) => whole(`"tool_calls":[${list(size, call)}]`), run: readWhole },
	{ name: "a streamed delta of tool calls", make: (size) => [`{"tool_calls":[${list(size, call)}]}`], run: readStream },
	{
		name: "a stream of deltas with a tool call each",
		make: (size) => Array.from({ length: size }, (_, index) => `{"tool_calls":[${call(index)}]}`),
		run: readStream,
	},
	{ name: "pieces of one streamed call", make: (size) => pieces(size, () => ({ index: 0, args: '{"a":[' })), run: readStream },
	{
		name: "pieces of one streamed call with an id and a name each",
		make: (size) => pieces(size, (id) => ({ id, args: "[" })),
		run: readStream,
	},
	{
		name: "pieces of a streamed call that hold only space",
		make: (size) => pieces(size, () => ({ id: "c", args: " \n" })),
		run: readStream,
	},
	{ name: "streamed calls without index and id", make: (size) => pieces(size, () => ({ args: "{}" })), run: readStream },
	{ name: "streamed calls of one id", make: (size) => pieces(size, () => ({ id: "c", args: "{}" })), run: readStream },
	{
		name: "a refusal that lists many faults",
		make: (size) => ({ body: `{"detail":[${list(size, (index) => `{"loc":["body","m${index}"],"param":"a.b[${index}]"}`)}]}` }),
		run: (refusal: { readonly body: string }) => namesMember(refusal, "stream_options", () => false),
	},
	{ name: "heartbeats", make: (size) => Array.from({ length: size }, () => " "), run: readChunks },
	{
		name: "deltas that a whole message follows",
		make: (size) => [...Array.from({ length: size }, () => delta("ab")), message(`${"ab".repeat(size)}c`)],
		run: readChunks,
	},
	{
		name: "deltas with a message after each",
		make: (size) => Array.from({ length: size }, () => [delta("a"), message("a")]).flat(),
		run: readChunks,
	},
	{
		name: "a stream of deltas with a fragment of text each",
		make: (size) => Array.from({ length: size }, () => '{"content":"a","odd":{"b":1}}'),
		run: readStream,
	},
];

for (const each of CASES)
	test(`reading ${each.name} has a cost that grows linearly`, () => assertLinear({ from: 32, to: 1 << 8, ...each }));

test.run();
