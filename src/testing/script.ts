import { SpearError } from "../errors/spear-error.ts";
import type { MockedOperation } from "./mocked-operation.ts";
import type { MockRequest } from "./plan.ts";
import type { Reply } from "./replies.ts";

/** Makes the reply to a request. */
export type ReplyFunction<O extends MockedOperation> = (request: MockRequest<O>) => Reply<O> | Promise<Reply<O>>;

/** Replies to the requests of one operation: one after the other, or all by a function. */
export type Replying<O extends MockedOperation> = readonly (Reply<O> | ReplyFunction<O>)[] | ReplyFunction<O>;

/** Replies of a scripted backend, by operation. The backend offers the operations that have replies. */
export interface MockScript {
	/** Replies to `chat_completions`. */
	readonly chat?: Replying<"chat_completions">;
	readonly embeddings?: Replying<"embeddings">;
	/** Replies to `image_generation`. */
	readonly images?: Replying<"image_generation">;
	/** Replies to `text_to_speech`. */
	readonly speech?: Replying<"text_to_speech">;
	/** Replies to `speech_to_text`. */
	readonly transcription?: Replying<"speech_to_text">;
	/** Replies to turns of `realtime_voice`, over all sessions. A text, a committed recording and the result of a tool end a turn. */
	readonly realtime?: Replying<"realtime_voice">;
}

/** Name of each operation in a script. */
export const SCRIPT_NAMES = {
	chat_completions: "chat",
	embeddings: "embeddings",
	image_generation: "images",
	text_to_speech: "speech",
	speech_to_text: "transcription",
	realtime_voice: "realtime",
} as const satisfies { readonly [O in MockedOperation]: keyof MockScript };

/** The place in a script. */
export class ScriptReader {
	readonly #script: MockScript;
	readonly #used = new Map<MockedOperation, number>();

	/** @throws TypeError for a script with unknown names, or without replies. */
	constructor(script: MockScript) {
		const known: readonly string[] = Object.values(SCRIPT_NAMES);
		const unknown = Object.keys(script).find((name) => !known.includes(name));
		if (unknown !== undefined) throw new TypeError(`the script has no member ${unknown}; there are: ${known.join(", ")}`);
		this.#script = script;
	}

	/** The operations that have replies. */
	get operations(): readonly MockedOperation[] {
		return operationsOf(this.#script);
	}

	/**
	 * Returns the reply to a request. A failure of the script is a failure of the request, that no backend and no retry can mend.
	 *
	 * @throws SpearError `invalid_request` if the replies are used up, or a function of the script throws anything but a SpearError.
	 */
	next<O extends MockedOperation>(request: MockRequest<O> & { readonly operation: O }): Reply<O> | Promise<Reply<O>> {
		const { operation } = request;
		const name = SCRIPT_NAMES[operation];
		// The type of a member does not follow from the name of its operation.
		const replies = this.#script[name] as Replying<O> | undefined;
		if (replies === undefined) throw new SpearError("invalid_request", `the script has no replies for ${name}`);
		if (typeof replies === "function") return called(name, replies, request);
		const used = this.#used.get(operation) ?? 0;
		this.#used.set(operation, used + 1);
		const reply = replies[used];
		if (reply === undefined)
			throw new SpearError(
				"invalid_request",
				`the script is used up: ${name} has ${replies.length} ${replies.length === 1 ? "reply" : "replies"}, and this is request ${used + 1}; add a reply, or give a function${retryHint(replies[used - 1])}`,
			);
		return typeof reply === "function" ? called(name, reply as ReplyFunction<O>, request) : (reply as Reply<O>);
	}

	/** Returns the number of replies that no request has used, by name in the script. Names without such replies are absent. */
	unused(): Readonly<Record<string, number>> {
		const counts = this.operations.flatMap((operation): [string, number][] => {
			const replies = this.#script[SCRIPT_NAMES[operation]];
			const left = typeof replies === "function" ? 0 : (replies?.length ?? 0) - (this.#used.get(operation) ?? 0);
			return left > 0 ? [[SCRIPT_NAMES[operation], left]] : [];
		});
		return Object.fromEntries(counts);
	}
}

/** Returns the operations that have replies. */
export function operationsOf(script: MockScript): readonly MockedOperation[] {
	const all = Object.keys(SCRIPT_NAMES) as (keyof typeof SCRIPT_NAMES)[];
	return all.filter((operation) => script[SCRIPT_NAMES[operation]] !== undefined);
}

/** Returns advice if a request may be the host's retry of the failure before. */
function retryHint(before: unknown): string {
	if (!(before instanceof SpearError && before.retryable)) return "";
	return ". The reply before is a failure that the host tries again: for a failure at every attempt, give a function";
}

function called<O extends MockedOperation>(name: string, reply: ReplyFunction<O>, request: MockRequest<O>): Reply<O> | Promise<Reply<O>> {
	try {
		const made = reply(request);
		return made instanceof Promise ? made.catch((thrown: unknown) => Promise.reject(scriptFailure(name, thrown))) : made;
	} catch (thrown) {
		throw scriptFailure(name, thrown);
	}
}

function scriptFailure(name: string, thrown: unknown): SpearError {
	if (thrown instanceof SpearError) return thrown;
	return new SpearError("invalid_request", `the function of the script for ${name} failed: ${thrown}`, { cause: thrown });
}
