import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TextToSpeechBackend } from "../../../../../generated/backends/text-to-speech.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as tts from "../../../../../generated/ir/tts.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { openaiCompatible } from "../../../../../src/backends/kinds/openai-compatible/index.ts";
import { offeredFeatures } from "../../../../../src/backends/offered-features.ts";
import { speechRules } from "../../../../../src/backends/protocols/openai/tts/rules.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { UNKNOWN_LENGTH, wavHeader } from "../../../../../src/formats/wav-header.ts";
import { type MemoryMedia, memoryMedia } from "../../../../helpers/memory-media.ts";
import { answer, type Behaviour, cut, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { KEY, upstream } from "../upstream.ts";

const MP3 = { "content-type": "audio/mpeg" };

function envelope(
	payload: Partial<tts.Request> = {},
	provider_options: RequestEnvelope["provider_options"] = {},
): RequestEnvelope<"text_to_speech"> {
	return {
		version: 1,
		request_id: "req-1",
		operation: "text_to_speech",
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload: { input: { type: "text", text: "Hello there." }, format: "mp3", ...payload },
		provider_options,
	};
}

interface Speaking {
	readonly speech: TextToSpeechBackend;
	readonly server: OpenAiServer;
	readonly media: MemoryMedia;
}

/** Runs a test against an upstream with this script. */
function against(script: readonly Behaviour[], run: (speaking: Speaking) => Promise<void>, config: Partial<InstanceConfig> = {}) {
	return upstream(
		script,
		async ({ backend, server }) => {
			const speech = backend.operations.text_to_speech;
			if (speech === undefined) throw new Error("the kind does not speak");
			await run({ speech, server, media: memoryMedia() });
		},
		config,
	);
}

/** Returns the events up to the end or the failure, with audio joined, and the failure. */
async function watch(events: AsyncIterable<tts.Event>): Promise<{ audio: Buffer; last: tts.Event | undefined; error: unknown }> {
	const pieces: Uint8Array[] = [];
	let last: tts.Event | undefined;
	let error: unknown;
	try {
		for await (const event of events) {
			if (event.type === "audio") pieces.push(event.audio);
			last = event;
		}
	} catch (thrown) {
		error = thrown;
	}
	return { audio: Buffer.concat(pieces), last, error };
}

const samples = Buffer.from(Array.from({ length: 4800 }, (_, index) => (index * 7) % 256));
/** Returns a WAV file of 2,400 samples at 16,000 Hz: 150 ms. */
const wav = Buffer.concat([wavHeader(samples.length, 16_000), samples]);

test("speech is requested with model, text, voice and format, and the recording is stored", () =>
	against([answer.text(Buffer.from("ID3…"), MP3)], async ({ speech, server, media }) => {
		const response = await speech.unary(envelope(), contextOf({ media, apiKey: KEY }));
		assert.equal(response, { audio: { type: "stored", stored: "sms+file://m1" }, mime_type: "audio/mpeg" });
		assert.equal(media.stored.get("m1"), { bytes: new Uint8Array(Buffer.from("ID3…")), mimeType: "audio/mpeg" });
		const [request] = server.requests;
		assert.is(request?.method, "POST");
		assert.is(request?.path, "/v1/audio/speech");
		assert.is(request?.headers.authorization, `Bearer ${KEY}`);
		assert.is(request?.headers.accept, "audio/*, application/octet-stream");
		assert.is(request?.body, '{"model":"small","input":"Hello there.","voice":"alloy","response_format":"mp3"}');
	}));

test("each member of a speech request is sent or is a declared downgrade", () =>
	against(
		[answer.text(wav, { "content-type": "audio/wav" })],
		async ({ speech, server, media }) => {
			const payload = { model: "tts", voice: "marin", format: "flac", speed: 1.5, instructions: "Whisper.", language: "en" } as const;
			await speech.unary(envelope(payload, { seed: 7 }), contextOf({ media, apiKey: KEY }));
			assert.equal(server.requests[0]?.json(), {
				model: "tts-up",
				input: "Hello there.",
				voice: "marin",
				response_format: "flac",
				speed: 1.5,
				instructions: "Whisper.",
				seed: 7,
			});
		},
		{ models: [{ name: "tts", upstream: "tts-up" }], options: { allow_provider_options: ["seed"] } },
	));

test("the id of an account's voice is sent as an id", () =>
	against([answer.text("x", MP3)], async ({ speech, server, media }) => {
		await speech.unary(envelope({ voice: "voice_68a1f0b2" }), contextOf({ media, apiKey: KEY }));
		assert.equal(Object(server.requests[0]?.json()).voice, { id: "voice_68a1f0b2" });
	}));

test("configured voices are the only ones, and the first of them is the default", () =>
	against(
		[answer.text("x", MP3)],
		async ({ speech, server, media }) => {
			await speech.unary(envelope(), contextOf({ media, apiKey: KEY }));
			assert.is(Object(server.requests[0]?.json()).voice, "anna");
			const error = await failure(speech.unary(envelope({ voice: "alloy" }), contextOf({ media, apiKey: KEY })));
			assert.is(error.code, "invalid_request");
			assert.is(error.message, 'voice: this backend has no voice "alloy"; it has anna, ben');
			assert.is(server.requests.length, 1);
		},
		{ options: { voices: ["anna", { id: "ben", languages: ["de"] }] } },
	));

test("the declared voices are OpenAI's or the configured ones", () => {
	const voicesOf = (options: InstanceConfig["options"]) =>
		openaiCompatible.create({ name: "up", kind: "openai-compatible", base_url: "http://127.0.0.1:9/v1", models: [], options }).capabilities
			.text_to_speech?.voices;
	assert.equal(
		voicesOf({})?.map(({ id }) => id),
		["alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin", "cedar"],
	);
	const ben = { id: "ben", name: "Ben", languages: ["de", "en"], description: "Calm." };
	assert.equal(voicesOf({ voices: ["anna", ben], default_voice: "ben" }), [{ id: "anna", languages: [] }, ben]);
	const refused = (options: InstanceConfig["options"], message: string) => assert.throws(() => voicesOf(options), message);
	refused({ voices: "anna" }, "backends.up.options.voices must be a list");
	refused({ voices: [] }, "backends.up.options.voices must name at least one voice");
	refused({ voices: [7] }, "backends.up.options.voices[0] must be the id of a voice or a table");
	refused({ voices: [{ name: "x" }] }, "backends.up.options.voices[0].id must be a string that is not empty");
	refused({ voices: ["a", "a"] }, "backends.up.options.voices names a voice twice");
	refused({ voices: [{ id: "a", tone: 1 }] }, "backends.up.options.voices[0].tone is not known");
	refused({ voices: [{ id: "a", languages: [1] }] }, "backends.up.options.voices[0].languages must be a list of language tags");
	refused({ voices: ["a"], default_voice: "b" }, "backends.up.options.default_voice is not one of voices, which are a");
});

test("a speech stream yields audio as it arrives and completes with the unary recording", () =>
	against(
		[answer.stream(cut(wav, [1, 30, 44, 2000]), { "content-type": "audio/x-wav" }), answer.text(wav, { "content-type": "audio/x-wav" })],
		async ({ speech, media }) => {
			const request = envelope({ format: "wav" });
			const { audio, last, error } = await watch(speech.stream(request, contextOf({ media, apiKey: KEY })));
			assert.is(error, undefined);
			assert.equal(audio, wav);
			const recording = { mime_type: "audio/wav", sample_rate: 16_000, duration_ms: 150 };
			assert.equal(last, { type: "completed", completed: { audio: { type: "stored", stored: "sms+file://m1" }, ...recording } });
			assert.equal(media.stored.get("m1"), { bytes: new Uint8Array(wav), mimeType: "audio/wav" });
			const whole = await speech.unary(request, contextOf({ media, apiKey: KEY }));
			assert.equal(whole, { audio: { type: "stored", stored: "sms+file://m2" }, ...recording });
			assert.equal(media.stored.get("m2")?.bytes, media.stored.get("m1")?.bytes);
		},
	));

test("a chunk of speech is delivered before the upstream sends the next", () => {
	const next = Promise.withResolvers<void>();
	const slowly: Behaviour = async (response) => {
		response.writeHead(200, MP3);
		response.write("one");
		await next.promise;
		response.end("two");
	};
	return against([slowly], async ({ speech, media }) => {
		const events = speech.stream(envelope(), contextOf({ media, apiKey: KEY }))[Symbol.asyncIterator]();
		assert.equal((await events.next()).value, { type: "audio", audio: Buffer.from("one") });
		next.resolve();
		assert.equal((await events.next()).value, { type: "audio", audio: Buffer.from("two") });
		assert.is((await events.next()).value?.type, "completed");
	});
});

test("bare samples have 24,000 Hz unless the upstream states another rate", () =>
	against(
		[
			answer.text(samples, { "content-type": "audio/pcm" }),
			answer.text(samples, { "content-type": "audio/pcm;rate=16000" }),
			answer.text(samples, { "content-type": "application/octet-stream" }),
		],
		async ({ speech, media }) => {
			for (const [rate, duration] of [
				[24_000, 100],
				[16_000, 150],
				[24_000, 100],
			]) {
				const { audio: _, ...facts } = await speech.unary(envelope({ format: "pcm" }), contextOf({ media, apiKey: KEY }));
				assert.equal(facts, { mime_type: "audio/pcm", sample_rate: rate, duration_ms: duration });
			}
		},
	));

test("a WAV file without a declared length is measured by its samples", () =>
	against([answer.text(Buffer.concat([wavHeader(UNKNOWN_LENGTH, 16_000), samples]), {})], async ({ speech, media }) => {
		const { audio: _, ...facts } = await speech.unary(envelope({ format: "wav" }), contextOf({ media, apiKey: KEY }));
		assert.equal(facts, { mime_type: "audio/wav", sample_rate: 16_000, duration_ms: 150 });
	}));

test("the media type of speech is the upstream's, not the requested one", () =>
	against([answer.text(wav, { "content-type": "audio/wav" })], async ({ speech, media }) => {
		assert.is((await speech.unary(envelope({ format: "mp3" }), contextOf({ media, apiKey: KEY }))).mime_type, "audio/wav");
	}));

test("a text answer is refused, and nothing is stored", () =>
	against(
		[
			answer.json({ error: { message: "Out of voices", type: "server_error" } }),
			answer.json({ ok: true }),
			answer.text("<html></html>", { "content-type": "text/html" }),
			answer.text("", MP3),
		],
		async ({ speech, media }) => {
			for (const message of [
				"the backend failed: Out of voices",
				"the backend's answer is malformed: it is application/json instead of audio",
				"the backend's answer is malformed: it is text/html instead of audio",
				"the backend's answer is malformed: it holds no audio",
			]) {
				const error = await failure(speech.unary(envelope(), contextOf({ media, apiKey: KEY })));
				assert.is(error.code, "backend_error");
				assert.is(error.message, message);
			}
			assert.is(media.stored.size, 0);
		},
	));

test("a recording that is cut off is neither completed nor stored", () =>
	against([answer.cutOff(wav.subarray(0, 1000), { ...MP3, "content-length": String(wav.length) })], async ({ speech, media }) => {
		const { audio, error } = await watch(speech.stream(envelope(), contextOf({ media, apiKey: KEY })));
		assert.equal(audio, wav.subarray(0, 1000));
		assert.is(error instanceof SpearError && error.message, "the backend's answer ended before it was complete");
		assert.is(media.stored.size, 0);
	}));

test("a store that fails fails the speech request with its own error", () =>
	against([answer.flood(Buffer.alloc(65_536), MP3)], async ({ speech, server }) => {
		const full = new SpearError("not_permitted", "the store is full");
		const media = {
			...memoryMedia(),
			async store(content: AsyncIterable<Uint8Array>): Promise<never> {
				let bytes = 0;
				for await (const piece of content) {
					bytes += piece.byteLength;
					if (bytes > 200_000) throw full;
				}
				throw new Error("it should not end");
			},
		};
		assert.is(await failure(speech.unary(envelope(), contextOf({ media, apiKey: KEY }))), full);
		assert.ok((await (await server.request(0)).ended).clientClosed);
	}));

test("leaving a speech stream closes the socket and discards the recording", () =>
	against([answer.stall(Buffer.from("one"), MP3)], async ({ speech, server, media }) => {
		for await (const event of speech.stream(envelope(), contextOf({ media, apiKey: KEY }))) {
			assert.is(event.type, "audio");
			break;
		}
		assert.ok((await (await server.request(0)).ended).clientClosed);
		assert.is(media.stored.size, 0);
	}));

test("unsupported speech requests are refused by name", () =>
	against([], async ({ speech, server, media }) => {
		const context = contextOf({ media, apiKey: KEY });
		const ssml = await failure(speech.unary(envelope({ input: { type: "ssml", ssml: "<speak/>" } }), context));
		assert.is(ssml.code, "missing_capabilities");
		assert.is(ssml.message, "input: this backend accepts only plain text, not SSML");
		assert.match(
			(await failure(speech.unary(envelope({}, { stream_format: "sse" }), context))).message,
			"provider_options.stream_format: it cannot",
		);
		assert.match(
			(await failure(speech.unary(envelope({}, { seed: 1 }), context))).message,
			"provider_options.seed: this backend does not accept it",
		);
		assert.is(server.requests.length, 0);
	}));

test("SSML is spoken as its text if the operator says so, and is then an offered feature", () =>
	against(
		[answer.text(Buffer.from("ID3…"), MP3)],
		async ({ speech, server, media }) => {
			const input: tts.Input = { type: "ssml", ssml: "<speak>Hello <emphasis>there</emphasis>.</speak>" };
			await speech.unary(envelope({ input }), contextOf({ media, apiKey: KEY }));
			assert.is(Object((await server.request(0)).json()).input, "Hello there.");
			const features = (ssml: "text" | "reject"): readonly string[] =>
				offeredFeatures("text_to_speech", speechRules({ ssml })).filter((feature) => feature === "supports_ssml");
			assert.equal([features("text"), features("reject")], [["supports_ssml"], []]);
		},
		{ options: { ssml: "text" } },
	));

const NO_MP3 = answer.status(400, { error: { message: "response_format: mp3 is not supported by this model", param: null } });

test("a refused format that the guest did not ask for is left out, and the type of the audio is the upstream's", () =>
	against(
		[NO_MP3, answer.text(wav, { "content-type": "audio/wav" }), answer.text(wav, { "content-type": "audio/wav" })],
		async ({ speech, server, media }) => {
			const { format: _, ...payload } = envelope().payload;
			for (let count = 0; count < 2; count++) {
				const { mime_type } = await speech.unary({ ...envelope(), payload }, contextOf({ media }));
				assert.is(mime_type, "audio/wav");
			}
			const formats = server.requests.map((request) => Reflect.get(Object(request.json()), "response_format"));
			assert.equal(formats, ["mp3", undefined, undefined]);
		},
	));

test("a refused format that the guest asked for is not left out", () =>
	against([NO_MP3], async ({ speech, server, media }) => {
		const { code } = await failure(speech.unary(envelope({ format: "mp3" }), contextOf({ media })));
		assert.is(code, "invalid_request");
		assert.is(server.requests.length, 1);
	}));

test.run();
