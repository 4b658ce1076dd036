import type * as cchat from "../../../generated/ir/cchat.ts";
import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { chatRequest, message } from "../../helpers/chat.ts";
import { png } from "../../helpers/images.ts";
import { wavFile } from "../../helpers/wav-file.ts";

const inline = (mime_type: string, data: Uint8Array): types.MediaRef => ({ type: "inline", inline: { mime_type, data } });
const foreign: types.OpaquePart = { provider: "elsewhere", kind: "content.thought", data: new TextEncoder().encode('{"type":"thought"}') };

const said = (...content: cchat.ContentPart[]): cchat.Message => ({ role: "assistant", content, tool_calls: [] });
const text = (words: string): cchat.ContentPart => ({ type: "text", text: words });

/** Conversations with the fields that kinds drop. Each keeps a text beside a field that is dropped. */
const CHATS: readonly cchat.Request[] = [
	chatRequest({ messages: [{ ...message("user", "hello"), name: "ada" }] }),
	chatRequest({ params: { stop: [], temperature: 0.3, top_p: 0.4 } }),
	chatRequest({ params: { stop: [], presence_penalty: 0.5, frequency_penalty: 0.6 } }),
	chatRequest({
		messages: [
			message("user", "one"),
			said(text("two"), { type: "annotation", annotation: { url: "https://a.example", title: "A", start_index: 0, end_index: 3 } }),
			message("user", "three"),
		],
	}),
	chatRequest({ messages: [message("user", "one"), said({ type: "opaque", opaque: foreign }, text("two")), message("user", "three")] }),
	chatRequest({
		messages: [message("user", "one"), said({ type: "reasoning", reasoning: { text: "hm" } }, text("two")), message("user", "three")],
	}),
	chatRequest({
		messages: [
			message("user", "one"),
			said({ type: "reasoning", reasoning: { text: "hm", sealed: foreign } }, text("two")),
			message("user", "three"),
		],
	}),
	chatRequest({
		messages: [
			{
				role: "user",
				content: [text("look"), { type: "image", image: { source: inline("image/png", png()), detail: "low" } }],
				tool_calls: [],
			},
		],
	}),
	chatRequest({
		messages: [
			{
				role: "user",
				content: [text("read"), { type: "file", file: { source: inline("application/pdf", new Uint8Array(9)), filename: "a.pdf" } }],
				tool_calls: [],
			},
		],
	}),
	chatRequest({
		tools: [{ name: "f", parameters: { type: "object" } }],
		messages: [
			message("user", "one"),
			{ role: "assistant", content: [], tool_calls: [{ id: "call_1", name: "f", arguments: "{}" }] },
			{ role: "tool", content: [text("broken")], tool_calls: [], tool_call_id: "call_1", is_error: true },
		],
	}),
	chatRequest({ messages: [message("user", "one"), said(text("two"), text("  ")), message("user", "three")] }),
];

const wav = inline("audio/wav", wavFile(new Float32Array(1600), 16_000));

/** Operations of one request and one answer. */
export type UnaryOperation = Exclude<Operation, "realtime_voice">;

/** Requests with the fields that kinds drop. */
export const SAMPLES: { readonly [O in UnaryOperation]: readonly OperationMap[O]["payload"][] } = {
	chat_completions: CHATS,
	embeddings: [{ input: ["a"], input_type: "query", dimensions: 8 }],
	image_generation: [
		{ task: { type: "generate" }, prompt: "p", quality: "high", style: "vivid" },
		{ task: { type: "edit", edit: { images: [inline("image/png", png())] } }, prompt: "p", quality: "high", background: "opaque" },
	],
	speech_to_text: [
		{ audio: wav, language: "de", task: "translate" },
		{ audio: wav, language: "de", task: "transcribe", prompt: "names", temperature: 0.5, timestamps: [], diarize: false },
		{ audio: wav, language: "en", prompt: "names", temperature: 0.5 },
	],
	text_to_speech: [{ input: { type: "text", text: "Hi" }, language: "de", speed: 1.5, format: "wav" }],
};
