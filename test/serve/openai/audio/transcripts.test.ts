import OpenAI, { toFile } from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, type Behaviour, OpenAiServer, sse } from "../../../helpers/openai-server.ts";
import { apiError, requestOf, served } from "../media-server.ts";

const clip = (name = "audio.wav", type = "audio/wav"): Promise<File> => toFile(Buffer.from("RIFF    WAVE"), name, { type });
const VERBOSE = {
	task: "transcribe",
	language: "german",
	duration: 3661.5,
	text: "Guten Tag. A <b>",
	segments: [
		{ id: 0, start: 0, end: 1.5, text: " Guten Tag." },
		{ id: 1, start: 1.5, end: 3661.25, text: " A <b>" },
	],
	words: [{ word: "Guten", start: 0, end: 0.5 }],
};
const said: Behaviour = answer.json({ text: "Guten Tag.", usage: { type: "tokens", input_tokens: 5, output_tokens: 3, total_tokens: 8 } });

test("the SDK receives a transcript, and nothing stays in the store", () =>
	served([said], async ({ sdk, mediaGone }) => {
		const { data, response } = await sdk.audio.transcriptions.create({ model: "whisper-1", file: await clip() }).withResponse();
		assert.equal(data, { text: "Guten Tag.", usage: { type: "tokens", input_tokens: 5, output_tokens: 3, total_tokens: 8 } });
		assert.is(response.headers.get("x-spear-backend"), "up");
		await mediaGone();
	}));

for (const [response_format, expected] of [
	["text", "Guten Tag. A <b>\n"],
	["srt", "1\n00:00:00,000 --> 00:00:01,500\nGuten Tag.\n\n2\n00:00:01,500 --> 01:01:01,250\nA <b>\n\n"],
	["vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nGuten Tag.\n\n00:00:01.500 --> 01:01:01.250\nA &lt;b&gt;\n\n"],
	[
		"verbose_json",
		{
			task: "transcribe",
			language: "de",
			duration: 3661.5,
			text: "Guten Tag. A <b>",
			segments: VERBOSE.segments.map(({ text, ...rest }) => ({ ...rest, text: text.trim() })),
			words: VERBOSE.words,
			usage: { type: "duration", seconds: 3662 },
		},
	],
] as const) {
	test(`a transcript as ${response_format}`, () =>
		served([answer.json(VERBOSE)], async ({ sdk, upstream }) => {
			const transcript: unknown = await sdk.audio.transcriptions.create({ model: "m", file: await clip(), response_format });
			assert.equal(transcript, expected);
			assert.match(upstream.requests[0]?.body ?? "", response_format === "text" ? /name="response_format"\r\n\r\njson/ : /verbose_json/);
		}));
}

test("a transcript with speakers", () =>
	served(
		[
			answer.json({
				text: "Hi.",
				duration: 2,
				segments: [{ type: "transcript.text.segment", id: "x", start: 0, end: 2, text: "Hi.", speaker: "A" }],
			}),
		],
		async ({ sdk }) => {
			const transcript: unknown = await sdk.audio.transcriptions.create({
				model: "m",
				file: await clip(),
				response_format: "diarized_json",
			});
			assert.equal(transcript, {
				task: "transcribe",
				duration: 2,
				text: "Hi.",
				segments: [{ type: "transcript.text.segment", id: "seg_0", start: 0, end: 2, text: "Hi.", speaker: "A" }],
				usage: { type: "duration", seconds: 2 },
			});
		},
	));

test("a transcript is streamed as the SDK reads it", async () => {
	const { promise: heard, resolve } = Promise.withResolvers<void>();
	const delta = (text: string) => ({ type: "transcript.text.delta", delta: text });
	await served(
		[
			async (response) => {
				response.writeHead(200, { "content-type": "text/event-stream" });
				response.write(sse([delta("Guten ")], { done: false }));
				await heard;
				response.end(
					sse([
						delta("Tag."),
						{ type: "transcript.text.done", text: "Guten Tag.", usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } },
					]),
				);
			},
		],
		async ({ sdk, upstream, mediaGone }) => {
			const stream = await sdk.audio.transcriptions.create({ model: "m", file: await clip(), stream: true });
			const events: unknown[] = [];
			for await (const event of stream) {
				events.push(event);
				resolve();
			}
			const usage = { type: "tokens", input_tokens: 1, output_tokens: 2, total_tokens: 3 };
			assert.equal(events, [delta("Guten "), delta("Tag."), { type: "transcript.text.done", text: "Guten Tag.", usage }]);
			assert.match(upstream.requests[0]?.body ?? "", /name="stream"\r\n\r\ntrue/);
			await mediaGone();
		},
	);
});

test("a streamed transcript with speakers has events of segments", () => {
	const segment = { type: "transcript.text.segment", id: "x", start: 0, end: 2, text: "Hi.", speaker: "A" };
	return served([answer.stream(sse([segment, { type: "transcript.text.done", text: "Hi." }]))], async ({ sdk }) => {
		const stream = await sdk.audio.transcriptions.create({
			model: "m",
			file: await clip(),
			stream: true,
			response_format: "diarized_json",
		});
		assert.equal(await Array.fromAsync(stream), [
			{ ...segment, id: "seg_0" },
			{ type: "transcript.text.done", text: "Hi." },
		]);
	});
});

