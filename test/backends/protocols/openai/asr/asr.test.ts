import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SpeechToTextBackend } from "../../../../../generated/backends/speech-to-text.ts";
import type * as asr from "../../../../../generated/ir/asr.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { type FormPart, formOf } from "../../../../helpers/form.ts";
import { memoryMedia } from "../../../../helpers/memory-media.ts";
import { answer, type Behaviour, type OpenAiServer, sse } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { upstream } from "../upstream.ts";

const AUDIO = Buffer.from("RIFF\x00\xff\r\n--not a boundary\r\n", "latin1");

function envelope(
	payload: Partial<asr.Request> = {},
	provider_options: RequestEnvelope["provider_options"] = {},
): RequestEnvelope<"speech_to_text"> {
	return {
		version: 1,
		request_id: "req-1",
		operation: "speech_to_text",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload: { audio: { type: "stored", stored: "sms+file://clip" }, ...payload },
		provider_options,
	};
}

interface Listening {
	readonly transcripts: SpeechToTextBackend;
	readonly server: OpenAiServer;
	readonly context: ReturnType<typeof contextOf>;
}

/** Runs a test against an upstream with this script. The default recording is a WAV file. */
function against(
	script: readonly Behaviour[],
	run: (listening: Listening) => Promise<void>,
	config: Partial<InstanceConfig> = {},
	mimeType = "audio/wav",
): Promise<void> {
	return upstream(
		script,
		async ({ backend, server }) => {
			const transcripts = backend.operations.speech_to_text;
			if (transcripts === undefined) throw new Error("the kind does not listen");
			await run({ transcripts, server, context: contextOf({ media: memoryMedia({ clip: { bytes: AUDIO, mimeType } }) }) });
		},
		config,
	);
}

const FILE: FormPart = ["file", "audio.wav", "audio/wav", AUDIO.toString("latin1")];
const TOKENS = {
	type: "tokens",
	input_tokens: 14,
	input_token_details: { text_tokens: 10, audio_tokens: 4 },
	output_tokens: 31,
	total_tokens: 45,
};
const usage = { input_tokens: 14, output_tokens: 31, total_tokens: 45 };

async function watch(events: AsyncIterable<asr.Event>): Promise<asr.Event[]> {
	const all: asr.Event[] = [];
	for await (const event of events) all.push(event);
	return all;
}

test("a recording is uploaded as a form, and its transcript is returned", () =>
	against(
		[answer.json({ text: "I see skies of blue.", languages: [{ code: "en" }], usage: TOKENS })],
		async ({ transcripts, server, context }) => {
			assert.equal(await transcripts.unary(envelope(), context), {
				text: "I see skies of blue.",
				language: "en",
				segments: [],
				words: [],
				usage,
			});
			const [request] = server.requests;
			assert.is(request?.method, "POST");
			assert.is(request?.path, "/v1/audio/transcriptions");
			assert.is(request?.headers["content-length"], String(request?.bytes.length));
			assert.equal(formOf(request), [["model", "small"], ["response_format", "json"], FILE]);
		},
	));

test("each member of a transcription request becomes a form field", () =>
	against(
		[
			answer.json({
				language: "german",
				duration: 8.47,
				text: " Hallo Welt.",
				segments: [segment(0, 1, " Hallo Welt.")],
				words: [word(0, 0.5, "Hallo")],
			}),
		],
		async ({ transcripts, server, context }) => {
			const payload: Partial<asr.Request> = {
				model: "listen",
				task: "transcribe",
				language: "de-AT",
				prompt: "Grüße",
				timestamps: ["segment", "word"],
				temperature: 0.2,
			};
			const provider_options = { keywords: ["Spear", "WIT"], vad: { type: "server_vad", threshold: 0.5 }, fast: true };
			assert.equal(await transcripts.unary(envelope(payload, provider_options), context), {
				text: " Hallo Welt.",
				language: "de",
				duration: 8.47,
				segments: [{ start: 0, end: 1, text: "Hallo Welt." }],
				words: [{ start: 0, end: 0.5, text: "Hallo" }],
			});
			assert.equal(formOf(server.requests[0]), [
				["model", "listen-up"],
				["language", "de"],
				["prompt", Buffer.from("Grüße").toString("latin1")],
				["temperature", "0.2"],
				["response_format", "verbose_json"],
				["timestamp_granularities[]", "segment"],
				["timestamp_granularities[]", "word"],
				["keywords[]", "Spear"],
				["keywords[]", "WIT"],
				["vad[type]", "server_vad"],
				["vad[threshold]", "0.5"],
				["fast", "true"],
				FILE,
			]);
		},
		{ models: [{ name: "listen", upstream: "listen-up" }], options: { allow_provider_options: true } },
	));

