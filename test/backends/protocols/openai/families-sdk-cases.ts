/** Requests of the families other than chat, as our backend and as a program with OpenAI's own SDK send them. */
import type OpenAI from "openai";
import { toFile } from "openai";
import type { EmbeddingCreateParams, ImageEditParams, ImageGenerateParams } from "openai/resources";
import type { SpeechCreateParams, TranscriptionCreateParams, TranslationCreateParams } from "openai/resources/audio";
import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type { BackendOperations } from "../../../../generated/backends/operations.ts";
import type * as emb from "../../../../generated/ir/emb.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import type * as tts from "../../../../generated/ir/tts.ts";
import { png } from "../../../helpers/images.ts";
import { memoryMedia } from "../../../helpers/memory-media.ts";
import { answer, type Behaviour, sse } from "../../../helpers/openai-server.ts";
import { envelopeOf } from "../../envelope.ts";

export const MEDIA = memoryMedia({
	photo: { bytes: Buffer.from("image a"), mimeType: "image/png" },
	mask: { bytes: Buffer.from("mask"), mimeType: "image/png" },
	clip: { bytes: Buffer.from("RIFF"), mimeType: "audio/wav" },
});
const stored = (id: string): { type: "stored"; stored: string } => ({ type: "stored", stored: `sms+file://${id}` });
const fileOf = (id: "photo" | "mask" | "clip", name: string): Promise<File> =>
	toFile(Buffer.from({ photo: "image a", mask: "mask", clip: "RIFF" }[id]), name, { type: id === "clip" ? "audio/wav" : "image/png" });

/** The same request of our backend and of a program that uses the SDK. */
export interface Pair {
	readonly behaviour: () => Behaviour;
	/** Sends the request of our backend. */
	readonly ours: (operations: BackendOperations, context: BackendContext) => Promise<unknown>;
	/** Sends the same request of a program that uses the SDK. */
	readonly theirs: (sdk: OpenAI) => Promise<unknown>;
	readonly options?: JsonObject;
	/** Members or form fields in which the two bodies differ, and the reason. */
	readonly differences?: Readonly<Record<string, string>>;
}

/** Asks an operation of the backend, and reads a stream to its end. */
async function drain(events: AsyncIterable<unknown> | undefined): Promise<void> {
	for await (const _ of events ?? []) {
		// The request is what counts.
	}
}

export const VECTORS = {
	object: "list",
	model: "small",
	data: [
		{ index: 0, embedding: [1, 0] },
		{ index: 1, embedding: [0, 1] },
	],
};
export const input = ["a", "b"];
const embed =
	(payload: Partial<emb.Request>): Pair["ours"] =>
	async (operations, context) =>
		operations.embeddings?.unary(envelopeOf("embeddings", { input, ...payload }), context);

const MP3: Record<string, string> = { "content-type": "audio/mpeg" };
const SPOKEN: tts.Request = {
	input: { type: "text", text: "Hello." },
	voice: "coral",
	format: "wav",
	speed: 1.25,
	instructions: "Softly.",
};
const speech = {
	model: "small",
	input: "Hello.",
	voice: "coral",
	response_format: "wav",
	speed: 1.25,
	instructions: "Softly.",
} satisfies SpeechCreateParams;

const DONE = sse([{ type: "transcript.text.done", text: "Hello." }], { done: false });

