import type { GenerateContentParameters } from "@google/genai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TextToSpeechBackend } from "../../../../../generated/backends/text-to-speech.ts";
import type * as tts from "../../../../../generated/ir/tts.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { UNKNOWN_LENGTH, wavHeader } from "../../../../../src/formats/wav-header.ts";
import { type MemoryMedia, memoryMedia } from "../../../../helpers/memory-media.ts";
import { answer, type Behaviour, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { collect } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { differences } from "../../../sdk-differences.ts";
import { COMPARED_HEADERS, sdkOf } from "../sdk.ts";
import { IR_USAGE, KEY, piece, response, upstream, wire } from "../upstream.ts";

interface Speaking {
	readonly speech: TextToSpeechBackend;
	readonly server: OpenAiServer;
	readonly media: MemoryMedia;
	readonly context: ReturnType<typeof contextOf>;
}

/** Runs a test against an upstream with this script. */
function against(
	script: readonly Behaviour[],
	run: (speaking: Speaking) => Promise<void>,
	options: InstanceConfig["options"] = {},
): Promise<void> {
	return upstream(
		script,
		async ({ backend, server }) => {
			const speech = backend.operations.text_to_speech;
			if (speech === undefined) throw new Error("the kind does not speak");
			const media = memoryMedia();
			await run({ speech, server, media, context: contextOf({ media, apiKey: KEY }) });
		},
		{ options },
	);
}

const envelope = (payload: Partial<tts.Request> = {}) =>
	envelopeOf("text_to_speech", { input: { type: "text", text: "Hello there." }, format: "mp3", ...payload });

const L16 = "audio/L16;codec=pcm;rate=24000";
const spoken = (bytes: Uint8Array, mimeType = L16) => ({ inlineData: { mimeType, data: Buffer.from(bytes).toString("base64") } });
const samples = Buffer.from(Array.from({ length: 4800 }, (_, index) => (index * 7) % 256));
const [begin, rest] = [samples.subarray(0, 1001), samples.subarray(1001)];
const STREAM = wire([piece(spoken(begin)), piece(), response([spoken(rest)])]);

/** Returns the audio of a stream, joined, and its result. */
async function heard(events: AsyncIterable<tts.Event>): Promise<{ audio: Buffer; result: tts.Response | undefined }> {
	const all = await collect(events);
	const last = all.at(-1);
	return {
		audio: Buffer.concat(all.flatMap((event) => (event.type === "audio" ? [event.audio] : []))),
		result: last?.type === "completed" ? last.completed : undefined,
	};
}

const wav = Buffer.concat([wavHeader(samples.length, 24_000), samples]);
const RECORDING = { audio: { type: "stored", stored: "sms+file://m1" }, sample_rate: 24_000, duration_ms: 100, usage: IR_USAGE };

test("speech is requested as a modality of the answer, and becomes a WAV file in the store", () =>
	against([answer.json(response([spoken(samples)]))], async ({ speech, server, media, context }) => {
		assert.equal(await speech.unary(envelope(), context), { ...RECORDING, mime_type: "audio/wav" });
		assert.equal(media.stored.get("m1"), { bytes: new Uint8Array(wav), mimeType: "audio/wav" });
		const request = await server.request(0);
		assert.is(request.path, "/v1/models/gemini-3.8-flash:generateContent");
		assert.equal(request.json(), {
			contents: [{ role: "user", parts: [{ text: "Hello there." }] }],
			generationConfig: {
				responseModalities: ["AUDIO"],
				speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } } },
			},
		});
	}));

test("samples are delivered as they are for pcm", () =>
	against([answer.json(response([spoken(samples)]))], async ({ speech, media, context }) => {
		assert.equal(await speech.unary(envelope({ format: "pcm" }), context), { ...RECORDING, mime_type: "audio/pcm" });
		assert.equal(media.stored.get("m1"), { bytes: new Uint8Array(samples), mimeType: "audio/pcm" });
	}));

