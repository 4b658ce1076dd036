import { createHash } from "node:crypto";
import type { EmbeddingsBackend } from "../../../../generated/backends/embeddings.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../backend.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { countWords } from "./words.ts";

/** What the stub calls itself, so that nobody takes it for a model. */
const MODEL = "stub-embed";

const DEFAULT_DIMENSIONS = 64;
const MAX_DIMENSIONS = 4096;

export const EMBEDDINGS_CAPABILITIES: OperationCapabilities = {
	transports: ["unary"],
	models: [MODEL],
	features: ["supports_dimensions"],
};

/**
 * `embeddings` without a model: each text's vector is made from its hash. Equal texts get equal vectors of length one, others
 * point anywhere: that two texts mean the same does not bring their vectors together. Usage counts words, not tokens.
 */
export function stubEmbeddings(options: StubOptions, closing: AbortSignal): EmbeddingsBackend {
	return {
		async unary({ payload }, { signal }) {
			const either = AbortSignal.any([signal, closing]);
			if (either.aborted) throw abortError(either);
			const { input, dimensions = DEFAULT_DIMENSIONS, input_type } = payload;
			if (input_type !== undefined) throw new SpearError("missing_capabilities", "the stub does not offer supports_input_type");
			if (dimensions > MAX_DIMENSIONS)
				throw new SpearError("invalid_request", `dimensions: the stub's vectors have at most ${MAX_DIMENSIONS}, not ${dimensions}`);
			await pause(options.delayMs, either);
			const words = input.reduce((sum, text) => sum + countWords(text), 0);
			return {
				model: MODEL,
				vectors: input.map((text) => hashVector(text, dimensions)),
				dimensions,
				usage: { input_tokens: words, total_tokens: words },
			};
		},
	};
}

/** A vector of length one, made from the text's bytes alone. */
function hashVector(text: string, dimensions: number): Float32Array {
	const bytes = createHash("shake256", { outputLength: 4 * dimensions })
		.update(text)
		.digest();
	const values = Array.from({ length: dimensions }, (_, place) => (bytes.readInt32LE(4 * place) + 0.5) / 2 ** 31);
	const length = Math.hypot(...values);
	return Float32Array.from(values, (value) => value / length);
}
