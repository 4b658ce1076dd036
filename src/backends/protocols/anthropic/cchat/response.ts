import { type AnswerBlock, chatResponse, type OpaqueBlock } from "../../../kit/chat/answer.ts";
import { blockKind } from "../../../kit/http/raw-blocks.ts";
import { answerBlocks, answerParser, type BlockPlace, callBlock } from "../../../kit/http/whole-answer.ts";
import { type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { anthropicErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { annotation, answerEnd, explanationOf, thinkingSeal } from "./answer.ts";

/**
 * Returns the result of a whole message.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export const parseMessage = answerParser(
	anthropicErrors,
	({ usage }) => usageOf(usage),
	(answer) => {
		const { value, context, wrong } = answer;
		const blocks = answerBlocks(answer, { path: ["content"], list: value.content }, block);
		const stopReason = textOf(value.stop_reason);
		if (stopReason === undefined) throw wrong("stop_reason is missing");
		const refusal = explanationOf(value.stop_details);
		if (refusal !== undefined) blocks.push({ type: "refusal", text: refusal });
		const hasCalls = blocks.some(({ type }) => type === "call");
		return chatResponse(blocks, answerEnd(value, { stopReason, usage: usageOf(value.usage), hasCalls }), context, wrong);
	},
);

function block(item: JsonObject, place: BlockPlace): AnswerBlock {
	const { source, wrong } = place;
	switch (item.type) {
		case "text":
			if (typeof item.text !== "string") throw wrong(".text is not a string");
			return { type: "text", text: item.text, citations: (Array.isArray(item.citations) ? item.citations : []).map(annotation) };
		case "thinking":
			if (typeof item.thinking !== "string") throw wrong(".thinking is not a string");
			return { type: "reasoning", text: item.thinking, sealed: sealedThinking(item.thinking, textOf(item.signature) ?? "") };
		case "tool_use":
			return callBlock({ id: item.id, name: item.name, input: item.input ?? {} }, place);
		default: {
			const type = textOf(item.type);
			if (type === undefined) throw wrong(".type is missing");
			return { type: "opaque", kind: blockKind(type), json: String(source()) };
		}
	}
}

function sealedThinking(thinking: string, signature: string): OpaqueBlock | undefined {
	const { kind, json } = thinkingSeal(signature);
	return signature === "" ? undefined : { kind, json: json(thinking) };
}
