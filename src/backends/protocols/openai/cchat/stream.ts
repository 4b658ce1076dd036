import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { SpearError } from "../../../../errors/spear-error.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { withUsage } from "../keep-usage.ts";
import { eventObject } from "../stream-event.ts";
import { reportedUsage } from "../usage.ts";
import { appendText, type ChatAnswer, chatResponse, reasoningOf } from "./answer.ts";
import type { AnswerContext } from "./answer-context.ts";
import { opaquePart } from "./opaque.ts";
import { Parts, readParts } from "./parts.ts";
import { ToolCallAssembler } from "./tool-call-assembler.ts";

/** Data of the event that ends a stream. */
export const DONE = "[DONE]";

/**
 * Yields the events of a streamed completion. The last is `completed`.
 *
 * @param source Must end with {@link DONE} or throw.
 * @throws SpearError `backend_error` for a malformed stream; the error that the upstream reports within it.
 */
export async function* chatEvents(source: AsyncIterable<StreamedEvent>, context: AnswerContext): AsyncGenerator<cchat.Event, void, void> {
	let answer: StreamedAnswer | undefined;
	for await (const event of source) {
		const { data, exchange } = event;
		answer ??= new StreamedAnswer(exchange, context);
		if (data === DONE) {
			yield* answer.complete();
			return;
		}
		const chunk = eventObject(event);
		try {
			yield* answer.add(chunk, data);
		} catch (thrown) {
			throw withUsage(thrown, chunk);
		}
	}
}

/** Collects the chunks of a stream. */
class StreamedAnswer {
	readonly #exchange: Exchange;
	readonly #toolCalls: ToolCallAssembler;
	readonly #answer: Pick<ChatAnswer, "id" | "model" | "reasoning" | "usage"> = {
		id: undefined,
		model: undefined,
		reasoning: "",
		usage: undefined,
	};
	readonly #context: AnswerContext;
	readonly #parts = new Parts();
	#finishReason: string | undefined;

	constructor(exchange: Exchange, context: AnswerContext) {
		this.#exchange = exchange;
		this.#context = context;
		this.#toolCalls = new ToolCallAssembler({ ...context, wrong: (what, detail) => this.#wrong(what, detail) });
	}

	/**
	 * Adds a chunk. Yields the events that it causes.
	 *
	 * @param data Text of the chunk.
	 */
	*add(chunk: Readonly<Record<string, unknown>>, data: string): Generator<cchat.Event, void, void> {
		const answer = this.#answer;
		answer.id ??= textOf(chunk.id);
		answer.model ??= textOf(chunk.model);
		const choices: unknown = chunk.choices ?? [];
		if (!Array.isArray(choices)) throw this.#wrong("choices is not a list", chunk);
		const whole = new JsonSource(data); // Remembers the members that it has read.
		for (const [position, choice] of choices.entries()) {
			if (!isObject(choice) || (choice.index ?? 0) !== 0) throw this.#wrong("choices holds another choice than the requested one", chunk);
			this.#finishReason ??= textOf(choice.finish_reason);
			const delta = choice.delta ?? {};
			if (!isObject(delta)) throw this.#wrong("choices[0].delta is not an object", chunk);
			yield* this.#addDelta(delta, () => whole.member("choices")?.item(position)?.member("delta"));
		}
		const usage = reportedUsage(chunk);
		if (usage !== undefined) {
			answer.usage = usage;
			yield { type: "usage", usage };
		}
	}

	*#addDelta(delta: Readonly<Record<string, unknown>>, source: () => JsonSource | undefined): Generator<cchat.Event, void, void> {
		const answer = this.#answer;
		const reasoning = reasoningOf(delta);
		if (reasoning !== undefined) {
			answer.reasoning += reasoning;
			yield { type: "reasoning", reasoning };
		}
		const events: cchat.Event[] = [];
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
				opaque: (part, place) => parts.opaque(part, place),
			},
			{ provider: this.#context.provider, source, wrong: (what) => this.#wrong(`choices[0].delta.${what}`, delta) },
		);
		yield* events;
		const calls = (): JsonSource | undefined => source()?.member("tool_calls");
		const onUnknown = (call: number, position: number, name: string): void => {
			const member = calls()?.item(position)?.member(name);
			parts.opaque(opaquePart(this.#context.provider, `tool_calls.${call}.${name}`, member), "message");
		};
		for (const tool_call of this.#toolCalls.add(delta.tool_calls ?? [], { source: calls, onUnknown }))
			yield { type: "tool_call", tool_call };
	}

	/** Yields the last events: calls that are not announced yet, and `completed`. */
	*complete(): Generator<cchat.Event, void, void> {
		if (this.#finishReason === undefined) throw this.#wrong("the stream ends without a finish_reason");
		for (const tool_call of this.#toolCalls.flush()) yield { type: "tool_call", tool_call };
		const { content, refusalText, annotations, opaqueMembers } = this.#parts;
		const completed = chatResponse(
			{
				...this.#answer,
				...withoutFragments(content, opaqueMembers),
				refusal: refusalText,
				annotations,
				toolCalls: this.#toolCalls.complete(),
				finishReason: this.#finishReason,
			},
			this.#context.model,
		);
		yield { type: "completed", completed };
	}

	#wrong(what: string, detail?: unknown): SpearError {
		return malformedError(this.#exchange, what, detail === undefined ? "" : JSON.stringify(detail));
	}
}

/**
 * Drops opaque parts that arrived in several fragments. The rule for joining fragments of an unknown kind is not known, so no fragment
 * is the provider's own text. Annotations always arrive whole.
 */
function withoutFragments(
	content: readonly cchat.ContentPart[],
	opaqueMembers: readonly types.OpaquePart[],
): Pick<ChatAnswer, "content" | "opaque"> {
	const counts = new Map<string, number>();
	for (const { kind } of [...content.flatMap((part) => (part.type === "opaque" ? [part.opaque] : [])), ...opaqueMembers]) {
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	const isWhole = ({ kind }: types.OpaquePart): boolean => kind.startsWith("annotations.") || counts.get(kind) === 1;
	const kept: cchat.ContentPart[] = [];
	for (const part of content) {
		if (part.type === "text") appendText(kept, part.text);
		else if (part.type !== "opaque" || isWhole(part.opaque)) kept.push(part);
	}
	return { content: kept, opaque: opaqueMembers.filter(isWhole) };
}
