import type * as cchat from "../../../../generated/ir/cchat.ts";
import { answerParts } from "../assistant-parts.ts";
import type { AnswerFacts } from "../chat-api.ts";
import { apiErrorBody } from "../errors.ts";
import { spearMember } from "../spear-member.ts";
import type { SseDialect, SseEvent } from "../sse.ts";
import { chatUsage } from "../usage.ts";
import { chatField } from "./request.ts";
import { completionId, finish, lateMembers } from "./response.ts";

/** Facts about a streamed answer. */
export interface StreamFacts extends AnswerFacts {
	/** Model that the client named. The chunks before the last have it, because the upstream's name is known only at the end. */
	readonly model: string;
	readonly includeUsage: boolean;
}

const DONE: SseEvent = { data: "[DONE]" };

/** Makes chunks of the events of an answer. */
export class ChatChunks implements SseDialect<cchat.Event> {
	readonly #facts: StreamFacts;
	readonly #head: { readonly id: string; readonly object: "chat.completion.chunk"; readonly created: number };
	/** JSON of a chunk before and after its delta. Printed once: all but the delta is the same in most chunks. */
	readonly #around: { readonly before: string; readonly after: string };
	#hasStarted = false;

	constructor(facts: StreamFacts) {
		this.#facts = facts;
		this.#head = { id: completionId(facts.requestId), object: "chat.completion.chunk", created: facts.created };
		const head = JSON.stringify({ ...this.#head, model: facts.model });
		this.#around = {
			before: `${head.slice(0, -1)},"choices":[{"index":0,"delta":`,
			after: `,"logprobs":null,"finish_reason":null}]${facts.includeUsage ? ',"usage":null' : ""}}`,
		};
	}

	*events(event: cchat.Event): Generator<SseEvent, void, void> {
		switch (event.type) {
			case "text":
				yield this.#delta({ content: event.text });
				break;
			case "reasoning":
				yield this.#delta({ reasoning_content: event.reasoning });
				break;
			case "refusal":
				yield this.#delta({ refusal: event.refusal });
				break;
			case "tool_call":
				yield this.#delta({ tool_calls: [callDelta(event.tool_call)] });
				break;
			case "completed":
				yield* this.#end(event.completed);
				break;
			case "usage": // The last chunk has the whole usage.
			case "failed": // A failure of a client's stream is thrown.
				break;
		}
	}

	/** Returns the event of a failure. The SDK throws its error. No `[DONE]` follows. */
	failed(thrown: unknown): SseEvent[] {
		return [{ data: JSON.stringify(apiErrorBody(thrown, chatField)) }];
	}

	*#end(response: cchat.Response): Generator<SseEvent, void, void> {
		const late = lateMembers(answerParts(response.message));
		if (Object.keys(late).length > 0) yield this.#delta(late);
		const { model } = response;
		const delta = this.#hasStarted ? {} : { role: "assistant", content: "" };
		yield this.#chunk({ model, choices: [{ index: 0, delta, logprobs: null, ...finish(response) }], ...spearMember(response) });
		if (this.#facts.includeUsage && response.usage !== undefined)
			yield { data: JSON.stringify({ ...this.#head, model, choices: [], usage: chatUsage(response.usage) }) };
		yield DONE;
	}

	#delta(members: object): SseEvent {
		const delta = this.#hasStarted ? members : { role: "assistant", ...members };
		this.#hasStarted = true;
		const { before, after } = this.#around;
		return { data: before + JSON.stringify(delta) + after };
	}

	#chunk(members: object): SseEvent {
		return { data: JSON.stringify({ ...this.#head, ...members, ...(this.#facts.includeUsage ? { usage: null } : {}) }) };
	}
}

/** Returns a part of a call. The first one has the id and the name. */
function callDelta({ index, id, name, arguments: args }: cchat.ToolCallDelta): object {
	return {
		index,
		...(id === undefined ? {} : { id, type: "function" }),
		function: { ...(name === undefined ? {} : { name }), arguments: args },
	};
}
