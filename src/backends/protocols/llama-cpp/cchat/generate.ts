import type * as types from "../../../../../generated/ir/types.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import { ContextFullError, contextOverflow, evaluationError, MAX_CHARACTERS_PER_TOKEN, refusedGrammar } from "../failure.ts";
import type { ChatWrapper, ContextState, GeneratedResponse, Grammar, HistoryItem, Llama, Token } from "../library.ts";
import type { ChatModel, LoadedModel } from "../loaded-model.ts";
import { promptTokens } from "../tokenize.ts";
import type { Answer } from "./answer.ts";
import type { LlamaRequest } from "./request.ts";

/** Tokens of a prompt between two looks at the signal: about 2 s of a model with 8 billion parameters on a main processor. */
const PREFILL_TOKENS = 128;

/** A conversation to answer. */
export interface Prompt {
	readonly items: HistoryItem[];
	/** Characters of the request, for a first bound. */
	readonly characters: number;
	/** Unguessable name of the conversation. Absent: no other request may use its evaluated beginning. */
	readonly conversation: string | undefined;
}

/**
 * Generates an answer. The caller holds the model's queue. Fails with the signal's error as soon as the current step of the evaluation has
 * ended.
 */
export async function generate(
	loaded: LoadedModel,
	prompt: Prompt,
	request: LlamaRequest,
	answer: Answer,
	signal: AbortSignal,
): Promise<void> {
	try {
		const chat = await loaded.chat();
		if (prompt.characters > MAX_CHARACTERS_PER_TOKEN * chat.contextSize) throw contextOverflow("messages", chat.contextSize);
		const tokens = await tokensOf(chat, prompt.items, request, signal);
		// One token is the first of the answer. The library keeps another one free.
		if (tokens.length + 2 > chat.contextSize) throw contextOverflow("messages", chat.contextSize);
		const wrapper = prepared(chat.wrapper, prompt.items, tokens, request.forcesCall);
		const grammar = request.schema === undefined ? undefined : await grammarOf(chat.llama, request.schema);
		const cached = await reuse(loaded, chat, prompt, tokens);
		await prefill(chat, tokens, signal);
		const written = chat.sequence.tokenMeter.usedOutputTokens;
		const response = await respond({ chat, wrapper, grammar, signal }, prompt.items, request, answer);
		loaded.conversation = prompt.conversation;
		answer.complete(response, usageOf(tokens.length, cached, chat.sequence.tokenMeter.usedOutputTokens - written));
	} catch (thrown) {
		if (signal.aborted) throw abortError(signal);
		throw evaluationError(thrown, "the model's answer");
	}
}

function tokensOf(
	{ model, wrapper, contextSize }: ChatModel,
	items: readonly HistoryItem[],
	{ functions }: LlamaRequest,
	signal: AbortSignal,
): Promise<Token[]> {
	// The library adds the answer's item itself.
	const chatHistory: readonly HistoryItem[] = items.at(-1)?.type === "model" ? items : [...items, { type: "model", response: [] }];
	const { contextText } = rendered(wrapper, { chatHistory, ...(functions === undefined ? {} : { availableFunctions: functions }) });
	return promptTokens(contextText, model.tokenizer, { signal, max: contextSize });
}

/** Templates are programs of the models' makers. Many refuse roles that do not alternate, or a later system message. */
function rendered(wrapper: ChatWrapper, options: Parameters<ChatWrapper["generateContextState"]>[0]): ContextState {
	try {
		return wrapper.generateContextState(options);
	} catch (cause) {
		throw new SpearError("invalid_request", "messages: the model's template does not accept this order of messages", { cause });
	}
}

/**
 * Returns a template that knows the tokens of the prompt. The library would make them again, in one call that blocks the event loop.
 *
 * @param forcesCall True if the answer must start as a tool call. The library offers no option for that.
 */
