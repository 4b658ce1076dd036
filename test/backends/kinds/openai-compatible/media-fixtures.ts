import { answerOf, jsonAnswer, type OperationFixture } from "../../../../src/backend-conformance.ts";
import { png } from "../../../helpers/images.ts";
import { sse } from "../../../helpers/openai-server.ts";
import { formOf, postOf } from "./requests.ts";

const PNG = png();
const BASE64 = Buffer.from(PNG).toString("base64");
const IMAGE = { bytes: PNG, mimeType: "image/png" };

/** Images of the kind `openai-compatible` for the conformance suite. */
export const imageFixture: OperationFixture<"image_generation"> = {
	payload: { task: { type: "generate" }, prompt: "a cat" },
	requests: {
		"a prompt": { upstream: postOf("/images/generations", { model: "small", prompt: "a cat" }) },
		"an edit": {
			media: { "sms+file://a": IMAGE },
			payload: { task: { type: "edit", edit: { images: [{ type: "stored", stored: "sms+file://a" }] } }, prompt: "a hat" },
			upstream: formOf("/images/edits", [
				{ name: "model", value: "small" },
				{ name: "prompt", value: "a hat" },
				{ name: "image", filename: "image.png", type: "image/png", bytes: PNG },
			]),
		},
	},
	answers: {
		"an image": {
			whole: jsonAnswer({ created: 1713833628, data: [{ b64_json: BASE64, revised_prompt: "a red cat" }] }),
			result: {
				images: [
					{
						media: { type: "stored", stored: "sms+file://stored-1" },
						mime_type: "image/png",
						size: { width: 4, height: 3 },
						revised_prompt: "a red cat",
					},
				],
			},
			stored: [IMAGE],
		},
	},
};

const CLIP = { bytes: new Uint8Array(Buffer.from("RIFF\x00\xff\r\n--not a boundary\r\n", "latin1")), mimeType: "audio/wav" };
const TOKENS = { type: "tokens", input_tokens: 14, output_tokens: 31, total_tokens: 45 };
const usage = { input_tokens: 14, output_tokens: 31, total_tokens: 45 };
const delta = (text: string): object => ({ type: "transcript.text.delta", delta: text });

/** Transcripts of the kind `openai-compatible` for the conformance suite. */
export const transcriptFixture: OperationFixture<"speech_to_text"> = {
	payload: { audio: { type: "stored", stored: "sms+file://clip" } },
	media: { "sms+file://clip": CLIP },
	requests: {
		"a recording": {
			transports: ["unary"],
			upstream: formOf("/audio/transcriptions", [
				{ name: "model", value: "small" },
				{ name: "response_format", value: "json" },
				{ name: "file", filename: "audio.wav", type: "audio/wav", bytes: CLIP.bytes },
			]),
		},
	},
	answers: {
		words: {
			whole: jsonAnswer({ text: "I see “blue” 🟦.", usage: TOKENS }),
			stream: answerOf(
				"text/event-stream",
				sse([delta("I see "), delta("“blue” 🟦."), { type: "transcript.text.done", text: "I see “blue” 🟦.", usage: TOKENS }], {
					done: false,
				}),
			),
			result: { text: "I see “blue” 🟦.", segments: [], words: [], usage },
			events: [
				{ type: "text", text: "I see " },
				{ type: "text", text: "“blue” 🟦." },
			],
		},
	},
	reportedFaults: {
		noise: {
			stream: answerOf("text/event-stream", sse([delta("I "), { type: "error", error: { message: "Too noisy", type: "server_error" } }])),
			events: [{ type: "text", text: "I " }],
			error: { code: "backend_error", retryable: true, attribution: "backend", message: "the backend failed: Too noisy" },
		},
	},
};

const MP3 = { bytes: new Uint8Array(Buffer.from("ID3 this is no audio, but bytes")), mimeType: "audio/mpeg" };

/** Speech of the kind `openai-compatible` for the conformance suite. */
export const speechFixture: OperationFixture<"text_to_speech"> = {
	payload: { input: { type: "text", text: "Hello there." }, format: "mp3" },
	requests: {
		"a text": { upstream: postOf("/audio/speech", { model: "small", input: "Hello there.", voice: "alloy", response_format: "mp3" }) },
	},
	streamed: (whole) => whole,
	answers: {
		"a recording": {
			whole: answerOf("audio/mpeg", MP3.bytes),
			stream: answerOf("audio/mpeg", MP3.bytes),
			result: { audio: { type: "stored", stored: "sms+file://stored-1" }, mime_type: "audio/mpeg" },
			events: [{ type: "audio", audio: MP3.bytes }],
			stored: [MP3],
		},
	},
	refusals: {
		SSML: {
			payload: { input: { type: "ssml", ssml: "<speak>Hi</speak>" } },
			error: { code: "missing_capabilities", retryable: false, attribution: "request" },
		},
	},
};
