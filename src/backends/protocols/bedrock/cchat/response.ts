import { type AnswerBlock, chatResponse } from "../../../kit/chat/answer.ts";
import { blockKind } from "../../../kit/http/raw-blocks.ts";
import { answerBlocks, answerParser, type BlockPlace, callBlock } from "../../../kit/http/whole-answer.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { bedrockErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { annotation, answerEnd } from "./answer.ts";
import { memberOf, sealedReasoning } from "./opaque.ts";

/**
 * Returns the result of a whole answer.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export const parseAnswer = answerParser(
	bedrockErrors,
	({ usage }) => usageOf(usage),
	(answer) => {
		const { value, context, wrong } = answer;
		const message = isObject(value.output) ? value.output.message : undefined;
		const list = isObject(message) ? message.content : undefined;
		const blocks = answerBlocks(answer, { path: ["output", "message", "content"], list }, block);
		const reason = textOf(value.stopReason);
		if (reason === undefined) throw wrong("stopReason is missing");
		const hasCalls = blocks.some(({ type }) => type === "call");
		return chatResponse(blocks, answerEnd(reason, hasCalls, usageOf(value.usage)), context, wrong);
	},
);

function block(item: JsonObject, place: BlockPlace): AnswerBlock {
	if (typeof item.text === "string") return { type: "text", text: item.text };
	if (isObject(item.toolUse) && item.toolUse.type === undefined) {
		const { toolUseId: id, name, input = {} } = item.toolUse;
		return callBlock({ id, name, input }, place, ["toolUse"]);
	}
	if (isObject(item.citationsContent)) return citedText(item.citationsContent);
	const known = isObject(item.reasoningContent) ? reasoningBlock(item.reasoningContent) : undefined;
	if (known !== undefined) return known;
	const member = memberOf(item);
	if (member === undefined) throw place.wrong(" is empty");
	return { type: "opaque", kind: blockKind(member), json: String(place.source()) };
}

function citedText({ content, citations }: JsonObject): AnswerBlock {
	const texts: readonly unknown[] = Array.isArray(content) ? content : [];
	const text = texts.map((part) => (isObject(part) ? (textOf(part.text) ?? "") : "")).join("");
	return { type: "text", text, citations: Array.isArray(citations) ? citations.map(annotation) : [] };
}

function reasoningBlock({ reasoningText, redactedContent }: JsonObject): AnswerBlock | undefined {
	if (typeof redactedContent === "string") return { type: "reasoning", text: "", sealed: sealedReasoning({ redactedContent }) };
	if (!isObject(reasoningText) || typeof reasoningText.text !== "string") return undefined;
	const { text } = reasoningText;
	const signature = textOf(reasoningText.signature);
	return { type: "reasoning", text, sealed: signature === undefined ? undefined : sealedReasoning({ reasoningText: { text, signature } }) };
}
