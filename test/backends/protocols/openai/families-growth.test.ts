/** Cost of reading an upstream's answers in the families other than chat, in the size of the answer. */
import { test } from "uvu";
import { decodedImage } from "../../../../src/backends/kit/images/image-bytes.ts";
import { parseEmbeddings } from "../../../../src/backends/protocols/openai/emb/response.ts";
import { ServerEvent } from "../../../../src/backends/protocols/openai/rt/event.ts";
import { EventTranslator } from "../../../../src/backends/protocols/openai/rt/stream.ts";
import { Turns } from "../../../../src/backends/protocols/openai/rt/turns.ts";
import { speechOf } from "../../../../src/backends/protocols/openai/tts/response.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { assertLinear, type GrowthCase } from "../../../helpers/growth.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1"), { secret: "sk-secret-0123456789" });
const many = <T>(size: number, make: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => make(index));
const wrong = (what: string): Error => new Error(what);
const newTurns = (): Turns => new Turns({ create: () => {}, cancel: () => {}, newEventId: () => "" });

function readEmbeddings(data: readonly unknown[]): unknown {
	return parseEmbeddings({ value: { data }, exchange }, { model: "m", input: data.map(() => "a") });
}

/** Reads events of a session, as the channel does. */
function readEvents(texts: readonly string[]): void {
	const translator = new EventTranslator(exchange, { answers: true, transcribes: true }, newTurns());
	for (const text of texts) for (const _ of translator.translate(ServerEvent.parse(text, exchange)));
}

async function readSpeech(chunks: readonly Uint8Array[]): Promise<void> {
	async function* body(): AsyncGenerator<Uint8Array> {
		yield* chunks;
	}
	const answer = { chunks: body(), discard() {}, exchange, headers: {}, contentType: "text/html" };
	await speechOf(answer, "mp3");
}

const event = (type: string, members: object): string => JSON.stringify({ type, item_id: "i", ...members });

const CASES: readonly GrowthCase[] = [
	{ name: "vectors", make: (size) => many(size, (index) => ({ index: size - 1 - index, embedding: [1, 2] })), run: readEmbeddings },
	{ name: "a vector of many numbers", make: (size) => [{ embedding: many(size, Number) }], run: readEmbeddings },
	{ name: "a vector in base64", make: (size) => [{ embedding: "AAAA".repeat(size) }], run: readEmbeddings },
	{ name: "a vector in false base64", make: (size) => [{ embedding: `${"=".repeat(size)}A` }], run: readEmbeddings, from: 1 << 12 },
	{ name: "an image in base64", make: (size) => "AAAA".repeat(size), run: (text: string) => decodedImage(text, wrong) },
	{
		name: "an image in a data URL",
		make: (size) => `data:${"image/png;base64,".repeat(size)}`,
		run: (text: string) => decodedImage(text, wrong),
	},
	{ name: "text instead of speech", make: (size) => many(size, () => Buffer.from("<")), run: readSpeech, from: 1 << 12 },
	{
		name: "transcripts of a session",
		make: (size) => many(size, () => event("response.output_audio_transcript.delta", { delta: "a" })),
		run: readEvents,
	},
	{
		name: "responses of a session",
		make: (size) => many(size, (id) => event("response.created", { response: { id: `r${id}` } })),
		run: readEvents,
		from: 1 << 11,
	},
	{
		name: "errors of a session",
		make: (size) => many(size, () => event("error", { error: { message: "a", event_id: "e" } })),
		run: readEvents,
		from: 64,
	},
	{ name: "an event of a session", make: (size) => [event("x", { members: many(size, () => []) })], run: readEvents },
	{
		name: "confirmed commits of a session",
		make: (size) => size,
		run: (size: number) => {
			const turns = newTurns();
			for (let id = 0; id < size; id++) turns.commitSent(`e${id}`);
			for (let id = 0; id < size; id++) turns.commitConfirmed("i", { answers: false, transcribes: false });
		},
		from: 1 << 13,
	},
	{
		name: "responses of a session that end by other names",
		make: (size) => [
			...many(size, (id) => event("response.created", { response: { id: `r${id}` } })),
			...many(size, (id) => event("response.done", { response: { id: `x${id}` } })),
		],
		run: readEvents,
	},
	{
		name: "transcripts of other items than the committed ones",
		make: (size) => [
			...many(size, (id) => event("input_audio_buffer.committed", { item_id: `i${id}` })),
			...many(size, (id) => event("conversation.item.input_audio_transcription.completed", { item_id: `x${id}`, transcript: "a" })),
		],
		run: readEvents,
	},
	{
		name: "tool calls of a session",
		make: (size) => [
			...many(size, (id) => event("response.function_call_arguments.done", { call_id: `c${id}`, name: "t", arguments: "{}" })),
			event("response.done", { response: { output: many(size, (id) => ({ type: "function_call", call_id: `c${id}`, name: "t" })) } }),
		],
		run: readEvents,
	},
	{
		name: "refused commits of a session",
		make: (size) => size,
		run: (size: number) => {
			const turns = newTurns();
			for (let id = 0; id < size; id++) turns.commitSent(`e${id}`);
			for (let id = size - 1; id >= 0; id--) turns.eventRefused(`e${id}`, undefined);
		},
	},
];

for (const each of CASES)
	test(`reading ${each.name} has a cost that grows linearly`, () => assertLinear({ from: 256, to: 1 << 13, ...each }));

test.run();
