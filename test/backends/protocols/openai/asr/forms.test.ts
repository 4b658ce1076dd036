/** Forms of transcripts that differ between servers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as asr from "../../../../../generated/ir/asr.ts";
import { transcriptEvents } from "../../../../../src/backends/protocols/openai/asr/stream.ts";
import { exchangeOf } from "../../../../../src/transport/http/exchange.ts";
import { assertLinear } from "../../../../helpers/growth.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { answer, type Behaviour, sse } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { upstream } from "../upstream.ts";

interface Listening {
	readonly whole: (payload?: Partial<asr.Request>) => Promise<asr.Response>;
	readonly events: (payload?: Partial<asr.Request>) => Promise<asr.Event[]>;
}

function against(script: readonly Behaviour[], run: (listening: Listening) => Promise<void>): Promise<void> {
	return upstream(script, async ({ backend }) => {
		const transcripts = backend.operations.speech_to_text;
		if (transcripts === undefined) throw new Error("the kind does not listen");
		const context = contextOf({ media: memoryMedia({ clip: { bytes: Buffer.from("RIFF"), mimeType: "audio/wav" } }) });
		const envelope = (payload: Partial<asr.Request> = {}) =>
			envelopeOf("speech_to_text", { audio: { type: "stored", stored: "sms+file://clip" }, ...payload });
		await run({
			whole: (payload) => transcripts.unary(envelope(payload), context),
			events: (payload) => Array.fromAsync(transcripts.stream(envelope(payload), context)),
		});
	});
}

const SEGMENTS = [{ text: "One two." }, { text: "Three " }, { text: "four." }, { text: "" }, { text: "五" }, { text: "六。" }];

test("a stream of whole answers is one transcript: a segment each, complete with the body", () =>
	against([answer.stream(sse(SEGMENTS, { done: false })), answer.stream(sse(SEGMENTS))], async ({ events }) => {
		for (let call = 0; call < 2; call++) {
			assert.equal(await events(), [
				{ type: "text", text: "One two." },
				{ type: "text", text: " Three " },
				{ type: "text", text: "four." },
				{ type: "text", text: "五" },
				{ type: "text", text: "六。" },
				{ type: "completed", completed: { text: "One two. Three four.五六。", segments: [], words: [] } },
			]);
		}
	}));

test("a stream of whole answers keeps the segments, words and facts of each", () => {
	const part = (text: string, start: number) => ({
		task: "transcribe",
		language: "english",
		duration: 8,
		text,
		words: [{ word: text, start, end: start + 1 }],
		segments: [{ start, end: start + 2, text: ` ${text}` }],
	});
	return against([answer.stream(sse([part("One", 0), part("two", 2)], { done: false }))], async ({ events }) => {
		assert.equal((await events()).at(-1), {
			type: "completed",
			completed: {
				text: "One two",
				language: "en",
				duration: 8,
				segments: [
					{ start: 0, end: 2, text: "One" },
					{ start: 2, end: 4, text: "two" },
				],
				words: [
					{ start: 0, end: 1, text: "One" },
					{ start: 2, end: 3, text: "two" },
				],
			},
		});
	});
});

test("a stream of bare segments is one transcript", () =>
	against(
		[
			answer.stream(
				sse([
					{ text: "One", start: 0, end: 2, speaker: "A" },
					{ text: "two", start: 2, end: null },
				]),
			),
		],
		async ({ events }) => {
			assert.equal(await events({ diarize: true }), [
				{ type: "text", text: "One" },
				{ type: "segment", segment: { start: 0, end: 2, text: "One", speaker: "A" } },
				{ type: "text", text: " two" },
				{ type: "segment", segment: { start: 2, end: 2, text: "two" } },
				{
					type: "completed",
					completed: {
						text: "One two",
						segments: [
							{ start: 0, end: 2, text: "One", speaker: "A" },
							{ start: 2, end: 2, text: "two" },
						],
						words: [],
					},
				},
			]);
		},
	));

const chunk = (content: string | null, finish_reason?: string) => ({
	id: "transcribe-1",
	object: "transcription.chunk",
	created: 1,
	model: "m",
	choices: [{ delta: { content, reasoning_content: null }, ...(finish_reason === undefined ? {} : { finish_reason, stop_reason: null }) }],
});
const USAGE = { object: "transcription.chunk", choices: [], usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 } };

test("a stream of chunks with choices is one transcript: complete with [DONE], or with finish reason and usage", () => {
	const chunks = [chunk(" I"), chunk(" see", "stop"), chunk(" skies"), chunk("", "stop")];
	const behaviours = [
		sse([...chunks, "", USAGE]),
		sse([...chunks, USAGE], { done: false }),
		sse([...chunks, USAGE, " [DONE] "], { done: false }),
	];
	return against(
		behaviours.map((bytes) => answer.stream(bytes)),
		async ({ events }) => {
			for (const _ of behaviours) {
				assert.equal(await events(), [
					{ type: "text", text: " I" },
					{ type: "text", text: " see" },
					{ type: "text", text: " skies" },
					{
						type: "completed",
						completed: {
							text: " I see skies",
							usage: { input_tokens: 9, output_tokens: 3, total_tokens: 12 },
							segments: [],
							words: [],
						},
					},
				]);
			}
		},
	);
});

const CUT: Readonly<Record<string, Buffer>> = {
	"of chunks that ends after a finish reason alone": sse([chunk("I", "stop")], { done: false }),
	"of chunks that ends without a finish reason": sse([chunk("I"), USAGE], { done: false }),
	"of heartbeats": sse(["", ""], { done: false }),
	"without events": Buffer.alloc(0),
};

for (const [name, bytes] of Object.entries(CUT)) {
	test(`a transcript stream ${name} ended early`, () =>
		against([answer.stream(bytes)], async ({ events }) => {
			const error = await failure(events());
			assert.equal(
				[error.code, error.message, error.retryable],
				["backend_error", "the backend's answer ended before it was complete", true],
			);
		}));
}

test("a chunk that reports an error in its choice fails with it", () =>
	against([answer.stream(sse([{ choices: [{ error: { message: "Out of memory", code: 503 } }] }]))], async ({ events }) => {
		assert.is((await failure(events())).message, "the backend failed: Out of memory");
	}));

test("words inside segments are returned, and text in place of word", () =>
	against(
		[
			answer.json({
				text: " Hi all.",
				segments: [
					{ start: 0, end: 1, text: " Hi", words: [{ word: " Hi", start: 0.1, end: 0.9, probability: 0.5 }] },
					{ start: 1, end: 2, text: " all.", words: [{ text: "all.", start: 1, end: 2 }] },
				],
				words: null,
			}),
		],
		async ({ whole }) => {
			assert.equal(await whole({ timestamps: ["word"] }), {
				text: " Hi all.",
				segments: [
					{ start: 0, end: 1, text: "Hi" },
					{ start: 1, end: 2, text: "all." },
				],
				words: [
					{ start: 0.1, end: 0.9, text: "Hi" },
					{ start: 1, end: 2, text: "all." },
				],
			});
		},
	));

test("a transcript of segments alone has their text", () =>
	against(
		[
			answer.json({
				segments: [
					{ start: 0, end: 1, text: " One" },
					{ start: 1, end: 2, text: " two." },
				],
			}),
		],
		async ({ whole }) => {
			assert.is((await whole()).text, " One two.");
		},
	));

test("negative times are zero, and unknown times come from the neighbours", () =>
	against(
		[
			answer.json({
				text: "a b c d",
				duration: "9.5",
				segments: [
					{ start: "-0.02", end: 4, text: "a b c" },
					{ start: null, text: "d" },
				],
				words: [
					{ word: "a", start: -0.5, end: null },
					{ word: "b" },
					{ word: "c", start: 3, end: "3.5" },
					{ word: "d", start: null, end: null },
				],
			}),
		],
		async ({ whole }) => {
			const { segments, words } = await whole({ timestamps: ["segment", "word"] });
			assert.equal(
				segments.map(({ start, end }) => [start, end]),
				[
					[0, 4],
					[4, 9.5],
				],
			);
			assert.equal(
				words.map(({ start, end }) => [start, end]),
				[
					[0, 3],
					[3, 3],
					[3, 3.5],
					[3.5, 9.5],
				],
			);
		},
	));

test("words without any time that were not requested are left out", () =>
	against([answer.json({ text: "a", words: [{ word: "a", start: null, end: null }] })], async ({ whole }) => {
		assert.equal((await whole()).words, []);
	}));

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1/audio/transcriptions"), {});

async function read(values: readonly unknown[]): Promise<unknown> {
	async function* source() {
		for (const value of values) yield { data: JSON.stringify(value), exchange };
		yield { data: "[DONE]", exchange };
	}
	return Array.fromAsync(transcriptEvents(source(), []));
}

const GROWTH: Readonly<Record<string, (size: number) => unknown[]>> = {
	"whole answers": (size) => Array.from({ length: size }, () => ({ text: "a" })),
	chunks: (size) => Array.from({ length: size }, () => chunk("a")),
	"words without times": (size) => [
		{ text: "a", words: Array.from({ length: size }, (_, index) => ({ word: "a", start: index === 0 ? 0 : null })) },
	],
	"segments with words": (size) => [
		{
			text: "a",
			segments: Array.from({ length: size }, () => ({ text: "a", start: 0, end: 1, words: [{ word: "a", start: 0, end: 1 }] })),
		},
	],
};

for (const [name, make] of Object.entries(GROWTH))
	test(`reading a transcript of ${name} has a cost that grows linearly`, () =>
		assertLinear({ name, make, run: read, from: 64, to: 1 << 10 }));

test.run();
