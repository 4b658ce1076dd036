import type { EmbeddingsBackend } from "../../../../generated/backends/embeddings.ts";
import { demandedFeatures } from "../../../../generated/ir/operations.ts";
import { eventLoopTurn } from "../../../async/event-loop-turn.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { wordVector } from "../../kit/emb/word-vector.ts";
import { offeredFeatures } from "../../offered-features.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { refuseUnsupported } from "./refuse-unsupported.ts";
import { EMBEDDINGS_RULES } from "./rules.ts";
import { countWords } from "./words.ts";

/** Name of the stub's model. */
const MODEL = "stub-embed";

const DEFAULT_DIMENSIONS = 64;
/** Bounds a vector to 16 KiB. */
const MAX_DIMENSIONS = 4096;
/** Most numbers of one response, 16 MiB. A request of some kilobytes could otherwise ask for gigabytes. */
const MAX_VALUES = 4 * 1024 * 1024;

export const EMBEDDINGS_CAPABILITIES: OperationCapabilities<"embeddings"> = {
	transports: ["unary"],
	models: [MODEL],
	features: offeredFeatures("embeddings", EMBEDDINGS_RULES),
	rules: EMBEDDINGS_RULES,
};

/**
 * `embeddings` without a model: each vector is derived from the words of its text, and has length one. Texts that share words are near. The
 * vectors do not reflect the meaning of the words. Usage counts words, not tokens.
 */
export function stubEmbeddings(options: StubOptions, closing: AbortSignal): EmbeddingsBackend {
	return {
		async unary({ payload }, { signal }) {
			const either = AbortSignal.any([signal, closing]);
			if (either.aborted) throw abortError(either);
			const { input, dimensions = DEFAULT_DIMENSIONS } = payload;
			refuseUnsupported(demandedFeatures.embeddings(payload), EMBEDDINGS_CAPABILITIES);
			if (dimensions > MAX_DIMENSIONS)
				throw new SpearError("invalid_request", `dimensions: the stub's vectors have at most ${MAX_DIMENSIONS}, not ${dimensions}`);
			if (input.length * dimensions > MAX_VALUES)
				throw new SpearError("invalid_request", `input: the stub returns at most ${MAX_VALUES} numbers; embed fewer texts at once`);
			await pause(options.delayMs, either);
			const words = input.reduce((sum, text) => sum + countWords(text), 0);
			const vectors: Float32Array[] = [];
			for (const text of input) {
				await eventLoopTurn();
				if (either.aborted) throw abortError(either);
				vectors.push(wordVector(text, dimensions));
			}
			return {
				model: MODEL,
				vectors,
				dimensions,
				usage: { input_tokens: words, total_tokens: words },
			};
		},
	};
}