test("streamed samples arrive as they are, or behind the header of a WAV file of unknown length", () =>
	against([answer.stream(STREAM), answer.stream(STREAM)], async ({ speech, server, context }) => {
		const pcm = await heard(speech.stream(envelope({ format: "pcm" }), context));
		assert.equal(pcm.audio, samples);
		assert.equal(pcm.result, { ...RECORDING, mime_type: "audio/pcm" });
		const file = await heard(speech.stream(envelope({ format: "wav" }), context));
		assert.equal(file.audio, Buffer.concat([wavHeader(UNKNOWN_LENGTH, 24_000), samples]));
		assert.equal(file.result, { ...RECORDING, audio: { type: "stored", stored: "sms+file://m2" }, mime_type: "audio/wav" });
		assert.is((await server.request(0)).path, "/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse");
	}));

test("a stream is delivered while it arrives", () =>
	against([answer.stall(wire([piece(spoken(begin))]))], async ({ speech, server, context }) => {
		const controller = new AbortController();
		const events = speech.stream(envelope({ format: "pcm" }), { ...context, signal: controller.signal })[Symbol.asyncIterator]();
		assert.equal((await events.next()).value, { type: "audio", audio: begin });
		const next = events.next();
		controller.abort();
		assert.is((await failure(next)).code, "cancelled");
		assert.equal(await (await server.request(0)).ended, { clientClosed: true });
	}));

test("the rate of the samples and other formats are those that the upstream states", () =>
	against(
		[answer.json(response([spoken(samples, "audio/pcm;rate=16000")])), answer.json(response([spoken(Buffer.from("ID3"), "audio/MP3")]))],
		async ({ speech, media, context }) => {
			assert.is((await speech.unary(envelope({ format: "pcm" }), context)).sample_rate, 16_000);
			assert.is((await speech.unary(envelope({ format: "wav" }), context)).mime_type, "audio/mp3");
			assert.equal(media.stored.get("m2")?.bytes, new Uint8Array(Buffer.from("ID3")));
		},
	));

test("voice, language and manner are sent, the manner as metadata or before the text", async () => {
	const payload = { voice: "Puck", language: "en-GB", instructions: "Whisper" } as const;
	const speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Puck" } }, languageCode: "en-GB" };
	for (const [options, part] of [
		[{}, { text: "Hello there.", speechMetadata: { style: "Whisper" } }],
		[{ speech_style: "prompt" }, { text: "Whisper: Hello there." }],
	] as const) {
		await against(
			[answer.json(response([spoken(samples)]))],
			async ({ speech, server, context }) => {
				await speech.unary(envelope(payload), context);
				assert.equal((await server.request(0)).json(), {
					contents: [{ role: "user", parts: [part] }],
					generationConfig: { responseModalities: ["AUDIO"], speechConfig },
				});
			},
			options,
		);
	}
});

test("SSML is reduced to its text", () =>
	against([answer.json(response([spoken(samples)])), answer.stream(STREAM)], async ({ speech, server, context }) => {
		const ssml = "<speak>Hello <emphasis>there</emphasis>.</speak>";
		await speech.unary(envelope({ input: { type: "ssml", ssml } }), context);
		await collect(speech.stream(envelope({ input: { type: "ssml", ssml } }), context));
		for (const request of server.requests)
			assert.equal(Object(request.json()).contents, [{ role: "user", parts: [{ text: "Hello there." }] }]);
	}));

const REFUSED: Readonly<Record<string, readonly [payload: Partial<tts.Request>, error: string]>> = {
	"a pace": [{ speed: 1.5 }, "missing_capabilities: speed: this backend has no member for it; describe the pace in the instructions"],
	"a format that is not made of samples": [{ format: "opus" }, "missing_capabilities: format: this backend delivers only wav and pcm"],
};

for (const [name, [payload, expected]] of Object.entries(REFUSED)) {
	test(`${name} is refused by name, without a request`, () =>
		against([], async ({ speech, server, context }) => {
			for (const call of [speech.unary(envelope(payload), context), collect(speech.stream(envelope(payload), context))]) {
				const { code, message } = await failure(call);
				assert.is(`${code}: ${message}`, expected);
			}
			assert.is(server.requests.length, 0);
		}));
}

