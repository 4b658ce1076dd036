/** Requests of embeddings, images, audio and realtime sessions over HTTP become the very envelopes that a guest makes. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import { OPERATIONS } from "../../../generated/ir/operations.ts";
import { type BackendKind, defineBackend } from "../../../src/backend.ts";
import { ask, bytes, familyGuest } from "../../helpers/family-guest.ts";
import { buildTestGuest, scratch } from "../../helpers/guest.ts";
import { png } from "../../helpers/images.ts";
import { served } from "./served.ts";

const GUEST = familyGuest(
	`import { embed } from "spear:ai/emb@0.1.0";
import { create } from "spear:ai/img@0.1.0";
import { transcribe, transcribeStream } from "spear:ai/asr@0.1.0";
import { synthesizeStream } from "spear:ai/tts@0.1.0";
import { Session } from "spear:ai/rt@0.1.0";
import { put } from "spear:ai/media@0.1.0";
const stored = ({ data, mimeType }) => put(data, mimeType).reference;`,
	`	emb: ({ request, options }) => (embed(request, options), null),
	img({ request, images = [], mask, variation, options }) {
		const task = variation ? { tag: "variation", val: stored(variation) }
			: images.length > 0 ? { tag: "edit", val: { images: images.map(stored), mask: mask && stored(mask) } } : { tag: "generate" };
		return create({ task, ...request }, options), null;
	},
	asr: ({ request, audio, options }) => (transcribe({ audio: stored(audio), ...request }, options), null),
	asrStream: ({ request, audio, options }) => (transcribeStream({ audio: stored(audio), ...request }, options).next(), null),
	tts: ({ request, options }) => (synthesizeStream(request, options).next(), null),
	rt: ({ request, options }) => (Session.connect(request, options).close(), null),`,
);

const IMAGE = Buffer.from(png());
const WAV = Buffer.from("RIFF    WAVE");
const photo = { data: bytes(IMAGE), mimeType: "image/png" };
const clip = { data: bytes(WAV), mimeType: "audio/wav" };

/** A kind that keeps every request, and answers with the least that is an answer. */
function recordingKind(received: RequestEnvelope[]): BackendKind {
	return defineBackend({
		name: "recording",
		create: () => ({
			operations: {
				embeddings: {
					features: [...OPERATIONS.embeddings.features],
					models: ["m"],
					async unary(envelope) {
						received.push(envelope);
						return { model: "m", vectors: envelope.payload.input.map(() => new Float32Array([1])), dimensions: 1 };
					},
				},
				image_generation: {
					features: [...OPERATIONS.image_generation.features],
					models: ["m"],
					async unary(envelope, { media, signal }) {
						received.push(envelope);
						const image = await media.store(
							(async function* () {
								yield IMAGE;
							})(),
							"image/png",
							signal,
						);
						return { images: [{ media: image.reference, mime_type: "image/png" }] };
					},
				},
				speech_to_text: {
					features: [...OPERATIONS.speech_to_text.features],
					models: ["m"],
					async unary(envelope) {
						received.push(envelope);
						return { text: "Hi.", segments: [], words: [] };
					},
					async *stream(envelope) {
						received.push(envelope);
						yield { type: "completed", completed: { text: "Hi.", segments: [], words: [] } };
					},
				},
				text_to_speech: {
					features: [...OPERATIONS.text_to_speech.features],
					models: ["m"],
					async unary() {
						throw new Error("speech is streamed");
					},
					async *stream(envelope, { media, signal }) {
						received.push(envelope);
						yield { type: "audio", audio: WAV };
						const audio = await media.store(
							(async function* () {
								yield WAV;
							})(),
							"audio/wav",
							signal,
						);
						yield { type: "completed", completed: { audio: audio.reference, mime_type: "audio/wav" } };
					},
				},
				realtime_voice: {
					features: [...OPERATIONS.realtime_voice.features],
					models: ["m"],
					async connect(envelope) {
						received.push(envelope);
						const { promise: closed, resolve } = Promise.withResolvers<void>();
						return {
							events: {
								[Symbol.asyncIterator]: () => ({
									next: () => closed.then((): IteratorReturnResult<undefined> => ({ done: true, value: undefined })),
								}),
							},
							async send() {},
							async drain() {},
							async close() {
								resolve();
							},
							report: () => ({}),
						};
					},
				},
			},
		}),
	});
}