function segment(start: number, end: number, text: string): object {
	return { id: 0, seek: 0, start, end, text, tokens: [1], temperature: 0, avg_logprob: -0.2, compression_ratio: 1.2, no_speech_prob: 0.01 };
}

function word(start: number, end: number, text: string): object {
	return { word: text, start, end };
}

const SPOKEN = [
	{ type: "transcript.text.segment", id: "seg_001", start: 0, end: 5.2, text: "Thanks for calling.", speaker: "A" },
	{ type: "transcript.text.segment", id: "seg_002", start: 5.2, end: 12.8, text: " I need help.", speaker: "B" },
];
const SPEAKERS = [
	{ start: 0, end: 5.2, text: "Thanks for calling.", speaker: "A" },
	{ start: 5.2, end: 12.8, text: "I need help.", speaker: "B" },
];

test("diarization returns speakers, unary and streamed", () => {
	const text = "Thanks for calling. I need help.";
	const billed = { type: "duration", seconds: 13 };
	const streamed = [
		SPOKEN[0],
		{ type: "transcript.text.delta", delta: text, segment_id: "seg_002" },
		SPOKEN[1],
		{ type: "transcript.text.done", text, usage: billed },
	];
	return against(
		[answer.json({ task: "transcribe", text, segments: SPOKEN, usage: billed }), answer.stream(sse(streamed))],
		async ({ transcripts, server, context }) => {
			const whole = await transcripts.unary(envelope({ diarize: true }), context);
			assert.equal(whole, { text, duration: 13, segments: SPEAKERS, words: [] });
			assert.equal(await watch(transcripts.stream(envelope({ diarize: true }), context)), [
				{ type: "segment", segment: SPEAKERS[0] },
				{ type: "text", text },
				{ type: "segment", segment: SPEAKERS[1] },
				{ type: "completed", completed: whole },
			]);
			const form = [
				["model", "small"],
				["response_format", "diarized_json"],
				["chunking_strategy", "auto"],
			];
			assert.equal(server.requests.map(formOf), [
				[...form, FILE],
				[...form, ["stream", "true"], FILE],
			]);
		},
	);
});

test("a translation uses its own endpoint and arrives at once, as declared", () =>
	against(
		[
			answer.json({ text: "Hello." }),
			answer.json({ language: "english", duration: 2, text: "Hello.", segments: [segment(0, 2, " Hello.")] }),
		],
		async ({ transcripts, server, context }) => {
			const request = envelope({ task: "translate", language: "de", prompt: "Wolfgang" });
			assert.equal(await transcripts.unary(request, context), { text: "Hello.", segments: [], words: [] });
			const said = { start: 0, end: 2, text: "Hello." };
			const timed = envelope({ task: "translate", timestamps: ["segment"] });
			assert.equal(await watch(transcripts.stream(timed, context)), [
				{ type: "text", text: "Hello." },
				{ type: "segment", segment: said },
				{ type: "completed", completed: { text: "Hello.", language: "en", duration: 2, segments: [said], words: [] } },
			]);
			assert.equal(
				server.requests.map(({ path }) => path),
				["/v1/audio/translations", "/v1/audio/translations"],
			);
			assert.equal(server.requests.map(formOf), [
				[["model", "small"], ["prompt", "Wolfgang"], ["response_format", "json"], FILE],
				[["model", "small"], ["response_format", "verbose_json"], FILE],
			]);
		},
	));

