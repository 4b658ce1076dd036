import type {
	ChatContext,
	ChatWrapper,
	EmbeddingContext,
	Functions,
	GeneratedResponse,
	GenerateOptions,
	HistoryItem,
	Library,
	Llama,
	Model,
	Sequence,
	Token,
	Tokenizer,
} from "../../../../src/backends/protocols/llama-cpp/library.ts";

/** Makes one token of each character. */
const tokenizer: Tokenizer = (text) => Array.from(text, (character) => character.charCodeAt(0));

/** Sequence that remembers its tokens. `step` delays each evaluation of a part of a prompt. */
export class FakeSequence implements Sequence {
	readonly tokens: Token[] = [];
	readonly tokenMeter = { usedOutputTokens: 0 };
	/** Numbers of tokens of the evaluations of prompts. */
	readonly evaluated: number[] = [];
	step: () => Promise<void> = async () => {};

	get nextTokenIndex(): number {
		return this.tokens.length;
	}

	async adaptStateToTokens(tokens: Token[]): Promise<void> {
		const different = this.tokens.findIndex((token, index) => token !== tokens[index]);
		if (different !== -1) this.tokens.length = different;
	}

	async clearHistory(): Promise<void> {
		this.tokens.length = 0;
	}

	async evaluateWithoutGeneratingNewTokens(tokens: Token[]): Promise<void> {
		this.evaluated.push(tokens.length);
		await this.step();
		this.tokens.push(...tokens);
	}
}

/** Arguments of an answer, as the library receives them. */
export interface FakeRequest {
	readonly history: readonly HistoryItem[];
	readonly options: GenerateOptions;
	/** Template of the request. */
	readonly wrapper: ChatWrapper;
	readonly sequence: FakeSequence;
}

/** Library without a model. Each answer comes from a function of the test. */
export class FakeLibrary implements Library {
	readonly sequence = new FakeSequence();
	readonly requests: FakeRequest[] = [];
	/** Paths of the loaded models. */
	readonly loaded: string[] = [];
	/** Paths of the models without weights, of which some are released. */
	readonly vocabularies: string[] = [];
	releases = 0;
	/** Schemas of grammars. */
	readonly schemas: unknown[] = [];
	starts = 0;
	isDisposed = false;
	load: () => Promise<void> = async () => {};
	answer: (request: FakeRequest) => Promise<GeneratedResponse> = async ({ options }) => {
		options.onResponseChunk({ text: "Hello" });
		return { response: "Hello", metadata: { stopReason: "eogToken" } };
	};
	embed: (tokens: Token[]) => Promise<readonly number[]> = async (tokens) => [tokens.length, 0];

	readonly LlamaChat: Library["LlamaChat"];

	constructor() {
		const library = this;
		this.LlamaChat = class {
			readonly #wrapper: ChatWrapper;

			constructor({ chatWrapper }: { readonly chatWrapper: ChatWrapper }) {
				this.#wrapper = chatWrapper;
			}

			async generateResponse(history: HistoryItem[], options: GenerateOptions): Promise<GeneratedResponse> {
				const request = { history, options, wrapper: this.#wrapper, sequence: library.sequence };
				library.requests.push(request);
				const response = await library.answer(request);
				library.sequence.tokenMeter.usedOutputTokens += 1;
				return response;
			}

			dispose(): void {}
		};
	}

	resolveChatWrapper(): ChatWrapper {
		return {
			generateContextState: ({ chatHistory, availableFunctions }) => ({
				contextText: { tokenize: (tokenize) => tokenize(spell(chatHistory, availableFunctions)) },
				stopGenerationTriggers: [],
			}),
		};
	}

	async getLlama(): Promise<Llama> {
		this.starts += 1;
		return {
			loadModel: async ({ modelPath, vocabOnly = false }) => {
				await this.load();
				(vocabOnly ? this.vocabularies : this.loaded).push(modelPath);
				return this.#model();
			},
			createGrammarForJsonSchema: async (schema) => {
				this.schemas.push(schema);
				return {};
			},
			dispose: async () => {
				this.isDisposed = true;
			},
		};
	}

	#model(): Model {
		return {
			trainContextSize: 2048,
			tokenizer,
			createContext: async ({ contextSize }): Promise<ChatContext> => ({ contextSize, getSequence: () => this.sequence }),
			createEmbeddingContext: async (): Promise<EmbeddingContext> => ({
				calculateInputLength: ({ length }) => length + 1,
				getEmbeddingFor: async (tokens) => ({ vector: await this.embed(tokens) }),
			}),
			dispose: async () => {
				this.releases += 1;
			},
		};
	}
}

function spell(history: readonly HistoryItem[], functions: Functions | undefined): string {
	return [...Object.keys(functions ?? {}), ...history.map((item) => (item.type === "model" ? item.response.join("") : item.text))].join(
		"|",
	);
}
