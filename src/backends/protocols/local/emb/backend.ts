import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { EngineThread, threadModule } from "../../../kit/engine/engine-thread.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import { fileOf } from "../file-of.ts";
import { noProviderOptions } from "../no-provider-options.ts";
import type { LocalContext, LocalOperation } from "../operation.ts";
import { operationQueue } from "../operation-queue.ts";
import type { PackagePaths } from "../package-paths.ts";
import { checkModel } from "../served-model.ts";
import type { EncodedTexts, EncoderSettings, EncoderTask } from "./encoder-thread.ts";
import { libraryPath } from "./load-library.ts";
import { DIMENSIONS, EMBEDDINGS_RULES, MAX_TOKENS } from "./rules.ts";

/** Name of the model, for guests and in the store. */
const MODEL = "sentence-encoder-en";

/** Most texts of one task. Other requests have their turns between tasks. */
const TASK_TEXTS = 16;

/** Most characters of a task with several texts: about as many tokens as the longest text may have. A task takes a second or two at most. */
const TASK_CHARACTERS = 2048;

/** Most texts of a request. Their vectors take four megabytes. */
const MAX_TEXTS = 2048;

export const EMBEDDINGS_CAPABILITIES: OperationCapabilities<"embeddings"> = {
	transports: ["unary"],
	models: [MODEL],
	features: offeredFeatures("embeddings", EMBEDDINGS_RULES),
	rules: EMBEDDINGS_RULES,
};

/** `embeddings` by a sentence encoder in a thread. The vectors have length one, so that their scalar product is their similarity. */
export function localEmbeddings(context: LocalContext, packages: PackagePaths): LocalOperation<"embeddings"> {
	const { config, options, files } = context;
	const closing = new AbortController();
	const queue = operationQueue(options);
	const settings = async (): Promise<EncoderSettings> => ({
		library: libraryPath(packages),
		model: await fileOf(files, MODEL, "model.json"),
		vocabulary: await fileOf(files, MODEL, "vocab.json"),
	});
	const engine = new EngineThread<EncoderTask, EncodedTexts>({
		title: "embeddings",
		entry: threadModule("./encoder-thread", import.meta.url),
		settings,
		checks: () => files.checksOf?.(MODEL) ?? [],
		// The queue bounds the requests. Each has one task at most.
		maxPending: Number.POSITIVE_INFINITY,
		idleMs: options.idleMs,
	});
	context.register(MODEL, engine, ["embeddings"]);

	async function encoded(texts: readonly string[], caller: Pick<BackendContext, "signal" | "guest">): Promise<EncodedTexts> {
		const results: EncodedTexts[] = [];
		await engine.run({ texts }, { ...caller, onEvent: (event) => results.push(event) });
		const [result] = results;
		if (result === undefined) throw new SpearError("internal", "the engine of embeddings returned no vectors");
		return result;
	}

	return {
		backend: {
			async unary(envelope, backend) {
				const signal = AbortSignal.any([backend.signal, closing.signal]);
				if (signal.aborted) throw abortError(signal);
				checkModel(config, "embeddings", envelope.payload.model, MODEL);
				const input = textsOf(envelope);
				const leave = await queue.enter(signal, backend.guest);
				try {
					const vectors: Float32Array[] = [];
					let tokens = 0;
					let cut = 0;
					for (const texts of tasksOf(input)) {
						const result = await encoded(texts, { signal, guest: backend.guest });
						for (const index of texts.keys()) vectors.push(result.vectors.slice(index * DIMENSIONS, (index + 1) * DIMENSIONS));
						tokens += result.tokens;
						cut += result.cut;
					}
					return {
						model: MODEL,
						vectors,
						dimensions: DIMENSIONS,
						usage: { input_tokens: tokens, total_tokens: tokens },
						...(cut === 0 ? {} : { downgrades: [cutDowngrade(cut)] }),
					};
				} finally {
					leave();
				}
			},
		},
		async check() {
			await settings();
		},
		async close(reason) {
			closing.abort(reason);
			await engine.close(reason);
		},
	};
}

/** @throws SpearError `invalid_request` or `missing_capabilities`. */
function textsOf({ payload, provider_options }: RequestEnvelope<"embeddings">): readonly string[] {
	const { model: _, input, dimensions = DIMENSIONS, input_type, ...rest } = payload;
	assertNoFieldsLeft(rest);
	noProviderOptions(provider_options);
	if (dimensions !== DIMENSIONS)
		throw new SpearError("missing_capabilities", `dimensions: this backend's vectors have ${DIMENSIONS} numbers, not ${dimensions}`);
	if (input_type !== undefined) throw new SpearError("missing_capabilities", "input_type: this backend embeds all texts alike");
	if (input.length > MAX_TEXTS)
		throw new SpearError("invalid_request", `input: it has ${input.length} texts, and this backend embeds at most ${MAX_TEXTS} at once`);
	return input;
}

/** Yields the texts of each task, in order. */
function* tasksOf(input: readonly string[]): Generator<readonly string[], void, void> {
	let texts: string[] = [];
	let characters = 0;
	for (const text of input) {
		characters += text.length;
		if (texts.length === TASK_TEXTS || (texts.length > 0 && characters > TASK_CHARACTERS)) {
			yield texts;
			texts = [];
			characters = text.length;
		}
		texts.push(text);
	}
	yield texts;
}

function cutDowngrade(cut: number): types.Downgrade {
	const detail = `${cut === 1 ? "1 text has" : `${cut} texts have`} more than ${MAX_TOKENS} tokens, of which only the first count`;
	return { field: "input", effect: "changed", detail };
}