function prepared(wrapper: ChatWrapper, items: readonly HistoryItem[], tokens: readonly Token[], forcesCall: boolean): ChatWrapper {
	const generateContextState: ChatWrapper["generateContextState"] = (options) => {
		const state = wrapper.generateContextState(options);
		const contextText = isUnanswered(options.chatHistory, items) ? { tokenize: () => [...tokens] } : state.contextText;
		if (!forcesCall) return { ...state, contextText };
		const functionCall = { initiallyEngaged: true, disengageInitiallyEngaged: [] };
		return { contextText, stopGenerationTriggers: state.stopGenerationTriggers, functionCall };
	};
	return Object.create(wrapper, { generateContextState: { value: generateContextState } });
}

/** Returns true if a conversation holds nothing of the answer yet. The library renders the prompt again when parts of the answer need that. */
function isUnanswered(history: readonly HistoryItem[], items: readonly HistoryItem[]): boolean {
	const [last, asked] = [history.at(-1), items.at(-1)];
	const before = asked?.type === "model" ? asked.response : [];
	return last?.type === "model" && last.response.length === before.length && last.response.at(-1) === before.at(-1);
}

async function grammarOf(llama: Llama, schema: unknown): Promise<Grammar> {
	try {
		return await llama.createGrammarForJsonSchema(schema);
	} catch (cause) {
		throw refusedGrammar(cause);
	}
}

/**
 * Forgets everything that the context holds of other conversations, and returns the number of tokens that remain. The duration of an answer
 * and its usage show how much of a prompt was evaluated before. Otherwise a guest could find out the prompts of another one piece by piece.
 */
async function reuse(loaded: LoadedModel, { sequence }: ChatModel, { conversation }: Prompt, tokens: Token[]): Promise<number> {
	const isSame = conversation !== undefined && conversation === loaded.conversation;
	loaded.conversation = undefined;
	if (isSame) await sequence.adaptStateToTokens(tokens, false);
	else await sequence.clearHistory();
	return Math.min(sequence.nextTokenIndex, tokens.length);
}

/** Evaluates the prompt in pieces, so that an abort need not wait for all of it. The last token is left to the answer. */
async function prefill({ sequence }: ChatModel, tokens: readonly Token[], signal: AbortSignal): Promise<void> {
	for (let from = sequence.nextTokenIndex; from < tokens.length - 1; from = sequence.nextTokenIndex) {
		if (signal.aborted) throw abortError(signal);
		await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(from, Math.min(from + PREFILL_TOKENS, tokens.length - 1)));
		if (sequence.nextTokenIndex <= from) return;
	}
}

interface Evaluation {
	readonly chat: ChatModel;
	readonly wrapper: ChatWrapper;
	readonly grammar: Grammar | undefined;
	readonly signal: AbortSignal;
}

/** Returns `undefined` if the answer has filled the context. */
async function respond(
	{ chat, wrapper, grammar, signal }: Evaluation,
	items: HistoryItem[],
	{ sampling, functions, maxCalls }: LlamaRequest,
	answer: Answer,
): Promise<GeneratedResponse | undefined> {
	const talk = new chat.library.LlamaChat({ contextSequence: chat.sequence, chatWrapper: wrapper });
	try {
		return await talk.generateResponse(items, {
			...sampling,
			signal,
			contextShift: { size: refuseContextShift },
			onResponseChunk: (chunk) => answer.addText(chunk),
			...(grammar === undefined ? {} : { grammar }),
			...(functions === undefined ? {} : { functions, onFunctionCallParamsChunk: (chunk) => answer.addCall(chunk) }),
			...(functions === undefined || maxCalls === undefined ? {} : { maxParallelFunctionCalls: maxCalls }),
		});
	} catch (thrown) {
		if (thrown instanceof ContextFullError) return undefined;
		throw thrown;
	} finally {
		talk.dispose({ disposeSequence: false });
	}
}

/** Called before the library drops messages. Ends the answer instead. */
function refuseContextShift(): never {
	throw new ContextFullError();
}

function usageOf(input: number, cached: number, output: number): types.Usage {
	return {
		input_tokens: input,
		output_tokens: output,
		total_tokens: input + output,
		...(cached === 0 ? {} : { cached_input_tokens: cached }),
	};
}
