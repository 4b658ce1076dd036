import { WIRES } from "../bench-backend-wires.ts";

/** The answers of the upstream of `npm run bench:path`, in OpenAI's form. */
const wire = WIRES["openai-compatible"];
if (wire === undefined) throw new Error("the wires of the benchmark hold no openai-compatible");

/** Vectors of an embeddings request, and the numbers of each. */
export const VECTORS = 64;
const DIMENSIONS = 256;

export const CHAT_ANSWER = wire.chat;
export const CHAT_CHUNKS = wire.stream.chunks;

export const EMBEDDINGS_ANSWER = JSON.stringify({
	object: "list",
	model: "m",
	data: Array.from({ length: VECTORS }, (_, index) => ({
		object: "embedding",
		index,
		embedding: Array.from({ length: DIMENSIONS }, (_, at) => Math.fround(Math.sin(index + at))),
	})),
	usage: { prompt_tokens: VECTORS, total_tokens: VECTORS },
});
