import { test } from "uvu";
import * as assert from "uvu/assert";
import { operationsByName } from "../../../../src/backends/kinds/openai-compatible/operations-by-name.ts";

const NAMES = {
	chat_completions: [
		"gpt-4o",
		"gpt-5-mini",
		"o3",
		"o4-mini",
		"claude-sonnet-5-5",
		"meta-llama/Llama-3.3-70B-Instruct-Turbo",
		"mistral-large-latest",
		"deepseek-chat",
		"openai/gpt-4o-mini",
		"gpt-4o-audio-preview",
	],
	embeddings: ["text-embedding-3-small", "mistral-embed", "nomic-embed-text", "BAAI/bge-m3", "bge-m3"],
	speech_to_text: ["whisper-1", "whisper-large-v3-turbo", "gpt-4o-transcribe"],
	text_to_speech: ["tts-1", "tts-1-hd", "gpt-4o-mini-tts", "playai-tts"],
	image_generation: ["dall-e-3", "gpt-image-1", "black-forest-labs/FLUX.1-schnell", "stable-diffusion-3"],
	realtime_voice: ["gpt-realtime", "gpt-4o-realtime-preview"],
} as const;

test("the name of a well-known model tells its operation", () => {
	for (const [operation, names] of Object.entries(NAMES)) for (const name of names) assert.equal(operationsByName(name), [operation], name);
});

test("other names, and patterns, tell nothing", () => {
	for (const name of ["", "small", "m", "my-model", "folio3", "demo1", "gpt-*", "*", "attspeech", "gpt-2"])
		assert.is(operationsByName(name), undefined, name);
});

test.run();
