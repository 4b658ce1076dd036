import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { SpearError } from "../../../../errors/spear-error.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { opaquePart } from "../../../kit/chat/opaque-part.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { openAiErrors } from "../errors.ts";
import { reportedUsage } from "../usage.ts";
import { type ChatAnswer, chatResponse, reasoningOf } from "./answer.ts";
import type { AnswerContext } from "./answer-context.ts";
import { choiceError, hasContent, isRequested, textMessage } from "./choice.ts";
import { missingPart } from "./final-message.ts";
import { finishReasonOf, laterReason } from "./finish-reason.ts";
import { readParts } from "./parts.ts";
import { StreamedParts } from "./streamed-parts.ts";
import { ToolCallAssembler } from "./tool-call-assembler.ts";

/** A message or a delta, and its place in the text of its chunk. */
interface Located {
	readonly value: JsonObject;
	/** Called only for parts that are carried as they are written. */
	readonly source: () => JsonSource | undefined;
}

/** Collects the chunks of a stream. */
export class StreamedAnswer {
	readonly exchange: Exchange;
	readonly #context: AnswerContext;
	readonly #toolCalls: ToolCallAssembler;
	readonly #answer: Pick<ChatAnswer, "id" | "model" | "reasoning" | "usage"> = {
		id: undefined,
		model: undefined,
		reasoning: "",
		usage: undefined,
	};
	readonly #parts: StreamedParts;
	#finishReason: string | undefined;
	#hasDelta = false;
	/** The latest message that came after deltas. */
	#finalMessage: Located | undefined;

	constructor(exchange: Exchange, context: AnswerContext) {
		this.exchange = exchange;
		this.#context = context;
		this.#parts = new StreamedParts((what) => this.#wrong(`it ${what}`));
		this.#toolCalls = new ToolCallAssembler({ ...context, wrong: (what, detail) => this.#wrong(what, detail) });
	}

	/** True if nothing can be missing, also without an event that ends the stream: it has a finish reason, and the usage that was asked for. */
	get isWhole(): boolean {
		return this.#finishReason !== undefined && (this.#answer.usage !== undefined || !this.#context.usageRequested);
	}

	/**
	 * Adds a chunk.
	 *
	 * @param data Text of the chunk.
	 * @param events Receives the events that the chunk causes. A generator for each chunk would cost more than most chunks.
	 */
	add(chunk: JsonObject, data: string, events: cchat.Event[]): void {
		const answer = this.#answer;
		answer.id ??= textOf(chunk.id);
		answer.model ??= textOf(chunk.model);
		const choices: unknown = chunk.choices ?? [];
		if (!Array.isArray(choices)) throw this.#wrong("choices is not a list", chunk);
		const whole = new JsonSource(data); // Remembers the members that it has read.
		for (const [position, choice] of choices.entries()) {
			if (!isRequested(choice)) throw this.#wrong("choices holds another choice than the requested one", chunk);
			this.#addChoice(choice, (name) => whole.member("choices")?.item(position)?.member(name), events);
			const reported = choiceError(choice);
			if (reported !== undefined) throw openAiErrors.reportedError(this.exchange, reported);
		}
		const usage = reportedUsage(chunk);
		if (usage !== undefined) {
			answer.usage = usage;
			events.push({ type: "usage", usage });
		}
	}

	/** Adds the delta of a choice, and its message: some servers send a message in place of deltas, or after them. */
	#addChoice(choice: JsonObject, source: (name: string) => JsonSource | undefined, events: cchat.Event[]): void {
		this.#finishReason = laterReason(this.#finishReason, finishReasonOf(choice));
		const delta = choice.delta ?? textMessage(choice) ?? {};
		if (!isObject(delta)) throw this.#wrong("choices[0].delta is not an object", choice);
		this.#addDelta({ value: delta, source: () => source("delta") }, events);
		this.#hasDelta ||= hasContent(delta);
		const message = choice.message ?? {};
		if (!isObject(message)) throw this.#wrong("choices[0].message is not an object", choice);
		if (!hasContent(message)) return;
		const located = { value: message, source: () => source("message") };
		if (this.#hasDelta) this.#finalMessage = located;
		else this.#addDelta(located, events);
	}

	#addDelta({ value: delta, source }: Located, events: cchat.Event[]): void {
		const text = textAlone(delta);
		if (text !== undefined) {
			if (text === "") return;
			this.#parts.text(text);
			events.push({ type: "text", text });
			return;
		}
		const answer = this.#answer;
		const reasoning = reasoningOf(delta, this.#context.thinkingItems);
		if (reasoning !== undefined) {
			answer.reasoning += reasoning;
			events.push({ type: "reasoning", reasoning });
		}
		const parts = this.#parts;
		readParts(
			delta,
			{
				text(text) {
					parts.text(text);
					events.push({ type: "text", text });
				},
				refusal(refusal) {
					parts.refusal(refusal);
					events.push({ type: "refusal", refusal });
				},
				annotation: (annotation) => parts.annotation(annotation),
				expectOpaque: (count) => parts.expectOpaque(count),
				opaque: (kind, read, place) => parts.opaque(kind, read, place),
			},
			{
				provider: this.#context.provider,
				thinkingItems: this.#context.thinkingItems,
				source,
				wrong: (what) => this.#wrong(`choices[0].delta.${what}`, delta),
			},
		);
		const calls = (): JsonSource | undefined => source()?.member("tool_calls");
		const onUnknown = (call: number, position: number, names: readonly string[]): void => {
			parts.expectOpaque(names.length);
			for (const name of names) {
				const kind = `tool_calls.${call}.${name}`;
				parts.opaque(kind, () => opaquePart(this.#context.provider, kind, calls()?.item(position)?.member(name)), "message");
			}
		};
		for (const tool_call of this.#toolCalls.add(delta.tool_calls ?? [], { source: calls, onUnknown }))
			events.push({ type: "tool_call", tool_call });
	}

	/** Returns the last events: parts that only the final message has, calls that are not announced yet, and `completed`. */
	complete(): cchat.Event[] {
		const events: cchat.Event[] = [];
		if (this.#finishReason === undefined) throw this.#wrong("the stream ends without a finish_reason");
		this.#addFinalMessage(events);
		for (const tool_call of this.#toolCalls.flush()) events.push({ type: "tool_call", tool_call });
		const { refusalText, annotations } = this.#parts;
		const completed = chatResponse(
			{
				...this.#answer,
				...this.#parts.whole(),
				refusal: refusalText,
				annotations,
				toolCalls: this.#toolCalls.complete(),
				finishReason: this.#finishReason,
			},
			this.#context.model,
		);
		events.push({ type: "completed", completed });
		return events;
	}

	#addFinalMessage(events: cchat.Event[]): void {
		if (this.#finalMessage === undefined) return;
		const { value, source } = this.#finalMessage;
		const text = this.#parts.content.map((part) => (part.type === "text" ? part.text : "")).join("");
		const { refusalText: refusal } = this.#parts;
		const missing = missingPart(value, { text, refusal, reasoning: this.#answer.reasoning, hasCalls: this.#toolCalls.hasCalls });
		if (missing === undefined) throw this.#wrong("choices[0].message differs from the deltas before it", value);
		this.#addDelta({ value: missing, source }, events);
	}

	#wrong(what: string, detail?: unknown): SpearError {
		return malformedError(this.exchange, what, detail === undefined ? "" : JSON.stringify(detail));
	}
}

/** Returns the text of a delta that holds nothing else, as most deltas do. `undefined` for any other delta. */
function textAlone(delta: JsonObject): string | undefined {
	for (const name of Object.keys(delta)) if (name !== "content" && name !== "role") return undefined;
	return typeof delta.content === "string" ? delta.content : undefined;
}