test("a whole answer to a stream request becomes events", () =>
	against([answer.json({ text: "One two.", usage: TOKENS })], async ({ transcripts, server, context }) => {
		assert.equal(await watch(transcripts.stream(envelope(), context)), [
			{ type: "text", text: "One two." },
			{ type: "completed", completed: { text: "One two.", segments: [], words: [], usage } },
		]);
		assert.is(server.requests[0]?.headers.accept, "text/event-stream, application/json");
		assert.equal(formOf(server.requests[0]), [["model", "small"], ["response_format", "json"], ["stream", "true"], FILE]);
	}));

const DELTAS = ["I see ", "skies of ", "“blue” 🟦", "."];
const DONE = { type: "transcript.text.done", text: DELTAS.join(""), usage: TOKENS };
const STREAM = sse([...DELTAS.map((delta) => ({ type: "transcript.text.delta", delta })), { type: "transcript.text.later" }, DONE], {
	done: false,
});

test("a transcript stream ends with its last event, although the connection stays open", () =>
	against(
		[answer.stream(Buffer.concat([STREAM, Buffer.from("data: [DONE]\n\n")])), answer.stall(STREAM)],
		async ({ transcripts, context }) => {
			for (let call = 0; call < 2; call++) assert.is((await watch(transcripts.stream(envelope(), context))).at(-1)?.type, "completed");
		},
	));

test("a transcript that looks like the last event does not end the stream", () => {
	const text = '{"type":"transcript.text.done","text":"no"}';
	return against(
		[
			answer.stream(
				sse(
					[
						{ type: "transcript.text.delta", delta: text },
						{ ...DONE, text },
					],
					{ done: false },
				),
			),
		],
		async ({ transcripts, context }) => {
			const events = await watch(transcripts.stream(envelope(), context));
			assert.equal(events[0], { type: "text", text });
			assert.is(events[1]?.type === "completed" && events[1].completed.text, text);
		},
	);
});

const BROKEN: Readonly<Record<string, readonly [() => Behaviour, string]>> = {
	"that is cut off": [() => answer.cutOff(STREAM.subarray(0, 150)), "the backend's answer ended before it was complete"],
	"that ends before its last event": [
		() => answer.stream(STREAM.subarray(0, STREAM.indexOf('data: {"type":"transcript.text.done"'))),
		"the backend's answer ended before it was complete",
	],
	"that says it is done too early": [
		() => answer.stream(sse([{ type: "transcript.text.delta", delta: "I" }])),
		"the backend's answer is malformed: the stream ends before the transcript",
	],
	"with an event that is not JSON": [
		() => answer.stream(sse(["{oops"])),
		"the backend's answer is malformed: an event of the stream is not JSON",
	],
	"with an event that is no object": [
		() => answer.stream(sse(["7"])),
		"the backend's answer is malformed: an event of the stream is not an object",
	],
	"with a delta that is none": [
		() => answer.stream(sse([{ type: "transcript.text.delta", delta: 7 }])),
		"the backend's answer is malformed: transcript.text.delta: delta is not a string",
	],
	"with a segment without times": [
		() => answer.stream(sse([{ type: "transcript.text.segment", text: "x" }])),
		"the backend's answer is malformed: transcript.text.segment.start is not a time",
	],
	"with an end without a text": [
		() => answer.stream(sse([{ type: "transcript.text.done" }])),
		"the backend's answer is malformed: transcript.text.done: text is missing",
	],
	"that reports an error": [
		() => answer.stream(sse([{ type: "error", error: { message: "Too noisy", type: "server_error" } }])),
		"the backend failed: Too noisy",
	],
};

for (const [name, [behaviour, message]] of Object.entries(BROKEN)) {
	test(`a transcript stream ${name} fails`, () =>
		against([behaviour()], async ({ transcripts, context }) => {
			const error = await failure(watch(transcripts.stream(envelope(), context)));
			assert.is(error.code, "backend_error");
			assert.is(error.message, message);
		}));
}

