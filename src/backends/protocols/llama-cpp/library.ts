/**
 * The part of `node-llama-cpp` that the adapter uses, as types of its own: the package is optional, and the project compiles without it.
 *
 * @see https://node-llama-cpp.withcat.ai/api/
 */

/** Token of a model's vocabulary. */
export type Token = number;

/**
 * Makes tokens of a text. With `specialTokens`, the text of a control token becomes that token; `builtin` is the name of one. The prompts of
 * the library ask for that only in its own parts, never in the text of a message.
 */
export type Tokenizer = (text: string, specialTokens?: boolean | "builtin", options?: "trimLeadingSpace") => Token[];

/** Rendered prompt. Keeps the control tokens of the template apart from the text of messages. */
export interface PromptText {
	tokenize(tokenizer: Tokenizer): Token[];
}

/** Call of a tool in the history, together with its result. */
export interface HistoryCall {
	readonly type: "functionCall";
	readonly name: string;
	readonly params: unknown;
	readonly result: unknown;
	/** True for the first call of an assistant message. */
	readonly startsNewChunk: boolean;
}

/** Item of a conversation. */
export type HistoryItem =
	| { readonly type: "system" | "user"; readonly text: string }
	| { readonly type: "model"; readonly response: (string | HistoryCall)[] };

/** Tools by name. */
export type Functions = Readonly<Record<string, { readonly description?: string; readonly params?: unknown }>>;

/** State in which an answer starts. */
export interface ContextState {
	readonly contextText: PromptText;
	readonly stopGenerationTriggers: readonly unknown[];
	readonly ignoreStartText?: readonly unknown[];
	readonly functionCall?: { readonly initiallyEngaged: boolean; readonly disengageInitiallyEngaged: readonly unknown[] };
}

/** Template of a model: renders a conversation as its prompt. */
export interface ChatWrapper {
	generateContextState(options: { readonly chatHistory: readonly HistoryItem[]; readonly availableFunctions?: Functions }): ContextState;
}

/** Evaluated tokens of a context. */
export interface Sequence {
	/** Number of evaluated tokens. */
	readonly nextTokenIndex: number;
	readonly tokenMeter: { readonly usedOutputTokens: number };
	/** Forgets everything behind the common beginning of the evaluated and the given tokens. */
	adaptStateToTokens(tokens: Token[], allowShift: boolean): Promise<void>;
	clearHistory(): Promise<void>;
	evaluateWithoutGeneratingNewTokens(tokens: Token[]): Promise<void>;
}

export interface ChatContext {
	readonly contextSize: number;
	getSequence(): Sequence;
}

export interface EmbeddingContext {
	/** Number of tokens including those that the model needs at the beginning and the end. */
	calculateInputLength(tokens: Token[]): number;
	getEmbeddingFor(tokens: Token[]): Promise<{ readonly vector: readonly number[] }>;
}

/** Size of a context, and the threads of its evaluation. */
export interface ContextOptions {
	readonly contextSize: number;
	readonly threads: number;
}

export interface Model {
	/** Largest context that the model was trained with, in tokens. */
	readonly trainContextSize: number;
	readonly tokenizer: Tokenizer;
	createContext(options: ContextOptions): Promise<ChatContext>;
	createEmbeddingContext(options: ContextOptions): Promise<EmbeddingContext>;
	dispose(): Promise<void>;
}

/** Piece of an answer. A segment is text that is no part of the answer itself, such as a thought. */
export interface ResponseChunk {
	readonly segmentType?: string | undefined;
	readonly text: string;
}

/** Piece of the arguments of a call. */
export interface CallChunk {
	readonly callIndex: number;
	readonly functionName: string;
	readonly paramsChunk: string;
}

/** Options of an answer. */
export interface GenerateOptions {
	readonly signal: AbortSignal;
	readonly maxTokens: number;
	readonly temperature: number;
	readonly topP?: number;
	readonly topK?: number;
	readonly minP?: number;
	readonly seed: number;
	readonly repeatPenalty: false | { readonly penalty: number; readonly frequencyPenalty: number; readonly presencePenalty: number };
	readonly customStopTriggers?: readonly string[];
	readonly grammar?: Grammar;
	readonly functions?: Functions;
	readonly maxParallelFunctionCalls?: number;
	/** Called before the library would drop the oldest messages of a full context. */
	readonly contextShift: { readonly size: () => number };
	readonly onResponseChunk: (chunk: ResponseChunk) => void;
	readonly onFunctionCallParamsChunk?: (chunk: CallChunk) => void;
}

/** Complete answer. */
export interface GeneratedResponse {
	readonly response: string;
	readonly functionCalls?: readonly { readonly functionName: string; readonly params: unknown }[] | undefined;
	readonly metadata: { readonly stopReason: string };
}

export interface Chat {
	generateResponse(history: HistoryItem[], options: GenerateOptions): Promise<GeneratedResponse>;
	dispose(options: { readonly disposeSequence: boolean }): void;
}

/** Grammar that restricts an answer. Only the library looks inside. */
export type Grammar = object;

export interface Llama {
	/** With `vocabOnly`, the model has no weights. */
	loadModel(options: { readonly modelPath: string; readonly loadSignal: AbortSignal; readonly vocabOnly?: boolean }): Promise<Model>;
	createGrammarForJsonSchema(schema: unknown): Promise<Grammar>;
	/** Releases every model and context. */
	dispose(): Promise<void>;
}

/** Options of the engine. */
export interface LlamaOptions {
	/** Processor for the evaluation. `false` is the main one. */
	readonly gpu: "auto" | "cuda" | "metal" | "vulkan" | false;
	/** `never` uses only binaries that are there. */
	readonly build: "never";
	readonly skipDownload: true;
	readonly logger: (level: string, message: string) => void;
	readonly logLevel: "error";
}

/** Exports of the package. */
export interface Library {
	getLlama(options: LlamaOptions): Promise<Llama>;
	resolveChatWrapper(model: Model): ChatWrapper;
	readonly LlamaChat: new (options: { readonly contextSequence: Sequence; readonly chatWrapper: ChatWrapper }) => Chat;
}

/** Returns true if a module has the exports that the adapter uses. */
export function isLibrary(module: unknown): module is Library {
	return (
		typeof module === "object" &&
		module !== null &&
		["getLlama", "resolveChatWrapper", "LlamaChat"].every((name) => typeof Reflect.get(module, name) === "function")
	);
}