function form(fields: Record<string, string>, files: readonly [field: string, bytes: Buffer<ArrayBuffer>, type: string][]): FormData {
	const made = new FormData();
	for (const [name, value] of Object.entries(fields)) made.append(name, value);
	for (const [name, content, type] of files) made.append(name, new Blob([content], { type }), "file");
	return made;
}

interface Case {
	/** Command of the guest. */
	readonly guest: { readonly do: string; readonly [argument: string]: unknown };
	readonly path: string;
	/** Body in JSON, or a form. For a session, the member `session` of its configuration. */
	readonly body: unknown;
}

const OPTIONS = { providerOptions: '{"extra":1}', timeoutMs: 4000 };
const SPEAR = { extra: 1, spear: { timeout_ms: 4000 } };
const photos = (...fields: string[]) => fields.map((field): [string, Buffer<ArrayBuffer>, string] => [field, IMAGE, "image/png"]);
const recording: [string, Buffer<ArrayBuffer>, string][] = [["file", WAV, "audio/wav"]];

const CASES: Readonly<Record<string, Case>> = {
	"embeddings of one text": {
		guest: { do: "emb", request: { model: "m", input: ["a"] } },
		path: "/embeddings",
		body: { model: "m", input: "a" },
	},
	"embeddings with every option": {
		guest: { do: "emb", request: { model: "m", input: ["a", "b"], dimensions: 8, inputType: "query" }, options: OPTIONS },
		path: "/embeddings",
		body: { ...SPEAR, encoding_format: "base64", input_type: "query", dimensions: 8, input: ["a", "b"], model: "m" },
	},
	"images from a prompt": {
		guest: {
			do: "img",
			request: {
				model: "m",
				prompt: "a cat",
				n: 2,
				size: { width: 64, height: 32 },
				quality: "high",
				style: "vivid",
				background: "opaque",
				format: "webp",
				seed: 7,
			},
			options: OPTIONS,
		},
		path: "/images/generations",
		body: {
			...SPEAR,
			model: "m",
			prompt: "a cat",
			n: 2,
			size: "64x32",
			quality: "hd",
			style: "vivid",
			background: "opaque",
			output_format: "webp",
			seed: 7,
			response_format: "url",
		},
	},
	"an edit of two images with a mask": {
		guest: { do: "img", request: { model: "m", prompt: "a dog", n: 1 }, images: [photo, photo], mask: photo },
		path: "/images/edits",
		body: form({ model: "m", prompt: "a dog", n: "1" }, photos("image[]", "image[]", "mask")),
	},
	"a variation": {
		guest: { do: "img", request: { model: "m" }, variation: photo },
		path: "/images/variations",
		body: form({ model: "m" }, photos("image")),
	},
	"a transcript": {
		guest: {
			do: "asr",
			audio: clip,
			request: {
				model: "m",
				task: "transcribe",
				language: "de",
				prompt: "Hallo",
				timestamps: { segment: true, word: true },
				temperature: 0.5,
			},
		},
		path: "/audio/transcriptions",
		body: form(
			{
				model: "m",
				language: "de",
				prompt: "Hallo",
				temperature: "0.5",
				response_format: "verbose_json",
				"timestamp_granularities[]": "word",
				timestamp_granularities: "segment",
			},
			recording,
		),
	},
	"a transcript in subtitles": {
		guest: { do: "asr", audio: clip, request: { task: "transcribe", timestamps: { segment: true } } },
		path: "/audio/transcriptions",
		body: form({ response_format: "vtt" }, recording),
	},
	"a streamed transcript with speakers": {
		guest: { do: "asrStream", audio: clip, request: { model: "m", task: "transcribe", diarize: true } },
		path: "/audio/transcriptions",
		body: form({ model: "m", response_format: "diarized_json", stream: "true" }, recording),
	},
	"a translation": {
		guest: { do: "asr", audio: clip, request: { task: "translate", prompt: "Hi" } },
		path: "/audio/translations",
		body: form({ prompt: "Hi" }, recording),
	},
	speech: {
		guest: {
			do: "tts",
			request: { model: "m", input: { tag: "text", val: "Hello." }, voice: "alloy", format: "wav", speed: 1.5, instructions: "calm" },
			options: OPTIONS,
		},
		path: "/audio/speech",
		body: { ...SPEAR, model: "m", input: "Hello.", voice: "alloy", response_format: "wav", speed: 1.5, instructions: "calm" },
	},
	"a conversation": {
		guest: {
			do: "rt",
			request: {
				model: "m",
				mode: "conversation",
				instructions: "Be brief.",
				voice: "marin",
				inputFormat: "g711-ulaw",
				turnDetection: { tag: "server-vad", val: { threshold: 0.5, silenceDurationMs: 500 } },
				transcriptionModel: "m",
				language: "de",
				tools: [{ name: "look", description: "Looks.", parameters: '{"type":"object"}' }],
			},
		},
		path: "/realtime?model=m",
		body: {
			instructions: "Be brief.",
			audio: {
				input: {
					format: { type: "audio/pcmu" },
					turn_detection: { type: "server_vad", threshold: 0.5, silence_duration_ms: 500 },
					transcription: { model: "m", language: "de" },
				},
				output: { voice: "marin" },
			},
			tools: [{ type: "function", name: "look", description: "Looks.", parameters: { type: "object" } }],
		},
	},
	"a transcription while one speaks": {
		guest: { do: "rt", request: { model: "m", mode: "transcription", turnDetection: { tag: "manual" }, language: "en", tools: [] } },
		path: "/realtime?intent=transcription",
		body: { audio: { input: { turn_detection: null, transcription: { model: "m", language: "en" } } } },
	},
};