const MALFORMED: Readonly<Record<string, readonly [unknown, Partial<asr.Request>, string]>> = {
	"no text": [{ words: [] }, {}, "text is missing"],
	"segments that are no list": [{ text: "x", segments: 7 }, {}, "segments is not a list"],
	"a segment whose end is no time": [{ text: "x", segments: [{ start: 0, end: "soon", text: "x" }] }, {}, "segments[0].end is not a time"],
	"an infinite time": [{ text: "x", words: [{ start: 0, end: "1e999", word: "x" }] }, {}, "words[0].end is not a time"],
	"a word without a text": [{ text: "x", words: [{ start: 0, end: 1 }] }, {}, "words[0].word is not a string"],
};

for (const [name, [body, payload, message]] of Object.entries(MALFORMED)) {
	test(`a transcript with ${name} is malformed`, () =>
		against([answer.json(body)], async ({ transcripts, context }) => {
			const error = await failure(transcripts.unary(envelope(payload), context));
			assert.is(error.code, "backend_error");
			assert.is(error.message, `the backend's answer is malformed: ${message}`);
		}));
}

const WITHOUT: Readonly<Record<string, readonly [object, "segment" | "word", string]>> = {
	segments: [{ text: "x" }, "segment", "segments"],
	words: [{ text: "x" }, "word", "words"],
	"any time in its segments": [{ text: "x", segments: [{ start: null, end: null, text: "x" }] }, "segment", "segments"],
};

for (const [name, [body, granularity, missing]] of Object.entries(WITHOUT)) {
	test(`a transcript without ${name} lacks a feature of the request that asked for them`, () =>
		against([answer.json(body)], async ({ transcripts, context }) => {
			const error = await failure(transcripts.unary(envelope({ timestamps: [granularity] }), context));
			assert.is(error.code, "missing_capabilities");
			assert.is(error.attribution, "request");
			assert.is(error.message, `the backend's answer is not what the request asked for: ${missing} is missing although it was requested`);
		}));
}

test("a recording without speech needs no segments", () =>
	against([answer.json({ text: "", language: "english", duration: 3 })], async ({ transcripts, context }) => {
		assert.equal(await transcripts.unary(envelope({ timestamps: ["word"] }), context), {
			text: "",
			language: "en",
			duration: 3,
			segments: [],
			words: [],
		});
	}));

for (const [mimeType, filename] of [
	["audio/mpeg", "audio.mp3"],
	["audio/ogg; codecs=opus", "audio.ogg"],
	["video/mp4", "audio.mp4"],
	["audio/x-aiff", "audio.aiff"],
] as const) {
	test(`a recording of type ${mimeType} has the file name ${filename}`, () =>
		against(
			[answer.json({ text: "" })],
			async ({ transcripts, server, context }) => {
				await transcripts.unary(envelope(), context);
				assert.equal(formOf(server.requests[0]).at(-1)?.slice(0, 3), ["file", filename, mimeType.split(";")[0]]);
			},
			{},
			mimeType,
		));
}

test("an invalid recording and unsupported combinations are refused before anything is sent", () =>
	against(
		[],
		async ({ transcripts, server, context }) => {
			const refusal = async (
				payload: Partial<asr.Request>,
				provider_options: RequestEnvelope["provider_options"] = {},
			): Promise<string> => {
				const { code, message } = await failure(transcripts.unary(envelope(payload, provider_options), context));
				return `${code}: ${message}`;
			};
			assert.is(await refusal({}), 'invalid_request: audio: "image/png" is not the media type of a recording');
			assert.is(
				await refusal({ task: "translate", diarize: true }),
				"missing_capabilities: diarize: this backend cannot distinguish speakers in a translation",
			);
			assert.is(
				await refusal({ task: "translate", timestamps: ["word"] }),
				"missing_capabilities: timestamps: this backend has no word timestamps for a translation; request segments",
			);
			assert.is(
				await refusal({ diarize: true, timestamps: ["word"] }),
				"missing_capabilities: timestamps: this backend cannot combine word timestamps with diarization; request segments",
			);
			assert.match(await refusal({}, { stream: true }), "invalid_request: provider_options.stream: it cannot be set this way");
			assert.match(await refusal({}, { hint: null }), "invalid_request: provider_options.hint: a form cannot hold null");
			assert.is(server.requests.length, 0);
		},
		{ options: { allow_provider_options: true } },
		"image/png",
	));

