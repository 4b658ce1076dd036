import type { Operation } from "../../../../generated/ir/operations.ts";

/** Words in the names of models, and the operation that they tell. The first match counts: names of chat models are the most general. */
const WORDS: readonly (readonly [words: RegExp, operation: Operation])[] = [
	[/realtime/, "realtime_voice"],
	[/embed|(?:^|\/)(?:bge|e5|gte|voyage)-/, "embeddings"],
	[/whisper|transcribe/, "speech_to_text"],
	[/(?:^|[-_/])tts(?:$|[-_])|playai|kokoro|orpheus/, "text_to_speech"],
	[/dall-e|gpt-image|chatgpt-image|flux|stable-diffusion|sdxl|imagen/, "image_generation"],
	[
		/(?:^|\/)(?:gpt-(?:[345]|oss)|chatgpt|o[134](?:$|-)|claude|gemma|gemini|llama|meta-llama|mistral|ministral|mixtral|codestral|magistral|qwen|qwq|deepseek|command|phi-|grok|kimi|glm-)/,
		"chat_completions",
	],
];

/**
 * Returns the operations of a well-known model by its name, such as `text-embedding-3-small` or `gpt-4o`. Returns `undefined` for a name that says
 * nothing, and for a pattern that may match models of several operations.
 */
export function operationsByName(name: string): readonly Operation[] | undefined {
	const star = name.indexOf("*");
	if (star >= 0) return undefined;
	const operation = WORDS.find(([words]) => words.test(name.toLowerCase()))?.[1];
	return operation === undefined ? undefined : [operation];
}