/** Returns the text of an envelope without what differs between two equal requests. */
function comparable({ request_id: _, meta: __, ...envelope }: RequestEnvelope): string {
	return JSON.stringify(envelope).replace(/sms\+file:\/\/[0-9a-f]{32}/g, "sms+file://ID");
}

test("requests of every other family by a guest and over HTTP are one envelope", async () => {
	const { prepared } = await buildTestGuest(GUEST, { world: "agent" });
	const received: RequestEnvelope[] = [];
	const config = { host: { log_level: "silent" as const, cache_dir: scratch() }, backends: { up: { kind: "recording" } } };
	await served(
		config,
		async ({ host, url }) => {
			const instance = await (await host.load(prepared)).instantiate();
			for (const [name, { guest, path, body }] of Object.entries(CASES)) {
				received.length = 0;
				assert.equal(await ask(instance, guest), [{ ok: null }], name);
				if (path.startsWith("/realtime")) await beginSession(`${url.replace("http", "ws")}/v1${path}`, body);
				else {
					const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
					const answer = await fetch(`${url}/v1${path}`, { method: "POST", ...(body instanceof FormData ? { body } : json) });
					const text = await answer.text();
					assert.is(answer.status, 200, `${name}: ${text}`);
				}
				const [ofGuest, overHttp, ...more] = received.map(comparable);
				assert.is(overHttp, ofGuest, name);
				assert.is(more.length, 0, name);
			}
		},
		{ kinds: [recordingKind(received)] },
	);
});

/** Begins a session with this configuration, by its first input, and ends it. */
async function beginSession(url: string, session: unknown): Promise<void> {
	const socket = new WebSocket(url);
	const ended = once(socket, "close");
	socket.on("message", (data) => {
		const { type, error } = JSON.parse(String(data));
		if (type === "error") throw new Error(error.message);
		if (type === "input_audio_buffer.cleared") socket.close();
	});
	await once(socket, "open");
	socket.send(JSON.stringify({ type: "session.update", session }));
	socket.send(JSON.stringify({ type: "input_audio_buffer.clear" }));
	await ended;
}

test.run();