test("a recording that cannot be opened or read fails the request with its own error", () =>
	against([answer.silence()], async ({ transcripts, context }) => {
		assert.is(
			(await failure(transcripts.unary(envelope({ audio: { type: "stored", stored: "sms+file://gone" } }), context))).code,
			"not_permitted",
		);
		const lost = new SpearError("invalid_request", "the piece has expired");
		const media = {
			...context.media,
			open: async () => ({
				mimeType: "audio/wav",
				size: undefined,
				async *stream() {
					yield AUDIO;
					throw lost;
				},
				bytes: async () => AUDIO,
			}),
		};
		assert.is(await failure(transcripts.unary(envelope(), { ...context, media })), lost);
	}));

test("a recording is closed if the upstream refuses the connection", async () => {
	const released: string[] = [];
	const media = {
		...memoryMedia(),
		open: async (_: unknown, signal: AbortSignal) => {
			signal.addEventListener("abort", () => released.push("opened"));
			return {
				mimeType: "audio/wav",
				size: 1,
				async *stream() {
					released.push("read");
					yield AUDIO;
				},
				bytes: async () => AUDIO,
			};
		},
	};
	await against(
		[],
		async ({ transcripts }) => {
			assert.is((await failure(transcripts.unary(envelope(), contextOf({ media })))).code, "backend_error");
			assert.equal(released, ["opened"]);
			assert.is((await failure(watch(transcripts.stream(envelope(), contextOf({ media }))))).code, "backend_error");
			assert.equal(released, ["opened", "opened"]);
		},
		{ base_url: "http://127.0.0.1:9/v1" },
	);
});

const WHISPER = answer.status(400, { error: { message: "stream=true is not supported for whisper-1", type: "invalid_request_error" } });
const NO_FORMAT = answer.status(422, { detail: [{ loc: ["body", "response_format"], msg: "Extra inputs are not permitted" }] });

test("a refused stream costs one upload, and the transcript arrives whole then", () =>
	against([WHISPER, answer.json({ text: "Hi." }), answer.json({ text: "Hi." })], async ({ transcripts, server, context }) => {
		for (let count = 0; count < 2; count++) {
			assert.is((await watch(transcripts.stream(envelope(), context))).at(-1)?.type, "completed");
		}
		const fields = server.requests.map((request) => formOf(request).map(([name]) => name));
		assert.equal(fields, [
			["model", "response_format", "stream", "file"],
			["model", "response_format", "file"],
			["model", "response_format", "file"],
		]);
		for (const request of server.requests) assert.equal(formOf(request).at(-1), FILE);
	}));

test("a refused response_format that no wish of the guest needs is left out, whole and streamed", () =>
	against([NO_FORMAT, answer.json({ text: "Hi." }), answer.json({ text: "Hi." })], async ({ transcripts, server, context }) => {
		assert.is((await transcripts.unary(envelope(), context)).text, "Hi.");
		await watch(transcripts.stream(envelope(), context));
		assert.equal(
			server.requests.map((request) => formOf(request).some(([name]) => name === "response_format")),
			[true, false, false],
		);
	}));

test("a refused response_format that timestamps need is not left out", () =>
	against([NO_FORMAT], async ({ transcripts, server, context }) => {
		const { code } = await failure(transcripts.unary(envelope({ timestamps: ["segment"] }), context));
		assert.is(code, "invalid_request");
		assert.is(server.requests.length, 1);
	}));

test("a guest that writes the name of a field in its prompt cannot make the host leave the field out", () =>
	against(
		[answer.status(400, { error: { message: "bad prompt: the stream" } }), answer.json({ text: "Hi." })],
		async ({ transcripts, server, context }) => {
			await failure(watch(transcripts.stream(envelope({ prompt: "the stream" }), context)));
			await watch(transcripts.stream(envelope(), context));
			assert.ok(server.requests.every((request) => formOf(request).some(([name]) => name === "stream")));
			assert.is(server.requests.length, 2);
		},
	));

test.run();
