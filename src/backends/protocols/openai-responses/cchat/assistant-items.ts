import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { historyArguments } from "../../../kit/chat/history-calls.ts";
import type { ResponsesOptions } from "../options.ts";
import type { InputItem, OutputContent, OutputMessage } from "./api.ts";
import { CONTENT, isReasoning, PHASE, returnedContent, returnedItem, returnedPhase } from "./opaque.ts";

/** The place of a message in the conversation. */
interface MessagePlace {
	/** Names the message in errors. */
	readonly path: string;
	/** Index of the first item of the message. */
	readonly position: number;
	readonly options: Pick<ResponsesOptions, "chat">;
}

/**
 * Returns the items of an assistant message. Empty if nothing remains that the upstream can receive.
 *
 * A reasoning item comes directly before the call or the message that it led to, as the API demands. A kept item says how many calls
 * came before it, and all other items keep the order of the message.
 *
 * @see https://platform.openai.com/docs/guides/reasoning#keeping-reasoning-items-in-context
 */
export function assistantItems({ content, tool_calls }: cchat.Message, { path, position, options }: MessagePlace): InputItem[] {
	const items: InputItem[] = [];
	let said: OutputContent[] = [];
	let phase: OutputMessage["phase"];
	let calls = 0;
	const endMessage = (): void => {
		const id = `msg_${position + items.length}`; // The API demands an id of this form, and does not resolve it.
		if (said.length > 0)
			items.push({ type: "message", role: "assistant", id, status: "completed", content: said, ...(phase === undefined ? {} : { phase }) });
		said = [];
		phase = undefined;
	};
	const callUntil = (count: number): void => {
		for (const { id, name, arguments: args } of tool_calls.slice(calls, count))
			items.push({ type: "function_call", call_id: id, name, arguments: historyArguments(args) });
		calls = Math.max(calls, count);
	};
	const giveBack = (part: types.OpaquePart, at: string): void => {
		if (!options.chat.sendOpaque || part.provider !== options.chat.provider) return;
		if (part.kind.startsWith(CONTENT)) return void said.push(returnedContent(part, at));
		endMessage();
		if (part.kind === PHASE) phase = returnedPhase(part, at);
		else {
			const item = returnedItem(part, at);
			if (item === undefined) return;
			callUntil(item.calls);
			items.push(item.raw);
		}
	};
	for (const [index, part] of content.entries()) {
		const at = `${path}.content[${index}]`;
		if (part.type === "text") {
			if (part.text !== "") said.push({ type: "output_text", text: part.text, annotations: [], logprobs: [] });
		} else if (part.type === "refusal") said.push({ type: "refusal", refusal: part.refusal });
		else if (part.type === "opaque") giveBack(part.opaque, `${at}.opaque`);
		else if (part.type === "reasoning") {
			if (part.reasoning.sealed !== undefined) giveBack(part.reasoning.sealed, `${at}.reasoning.sealed`);
		} else if (part.type !== "annotation")
			throw new SpearError("invalid_request", `${at}: an assistant message cannot have a part of type ${part.type}`);
	}
	endMessage();
	callUntil(tool_calls.length);
	// The API refuses reasoning without the item that it led to, such as that of an answer whose length limit was used up by it.
	return items.slice(0, items.findLastIndex((item) => !isReasoning(item)) + 1);
}
