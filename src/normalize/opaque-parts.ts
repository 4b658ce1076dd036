import type * as cchat from "../../generated/ir/cchat.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import { turnBeforeSlice } from "../async/slices.ts";
import type { PartSealer } from "./part-seal.ts";

/** Opens the opaque parts of an operation's payloads, and seals the parts of its answers. */
export interface OpaqueParts<O extends Operation> {
	/** @throws SpearError `invalid_request` for a part without a valid seal. */
	open(payload: OperationMap[O]["payload"], seal: PartSealer): OperationMap[O]["payload"] | Promise<OperationMap[O]["payload"]>;
	sealResult(result: OperationMap[O]["result"], seal: PartSealer): OperationMap[O]["result"];
	sealEvent(event: OperationMap[O]["event"], seal: PartSealer): OperationMap[O]["event"];
}

const NONE = {
	open: <T>(payload: T): T => payload,
	sealResult: <T>(result: T): T => result,
	sealEvent: <T>(event: T): T => event,
};

/** Opaque parts by operation. A new operation does not compile until it has an entry. */
export const opaqueParts: { readonly [O in Operation]: OpaqueParts<O> } = {
	chat_completions: {
		open: (payload, seal) => (payload.messages.some(hasSealed) ? withOpened(payload, seal) : payload),
		sealResult: sealed,
		sealEvent: (event, seal) =>
			event.type === "completed" && hasSealed(event.completed.message)
				? { type: "completed", completed: sealed(event.completed, seal) }
				: event,
	},
	embeddings: NONE,
	image_generation: NONE,
	realtime_voice: NONE,
	speech_to_text: NONE,
	text_to_speech: NONE,
};

async function withOpened(payload: cchat.Request, seal: PartSealer): Promise<cchat.Request> {
	return { ...payload, messages: await opened(payload.messages, seal) };
}

/** Opens the parts in slices, because each costs a MAC, and a guest may return any number. */
async function opened(messages: readonly cchat.Message[], seal: PartSealer): Promise<cchat.Message[]> {
	const found: [part: types.OpaquePart, path: string][] = [];
	for (const [index, message] of messages.entries()) {
		withParts(message, (part, place) => {
			found.push([part, `messages[${index}].${place}`]);
			return part;
		});
	}
	const parts: types.OpaquePart[] = [];
	for (const [index, [part, path]] of found.entries()) {
		const turn = turnBeforeSlice(index);
		if (turn !== undefined) await turn;
		parts.push(seal.open(part, path));
	}
	const next = parts.values();
	return messages.map((message) => withParts(message, (part, place) => next.next().value ?? seal.open(part, place)));
}

function sealed(response: cchat.Response, seal: PartSealer): cchat.Response {
	return hasSealed(response.message) ? { ...response, message: withParts(response.message, (part) => seal.seal(part)) } : response;
}

/** Returns true for a message that may hold opaque parts. */
function hasSealed({ content }: cchat.Message): boolean {
	return content.some(({ type }) => type === "opaque" || type === "reasoning");
}

type Change = (part: types.OpaquePart, place: string) => types.OpaquePart;

/** Returns a message with each opaque part replaced, including the sealed form of reasoning. */
function withParts(message: cchat.Message, change: Change): cchat.Message {
	if (!hasSealed(message)) return message;
	const content = message.content.map((part, index): cchat.ContentPart => {
		const place = `content[${index}].${part.type}`;
		if (part.type === "opaque") return { type: "opaque", opaque: change(part.opaque, place) };
		if (part.type !== "reasoning" || part.reasoning.sealed === undefined) return part;
		return { type: "reasoning", reasoning: { ...part.reasoning, sealed: change(part.reasoning.sealed, `${place}.sealed`) } };
	});
	return { ...message, content };
}
