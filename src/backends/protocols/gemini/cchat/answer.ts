import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { StreamedEvent } from "../../../../transport/http/answer.ts";
import { finishReasonOf } from "../../../kit/chat/finish-reason.ts";
import type { StreamedChat } from "../../../kit/http/chat-stream.ts";
import { CollectedAnswer } from "../../../kit/http/collected-answer.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { filterWords, reasonOf, spoiledError } from "../stopped.ts";
import { usageOf } from "../usage.ts";
import { Citations } from "./citations.ts";
import { FINISH_REASONS } from "./finish-reason.ts";
import { callSignature, partKind, TEXT_SIGNATURE } from "./opaque.ts";

/**
 * Collects an answer. A whole answer is one response, and each event of a stream is a further one: parts follow the earlier parts, and other
 * members replace the earlier ones. No event is the last. The stream ends with its body.
 */
export class GeminiAnswer extends CollectedAnswer implements StreamedChat {
	readonly #citations = new Citations();
	/** Number of parts that stay apart. */
	#signed = 0;
	/** True if the last part has a signature. */
	#isSealed = false;
	#calls = 0;
	#usage: types.Usage | undefined;
	#response: JsonObject = {};
	#candidate: JsonObject = {};
	#feedback: JsonObject = {};

	/** The usage so far. */
	get usage(): types.Usage | undefined {
		return this.#usage;
	}

	/** True if a reason for the end has arrived. */
	get isWhole(): boolean {
		return reasonOf(this.#candidate.finishReason) !== undefined || reasonOf(this.#feedback.blockReason) !== undefined;
	}

	/** Adds an event of a stream. */
	add(value: JsonObject, { data }: StreamedEvent): Generator<cchat.Event, boolean, void> {
		return this.read(value, new JsonSource(data));
	}

	/** Adds a response. Yields the events that it causes. Returns false, because no response is known to be the last. */
	*read(response: JsonObject, source: JsonSource | undefined): Generator<cchat.Event, boolean, void> {
		this.#response = {
			responseId: response.responseId ?? this.#response.responseId,
			modelVersion: response.modelVersion ?? this.#response.modelVersion,
		};
		const usage = usageOf(response.usageMetadata);
		if (usage !== undefined) this.#usage = { ...this.#usage, ...usage };
		if (isObject(response.promptFeedback)) this.#feedback = response.promptFeedback;
		const candidate: unknown = Array.isArray(response.candidates) ? response.candidates[0] : undefined;
		if (!isObject(candidate)) return false;
		const parts = isObject(candidate.content) ? (candidate.content.parts ?? []) : [];
		if (!Array.isArray(parts)) throw this.wrong("parts is not a list");
		let sources: JsonSource | undefined;
		for (const [index, part] of parts.entries()) {
			const sourceOf = (): JsonSource | undefined => {
				sources ??= source?.member("candidates")?.item(0)?.member("content")?.member("parts");
				return sources?.item(index);
			};
			if (!isObject(part)) throw this.wrong("a part is not an object");
			yield* this.#addPart(part, sourceOf);
		}
		this.#end(candidate);
		return false;
	}

	*#addPart(part: JsonObject, source: () => JsonSource | undefined): Generator<cchat.Event, void, void> {
		const { text, functionCall } = part;
		const signature = textOf(part.thoughtSignature);
		// A signed part stays apart from its neighbours.
		const key = signature === undefined && !this.#isSealed ? undefined : this.#signed++;
		this.#isSealed = signature !== undefined;
		if (isObject(functionCall)) yield* this.#addCall(functionCall, signature, () => source()?.member("functionCall"));
		else if (typeof text !== "string" && Object.keys(part).some((name) => name !== "thoughtSignature"))
			this.collector.opaque({ kind: partKind(part), json: String(source()) });
		else if (part.thought === true) {
			yield* this.collector.reasoning(key, String(text));
			if (signature !== undefined) this.collector.seal(key, { kind: partKind(part), json: String(source()) });
		} else if (typeof text !== "string" || text === "") {
			if (signature !== undefined)
				this.collector.opaque({ kind: "content.text", json: JSON.stringify({ text: "", thoughtSignature: signature }) });
		} else {
			yield* this.collector.text(key, text);
			if (signature !== undefined) this.collector.opaque({ kind: TEXT_SIGNATURE, json: JSON.stringify(signature) });
		}
	}

	*#addCall(
		{ id, name, args, willContinue, partialArgs }: JsonObject,
		signature: string | undefined,
		source: () => JsonSource | undefined,
	): Generator<cchat.Event, void, void> {
		const called = textOf(name);
		if (willContinue === true || partialArgs !== undefined) throw this.wrong("a tool call arrives in pieces");
		if (called === undefined) throw this.wrong("a tool call has no name");
		const given = args ?? {};
		if (!isObject(given)) throw this.wrong("the arguments of a tool call are not an object");
		const key = `call ${this.#calls}`;
		yield* this.collector.call(key, called, textOf(id));
		yield* this.collector.callArguments(key, Object.keys(given).length === 0 ? "{}" : String(source()?.member("args")));
		if (signature !== undefined) this.collector.opaque({ kind: callSignature(this.#calls), json: JSON.stringify(signature) });
		this.#calls++;
	}

	/** Keeps the members of a candidate beside its content. */
	#end(candidate: JsonObject): void {
		const { finishReason, finishMessage, safetyRatings } = this.#candidate;
		this.#candidate = {
			finishReason: reasonOf(candidate.finishReason) ?? finishReason,
			finishMessage: candidate.finishMessage ?? finishMessage,
			safetyRatings: candidate.safetyRatings ?? safetyRatings,
		};
		this.#citations.add(candidate);
	}

	/** Yields the last events. */
	*complete(): Generator<cchat.Event, void, void> {
		const blocked = reasonOf(this.#feedback.blockReason);
		const reason = reasonOf(this.#candidate.finishReason);
		if (blocked === undefined && reason === undefined) throw this.wrong("it has no candidate with a finishReason");
		const spoiled = spoiledError(this.exchange, reason ?? "", textOf(this.#candidate.finishMessage));
		if (spoiled !== undefined) throw spoiled;
		const finishReason = blocked === undefined ? finishReasonOf(FINISH_REASONS, reason, this.#calls > 0) : "content_filter";
		if (finishReason === "content_filter") {
			const words = blocked === undefined ? filterWords("answer", this.#candidate) : filterWords("prompt", this.#feedback);
			yield* this.collector.refusal("refusal", this.exchange.redact(words));
		}
		if (this.#usage !== undefined) yield { type: "usage", usage: this.#usage };
		const end = { id: textOf(this.#response.responseId), model: textOf(this.#response.modelVersion), finishReason, usage: this.#usage };
		yield this.completed(end, this.#citations.cite(this.collector.blocks()));
	}

	protected override wrong(what: string): Error {
		return super.wrong(what, JSON.stringify({ ...this.#candidate, promptFeedback: this.#feedback }));
	}
}