/** Answers without audio, and their errors. */
const FAILURES: Readonly<Record<string, readonly [body: object, error: string]>> = {
	"the model writes a text": [response([{ text: "Hello." }]), "backend_error retry request: the model made no audio: Hello."],
	"the model fails": [
		response([], { finishReason: "OTHER", finishMessage: "Model tried to generate text." }),
		"backend_error retry request: the model made no audio: Model tried to generate text.",
	],
	"a filter stops the answer": [
		response([], { finishReason: "PROHIBITED_CONTENT" }),
		"invalid_request final request: the provider's filter stopped the answer: PROHIBITED_CONTENT",
	],
	"the media are no audio": [
		response([{ inlineData: { mimeType: "text/html", data: "PGI+" } }]),
		"backend_error final backend: the backend's answer is malformed: its media are no audio",
	],
	"the upstream reports an error": [
		{ error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Later." } },
		"rate_limited retry capacity: the backend asks to slow down: Later.",
	],
};

for (const [name, [body, expected]] of Object.entries(FAILURES)) {
	test(`speech fails if ${name}`, () =>
		against([answer.json(body), answer.stream(wire([body])), answer.json([body])], async ({ speech, media, context }) => {
			for (const call of [
				() => speech.unary(envelope(), context),
				() => collect(speech.stream(envelope(), context)),
				() => collect(speech.stream(envelope(), context)),
			]) {
				const { code, retryable, attribution, message } = await failure(call());
				assert.is(`${code} ${retryable ? "retry" : "final"} ${attribution}: ${message}`, expected);
			}
			assert.is(media.stored.size, 0);
		}));
}

test("a stream that is cut fails with the usage so far, and stores nothing", () => {
	const cuts = [wire([piece(spoken(begin))]), wire([piece()]), STREAM.subarray(0, STREAM.length - 9), Buffer.from(": heartbeat\n\n")];
	return against(
		cuts.flatMap((bytes) => [answer.stream(bytes), answer.cutOff(bytes)]),
		async ({ speech, media, context }) => {
			for (const _ of [...cuts, ...cuts]) {
				const error = await failure(collect(speech.stream(envelope({ format: "pcm" }), context)));
				assert.equal([error.code, error.retryable], ["backend_error", true]);
			}
			assert.is(media.stored.size, 0);
		},
	);
});

test("a failure after some audio fails the stream", () =>
	against(
		[answer.stream(wire([piece(spoken(begin)), { error: { code: 503, status: "UNAVAILABLE", message: "Overloaded." } }]))],
		async ({ speech, media, context }) => {
			const error = await failure(collect(speech.stream(envelope({ format: "pcm" }), context)));
			assert.is(error.message, "the backend is overloaded: Overloaded.");
			assert.equal(error.usage, { input_tokens: 12, total_tokens: 12 });
			assert.is(media.stored.size, 0);
		},
	));

test("speech is requested as the SDK requests it, whole and streamed", () =>
	against(
		[answer.json(response([spoken(samples)])), answer.json(response([])), answer.stream(STREAM), answer.stream(STREAM)],
		async ({ speech, server, context }) => {
			const params = {
				model: "gemini-3.8-flash",
				contents: { role: "user", parts: [{ text: "Hello there.", speechMetadata: { style: "Whisper" } }] },
				config: {
					responseModalities: ["AUDIO"],
					speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Puck" } }, languageCode: "en-GB" },
				},
			} satisfies GenerateContentParameters;
			const payload = { voice: "Puck", language: "en-GB", instructions: "Whisper" } as const;
			await speech.unary(envelope(payload), context);
			await sdkOf(server).models.generateContent(params);
			await collect(speech.stream(envelope(payload), context));
			await collect(await sdkOf(server).models.generateContentStream(params));
			for (const at of [0, 2]) {
				const [ours, theirs] = [await server.request(at), await server.request(at + 1)];
				assert.equal(differences(ours.json(), theirs.json()), []);
				assert.equal([ours.method, ours.path], [theirs.method, theirs.path]);
				for (const header of COMPARED_HEADERS) assert.is(ours.headers[header], theirs.headers[header], header);
			}
			await server.close();
		},
	));

test("the voices of the API are listed", () =>
	upstream([], async ({ backend }) => {
		const voices = backend.capabilities.text_to_speech?.voices ?? [];
		assert.is(voices.length, 30);
		assert.equal(
			voices.find(({ id }) => id === "Kore"),
			{ id: "Kore", languages: [], description: "firm" },
		);
	}));

test.run();