/** Logical requests by name. */
export const FAMILY_CASES: Readonly<Record<string, Pair>> = {
	"a batch of texts": {
		behaviour: () => answer.json(VECTORS),
		ours: embed({ dimensions: 2 }),
		theirs: (sdk) =>
			sdk.embeddings.create({ model: "small", input, dimensions: 2, encoding_format: "float" } satisfies EmbeddingCreateParams),
		differences: { encoding_format: "float is the API's default, and the SDK's own default is base64" },
	},
	"a batch of texts for vectors in base64": {
		behaviour: () => answer.json({ ...VECTORS, data: ["AACAPwAAAAA=", "AAAAAAAAgD8="].map((embedding, index) => ({ index, embedding })) }),
		options: { embeddings_encoding: "base64" },
		ours: embed({}),
		theirs: (sdk) => sdk.embeddings.create({ model: "small", input }),
	},
	"an image to generate": {
		behaviour: () => answer.json({ created: 1, data: [{ b64_json: Buffer.from(png()).toString("base64") }] }),
		ours: async (operations, context) =>
			operations.image_generation?.unary(
				envelopeOf("image_generation", {
					task: { type: "generate" },
					prompt: "a cat",
					n: 1,
					size: { width: 1024, height: 1024 },
					quality: "high",
					background: "transparent",
					format: "png",
				}),
				context,
			),
		theirs: (sdk) =>
			sdk.images.generate({
				model: "small",
				prompt: "a cat",
				n: 1,
				size: "1024x1024",
				quality: "high",
				background: "transparent",
				output_format: "png",
			} satisfies ImageGenerateParams),
	},
	"an image to edit": {
		behaviour: () => answer.json({ created: 1, data: [{ b64_json: Buffer.from(png()).toString("base64") }] }),
		ours: async (operations, context) =>
			operations.image_generation?.unary(
				envelopeOf("image_generation", {
					task: { type: "edit", edit: { images: [stored("photo"), stored("photo")], mask: stored("mask") } },
					prompt: "a hat",
				}),
				context,
			),
		theirs: async (sdk) =>
			sdk.images.edit({
				model: "small",
				prompt: "a hat",
				image: [await fileOf("photo", "image.png"), await fileOf("photo", "image.png")],
				mask: await fileOf("mask", "mask.png"),
			} satisfies ImageEditParams),
	},
	"a text to speak": {
		behaviour: () => answer.text(Buffer.from("RIFF"), { "content-type": "audio/wav" }),
		ours: async (operations, context) => operations.text_to_speech?.unary(envelopeOf("text_to_speech", SPOKEN), context),
		theirs: async (sdk) => (await sdk.audio.speech.create(speech)).arrayBuffer(),
	},
	"a text to speak, streamed": {
		behaviour: () => answer.text(Buffer.from("ID3"), MP3),
		ours: async (operations, context) =>
			drain(operations.text_to_speech?.stream(envelopeOf("text_to_speech", { ...SPOKEN, format: "mp3" }), context)),
		theirs: async (sdk) => (await sdk.audio.speech.create({ ...speech, response_format: "mp3" })).arrayBuffer(),
	},
	"a recording to transcribe": {
		behaviour: () => answer.json({ text: "Hello." }),
		ours: async (operations, context) =>
			operations.speech_to_text?.unary(
				envelopeOf("speech_to_text", { audio: stored("clip"), language: "en", prompt: "Names: Ann.", temperature: 0.5 }),
				context,
			),
		theirs: async (sdk) =>
			sdk.audio.transcriptions.create({
				model: "small",
				file: await fileOf("clip", "audio.wav"),
				language: "en",
				prompt: "Names: Ann.",
				temperature: 0.5,
				response_format: "json",
			} satisfies TranscriptionCreateParams),
	},
	"a recording to transcribe with times": {
		behaviour: () => answer.json({ text: "Hello.", segments: [], words: [], duration: 1, language: "english" }),
		ours: async (operations, context) =>
			operations.speech_to_text?.unary(envelopeOf("speech_to_text", { audio: stored("clip"), timestamps: ["word", "segment"] }), context),
		theirs: async (sdk) =>
			sdk.audio.transcriptions.create({
				model: "small",
				file: await fileOf("clip", "audio.wav"),
				response_format: "verbose_json",
				timestamp_granularities: ["word", "segment"],
			} satisfies TranscriptionCreateParams),
	},
	"a recording to transcribe, streamed": {
		behaviour: () => answer.stream(DONE),
		ours: async (operations, context) =>
			drain(operations.speech_to_text?.stream(envelopeOf("speech_to_text", { audio: stored("clip") }), context)),
		theirs: async (sdk) =>
			drain(
				await sdk.audio.transcriptions.create({
					model: "small",
					file: await fileOf("clip", "audio.wav"),
					response_format: "json",
					stream: true,
				} satisfies TranscriptionCreateParams),
			),
	},
	"a recording to translate": {
		behaviour: () => answer.json({ text: "Hello." }),
		ours: async (operations, context) =>
			operations.speech_to_text?.unary(envelopeOf("speech_to_text", { audio: stored("clip"), task: "translate" }), context),
		theirs: async (sdk) =>
			sdk.audio.translations.create({
				model: "small",
				file: await fileOf("clip", "audio.wav"),
				response_format: "json",
			} satisfies TranslationCreateParams),
	},
};
