import { RequestQueue } from "../../kit/engine/request-queue.ts";
import type { ChatWrapper, ContextOptions, EmbeddingContext, Library, Llama, Model, Sequence } from "./library.ts";
import type { ModelFile } from "./model-file.ts";
import type { LlamaCppOptions } from "./options.ts";

/** Parts of the engine that a model needs. */
interface Loader {
	runtime(): Promise<{ readonly library: Library; readonly llama: Llama }>;
	load(file: ModelFile): Promise<Model>;
}

/** A model that is ready to chat. */
export interface ChatModel {
	readonly library: Library;
	readonly llama: Llama;
	readonly model: Model;
	/** Template of the model. */
	readonly wrapper: ChatWrapper;
	readonly sequence: Sequence;
	readonly contextSize: number;
}

/** A model that is ready to embed. */
export interface EmbeddingModel {
	readonly model: Model;
	readonly context: EmbeddingContext;
	readonly contextSize: number;
}

/**
 * A model and its contexts. Each is loaded when it is first needed. A failure is not remembered: the operator may put the file in its place
 * while the host runs. Only the holder of {@link queue} may load or use anything.
 */
export class LoadedModel {
	readonly queue: RequestQueue;
	/** Conversation whose evaluated beginning the context holds. Absent: none that may go on. */
	conversation: string | undefined;
	readonly #loader: Loader;
	readonly #file: ModelFile;
	readonly #options: LlamaCppOptions;
	#model: Model | undefined;
	#chat: ChatModel | undefined;
	#embedding: EmbeddingModel | undefined;

	constructor(loader: Loader, file: ModelFile, options: LlamaCppOptions) {
		this.#loader = loader;
		this.#file = file;
		this.#options = options;
		this.queue = new RequestQueue(options.maxPending);
	}

	/** True once the file has been loaded. */
	get isLoaded(): boolean {
		return this.#model !== undefined;
	}

	/** Returns the model with a context for chat. */
	async chat(): Promise<ChatModel> {
		if (this.#chat !== undefined) return this.#chat;
		const model = await this.#load();
		const { library, llama } = await this.#loader.runtime();
		const wrapper = library.resolveChatWrapper(model);
		const context = await model.createContext(this.#contextOptions(model));
		this.#chat = { library, llama, model, wrapper, sequence: context.getSequence(), contextSize: context.contextSize };
		return this.#chat;
	}

	/** Returns the model with a context for embeddings. */
	async embedding(): Promise<EmbeddingModel> {
		if (this.#embedding !== undefined) return this.#embedding;
		const model = await this.#load();
		const options = this.#contextOptions(model);
		this.#embedding = { model, context: await model.createEmbeddingContext(options), contextSize: options.contextSize };
		return this.#embedding;
	}

	async #load(): Promise<Model> {
		this.#model ??= await this.#loader.load(this.#file);
		return this.#model;
	}

	/** A context beyond the one that the model was trained with gives poor answers. */
	#contextOptions({ trainContextSize }: Model): ContextOptions {
		const { contextSize, threads } = this.#options;
		return { contextSize: Math.min(contextSize, trainContextSize), threads };
	}
}
