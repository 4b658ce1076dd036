import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import type { Exchange } from "../../../../transport/http/exchange.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import type { AnswerContext } from "../../../kit/chat/answer.ts";
import type { StreamedChat } from "../../../kit/http/chat-stream.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { usageOf } from "../../openai/usage.ts";
import { Output } from "./output.ts";
import { placeOf } from "./output-item.ts";
import { failedError, finishedResponse } from "./response.ts";

/** Statuses of a response that has ended. */
const ENDED = new Set<unknown>(["completed", "incomplete", "failed", "cancelled"]);

/** Section of reasoning that is no summary. */
const DISCLOSED = -1;

/**
 * Collects the events of a stream. Events of unknown types cause none, because the API may add types.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 */
export class StreamedResponse implements StreamedChat {
	readonly #exchange: Exchange;
	readonly #context: AnswerContext;
	readonly #output: Output;
	/** The response so far, without its output. */
	#response: JsonObject = {};
	/** True after `response.failed` without an error. Azure sends the error in the next event. */
	#hasFailed = false;

	/** @param isStored True if the upstream keeps its answers. */
	constructor(exchange: Exchange, context: AnswerContext, isStored: boolean) {
		this.#exchange = exchange;
		this.#context = context;
		this.#output = new Output(context, isStored, (what) => malformedError(exchange, what));
	}

	get usage(): types.Usage | undefined {
		return usageOf(this.#response.usage);
	}

	/** True if the body may end: a failure is known, and {@link complete} throws it. */
	get isWhole(): boolean {
		return this.#hasFailed;
	}

	*add(value: JsonObject, event: StreamedEvent): Generator<cchat.Event, boolean, void> {
		const output = this.#output;
		const place = placeOf(value);
		const delta = textOf(value.delta) ?? "";
		const type = textOf(value.type) ?? event.event;
		switch (type) {
			case "response.created":
			case "response.in_progress":
				this.#keep(value.response);
				break;
			case "response.output_item.added":
				yield* output.begin(value.item, place);
				break;
			case "response.output_item.done":
				yield* output.end(value.item, place, () => new JsonSource(event.data).member("item"));
				break;
			case "response.content_part.added":
				if (isObject(value.part) && value.part.type === "output_text") yield* output.beginPart("text", place);
				else if (isObject(value.part) && value.part.type === "refusal") yield* output.beginPart("refusal", place);
				break;
			case "response.output_text.delta":
				yield* output.piece("text", place, delta);
				break;
			case "response.output_text.done":
				yield* output.whole("text", place, value.text);
				break;
			case "response.output_text.annotation.added":
				output.cite(place, value.annotation);
				break;
			case "response.refusal.delta":
				yield* output.piece("refusal", place, delta);
				break;
			case "response.refusal.done":
				yield* output.whole("refusal", place, value.refusal);
				break;
			case "response.reasoning_summary_text.delta":
				yield* output.reasoning(place, countOf(value.summary_index) ?? 0, delta);
				break;
			case "response.reasoning_text.delta":
				yield* output.reasoning(place, DISCLOSED, delta);
				break;
			case "response.function_call_arguments.delta":
				yield* output.piece("arguments", place, delta);
				break;
			case "response.function_call_arguments.done":
				yield* output.whole("arguments", place, value.arguments, value.name);
				break;
			case "response.failed":
				this.#keep(value.response);
				if (isObject(this.#response.error)) throw failedError(this.#response, this.#exchange);
				this.#hasFailed = true;
				break;
			case "response.completed":
			case "response.incomplete":
				this.#keep(value.response, type.slice("response.".length));
				yield* this.#end(value.response, event);
				return true;
		}
		return false;
	}

	*complete(): Generator<cchat.Event, void, void> {
		if (this.#hasFailed) throw failedError(this.#response, this.#exchange);
		const completed = finishedResponse(this.#output, this.#response, this.#context, this.#exchange);
		if (completed.usage !== undefined) yield { type: "usage", usage: completed.usage };
		yield { type: "completed", completed };
	}

	/** Adds the output of the last event. Some servers leave it out. */
	*#end(response: unknown, { data }: StreamedEvent): Generator<cchat.Event, void, void> {
		const all = isObject(response) && Array.isArray(response.output) ? response.output : [];
		yield* this.#output.all(all, () => new JsonSource(data).member("response")?.member("output"));
	}

	/** Keeps the members of a response. `end` is the status that the event stands for, if the response states none. */
	#keep(response: unknown, end?: string): void {
		const { id, model, status, error, incomplete_details, usage } = isObject(response) ? response : this.#response;
		const { id: formerId, model: formerModel } = this.#response;
		const ended = end === undefined || ENDED.has(status) ? status : end;
		this.#response = { id: id ?? formerId, model: model ?? formerModel, status: ended, error, incomplete_details, usage };
	}
}
