import type * as cchat from "../../../generated/ir/cchat.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import type { StreamedEvent } from "../http.ts";
import { type Exchange, malformedError } from "../http-failure.ts";
import { isObject, textOf } from "../json.ts";
import { annotationsOf, type ChatAnswer, chatResponse, reasoningOf, usageOf } from "./cchat-answer.ts";
import { openAiReportedError, reportedError } from "./errors.ts";
import { ToolCallAssembler } from "./tool-call-assembler.ts";

/** The data of the event that ends a stream. */
export const DONE = "[DONE]";

/**
 * The events of a streamed completion; the last is `completed`. The source must end in {@link DONE} or throw.
 *
 * @throws SpearError `backend_error` when the stream is malformed or breaks off, or what the upstream reports within it.
 */
export async function* chatEvents(source: AsyncIterable<StreamedEvent>, requestedModel: string): AsyncGenerator<cchat.Event, void, void> {
	let answer: StreamedAnswer | undefined;
	for await (const { data, event, exchange } of source) {
		answer ??= new StreamedAnswer(exchange);
		if (data === DONE) {
			yield { type: "completed", completed: answer.complete(requestedModel) };
			return;
		}
		yield* answer.add(parse(data, event, exchange));
	}
}

function parse(data: string, event: string | undefined, exchange: Exchange): Readonly<Record<string, unknown>> {
	let value: unknown;
	try {
		value = JSON.parse(data);
	} catch {
		throw malformedError(exchange, "an event of the stream is not JSON", data);
	}
	const reported = reportedError(value) ?? (event === "error" ? value : undefined);
	if (reported !== undefined) throw openAiReportedError(exchange, reported);
	if (!isObject(value)) throw malformedError(exchange, "an event of the stream is not an object", data);
	return value;
}

/** Puts the chunks of a stream together. */
class StreamedAnswer {
	readonly #exchange: Exchange;
	readonly #toolCalls: ToolCallAssembler;
	readonly #answer: Omit<ChatAnswer, "toolCalls" | "finishReason"> = {
		id: undefined,
		model: undefined,
		reasoning: "",
		text: "",
		refusal: "",
		annotations: [],
		usage: undefined,
	};
	#finishReason: string | undefined;

	constructor(exchange: Exchange) {
		this.#exchange = exchange;
		this.#toolCalls = new ToolCallAssembler((what, detail) => this.#wrong(what, detail));
	}

	/** Takes one chunk in and tells what it adds. */
	*add(chunk: Readonly<Record<string, unknown>>): Generator<cchat.Event, void, void> {
		const answer = this.#answer;
		answer.id ??= textOf(chunk.id);
		answer.model ??= textOf(chunk.model);
		const choices: unknown = chunk.choices ?? [];
		if (!Array.isArray(choices)) throw this.#wrong("choices is not a list", chunk);
		for (const choice of choices) {
			if (!isObject(choice) || (choice.index ?? 0) !== 0)
				throw this.#wrong("choices holds something other than the one choice asked for", chunk);
			this.#finishReason ??= textOf(choice.finish_reason);
			const delta = choice.delta ?? {};
			if (!isObject(delta)) throw this.#wrong("choices[0].delta is not an object", chunk);
			yield* this.#addDelta(delta);
		}
		const usage = usageOf(chunk.usage);
		if (usage !== undefined) {
			answer.usage = usage;
			yield { type: "usage", usage };
		}
	}

	*#addDelta(delta: Readonly<Record<string, unknown>>): Generator<cchat.Event, void, void> {
		const answer = this.#answer;
		const reasoning = reasoningOf(delta);
		if (reasoning !== undefined) {
			answer.reasoning += reasoning;
			yield { type: "reasoning", reasoning };
		}
		const text = this.#string(delta, "content");
		if (text !== "") {
			answer.text += text;
			yield { type: "text", text };
		}
		const refusal = this.#string(delta, "refusal");
		if (refusal !== "") {
			answer.refusal += refusal;
			yield { type: "refusal", refusal };
		}
		answer.annotations.push(...annotationsOf(delta.annotations));
		for (const tool_call of this.#toolCalls.add(delta.tool_calls ?? [])) yield { type: "tool_call", tool_call };
	}

	/** The whole, once the stream has said that it is at its end. */
	complete(requestedModel: string): cchat.Response {
		if (this.#finishReason === undefined) throw this.#wrong("the stream ends without a finish_reason");
		return chatResponse({ ...this.#answer, toolCalls: this.#toolCalls.complete(), finishReason: this.#finishReason }, requestedModel);
	}

	#string(delta: Readonly<Record<string, unknown>>, name: string): string {
		const value = delta[name] ?? "";
		if (typeof value !== "string") throw this.#wrong(`choices[0].delta.${name} is not a string`, delta);
		return value;
	}

	#wrong(what: string, detail?: unknown): SpearError {
		return malformedError(this.#exchange, what, detail === undefined ? "" : JSON.stringify(detail));
	}
}
