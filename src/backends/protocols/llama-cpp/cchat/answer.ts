import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { type AnswerContext, chatResponse } from "../../../kit/chat/answer.ts";
import { AnswerCollector } from "../../../kit/chat/answer-collector.ts";
import { type FinishMeaning, finishReasonOf } from "../../../kit/chat/finish-reason.ts";
import type { CallChunk, GeneratedResponse, ResponseChunk } from "../library.ts";

/** Reasons of the library for the end of an answer. */
const FINISH_REASONS: ReadonlyMap<string, FinishMeaning> = new Map([
	["eogToken", "stop"],
	["stopGenerationTrigger", "stop"],
	["customStopTrigger", "stop"],
	["functionCalls", "calls"],
	["maxTokens", "length"],
]);

/**
 * Answer that grows with the library's chunks. The whole answer consists of the same chunks as the stream. The size of the context bounds
 * both.
 */
export class Answer {
	readonly #context: AnswerContext;
	readonly #push: (event: cchat.Event) => void;
	readonly #blocks: AnswerCollector;
	/** White space at the end of the last call's arguments. */
	#space = "";

	/** @param push Receives the events of the answer, as far as it goes. */
	constructor(context: AnswerContext, push: (event: cchat.Event) => void) {
		this.#context = context;
		this.#push = push;
		this.#blocks = new AnswerCollector(context, wrong);
	}

	/** Adds text of the answer or of a thought. Comments of a model belong to the answer. */
	addText({ segmentType, text }: ResponseChunk): void {
		if (text === "") return;
		this.#pushAll(segmentType === "thought" ? this.#blocks.reasoning(undefined, text) : this.#blocks.text(undefined, text));
	}

	/**
	 * Adds arguments of a call. The first chunk begins the call. White space waits for the next chunk: a grammar ends with line breaks that
	 * belong to no argument.
	 */
	addCall({ callIndex, functionName, paramsChunk }: CallChunk): void {
		if (!this.#blocks.has(callIndex)) {
			this.#space = "";
			this.#pushAll(this.#blocks.call(callIndex, functionName, undefined));
		}
		const text = this.#space + paramsChunk;
		const part = text.trimEnd();
		this.#space = text.slice(part.length);
		this.#pushAll(this.#blocks.callArguments(callIndex, part));
	}

	/** Pushes the last events: usage and the complete answer. `response` is absent if the context is full. */
	complete(response: GeneratedResponse | undefined, usage: types.Usage): void {
		for (const [callIndex, { functionName, params }] of (response?.functionCalls ?? []).entries()) {
			// A tool without parameters has no chunks.
			if (!this.#blocks.has(callIndex)) this.addCall({ callIndex, functionName, paramsChunk: JSON.stringify(params ?? {}) });
		}
		this.#pushAll(this.#blocks.emptyArguments());
		const reason = response === undefined ? "maxTokens" : response.metadata.stopReason;
		const finishReason = finishReasonOf(FINISH_REASONS, reason, this.#blocks.hasCalls);
		const completed = chatResponse(this.#blocks.blocks(), { finishReason, usage }, this.#context, wrong);
		this.#push({ type: "usage", usage });
		this.#push({ type: "completed", completed });
	}

	#pushAll(events: Iterable<cchat.Event>): void {
		for (const event of events) this.#push(event);
	}
}

function wrong(what: string): SpearError {
	return new SpearError("backend_error", `the model's answer is malformed: ${what}`);
}