test("a failure within a stream is its last event, and one before it a plain answer", () =>
	served(
		[
			answer.cutOff(sse([{ type: "transcript.text.delta", delta: "Gu" }], { done: false })),
			answer.status(400, { error: { message: "no speech" } }),
		],
		async ({ sdk, mediaGone }) => {
			const stream = await sdk.audio.transcriptions.create({ model: "m", file: await clip(), stream: true });
			const error = await apiError(() => Array.fromAsync(stream));
			assert.is(error.type, "server_error");
			const refused = await apiError(async () => sdk.audio.transcriptions.create({ model: "m", file: await clip(), stream: true }));
			assert.is(refused.name, "BadRequestError");
			await mediaGone();
		},
	));

/** Requests that reach the upstream as the SDK would send them to it. */
const SAME: Readonly<Record<string, (sdk: OpenAI) => Promise<unknown>>> = {
	"for a transcript": async (sdk) =>
		sdk.audio.transcriptions.create({
			model: "m",
			file: await clip(),
			response_format: "json",
			language: "de",
			prompt: "Hallo",
			temperature: 0.5,
		}),
	"for times": async (sdk) =>
		sdk.audio.transcriptions.create({
			model: "m",
			file: await clip(),
			response_format: "verbose_json",
			timestamp_granularities: ["segment", "word"],
		}),
	"for speakers": async (sdk) =>
		sdk.audio.transcriptions.create({
			model: "m",
			file: await clip(),
			response_format: "diarized_json",
			chunking_strategy: { type: "server_vad", threshold: 0.5 },
			known_speaker_names: ["a", "b"],
		}),
	"for a translation": async (sdk) =>
		sdk.audio.translations.create({ model: "m", file: await clip(), response_format: "json", prompt: "Hi" }),
};
for (const [name, call] of Object.entries(SAME)) {
	test(`a request ${name} reaches the upstream as the SDK would send it`, async () => {
		const direct = await OpenAiServer.start(answer.json(VERBOSE));
		try {
			await call(new OpenAI({ apiKey: "none", baseURL: direct.baseUrl, logLevel: "off" }));
			await served([answer.json(VERBOSE)], async ({ sdk, upstream, mediaGone }) => {
				await call(sdk);
				assert.equal(requestOf(upstream.requests[0]), requestOf(direct.requests[0]));
				await mediaGone();
			});
		} finally {
			await direct.close();
		}
	});
}

test("the format of a file without a type is that of its extension, else of its bytes", () =>
	served([said, said], async ({ sdk, upstream }) => {
		await sdk.audio.transcriptions.create({ model: "m", file: await clip("speech.MP3", "application/octet-stream") });
		await sdk.audio.transcriptions.create({ model: "m", file: await clip("speech", "") });
		assert.match(upstream.requests[0]?.body ?? "", /filename="audio\.mp3"\r\nContent-Type: audio\/mpeg/);
		assert.match(upstream.requests[1]?.body ?? "", /filename="audio\.wav"\r\nContent-Type: audio\/wav/);
	}));

for (const [name, fields, param] of [
	["no file", { model: "m" }, "file"],
	["times without a form that shows them", { "timestamp_granularities[]": "word", file: true }, "timestamp_granularities"],
	["an unknown unit", { "timestamp_granularities[]": "line", response_format: "verbose_json", file: true }, "timestamp_granularities[0]"],
	["an unknown form", { response_format: "ass", file: true }, "response_format"],
	["a stream of subtitles", { response_format: "srt", stream: "true", file: true }, "stream"],
	["probabilities", { "include[]": "logprobs", file: true }, "include"],
	["a temperature beyond the range", { temperature: "2", file: true }, "temperature"],
	["a temperature that is no number", { temperature: "warm", file: true }, "temperature"],
	["a bad language", { language: "a_b", file: true }, "language"],
	["a member that no backend takes", { model: "m", hotwords: "x", file: true }, "hotwords"],
	["speakers and words", { response_format: "diarized_json", "timestamp_granularities[]": "word", file: true }, "timestamp_granularities"],
] as const) {
	test(`a form with ${name} is refused by its field`, () =>
		served([], async ({ url, mediaGone }) => {
			const form = new FormData();
			for (const [field, value] of Object.entries(fields)) form.append(field, value === true ? await clip() : value);
			const refused = await fetch(`${url}/v1/audio/transcriptions`, { method: "POST", body: form });
			const { error } = Object(await refused.json());
			assert.equal([refused.status, error.type, error.param], [400, "invalid_request_error", param]);
			await mediaGone();
		}));
}

test("a translation distinguishes no speakers", () =>
	served([], async ({ sdk, mediaGone }) => {
		const body = new FormData();
		body.append("file", await clip());
		body.append("response_format", "diarized_json");
		const error = await apiError(() => sdk.post("/audio/translations", { body }));
		assert.equal([error.status, error.param], [400, "response_format"]);
		await mediaGone();
	}));

test.run();
