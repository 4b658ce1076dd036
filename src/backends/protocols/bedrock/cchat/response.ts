import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import type { JsonTextAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { type AnswerBlock, type AnswerContext, chatResponse } from "../../../kit/chat/answer.ts";
import { blockKind } from "../../../kit/http/raw-blocks.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { bedrockErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { annotation, answerEnd } from "./answer.ts";
import { memberOf, sealedReasoning } from "./opaque.ts";

/**
 * Returns the result of a whole answer. A failure carries the usage that the answer reports.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export function parseAnswer(answer: JsonTextAnswer, context: AnswerContext): cchat.Response {
	try {
		return read(answer, context);
	} catch (thrown) {
		throw withUsage(thrown, isObject(answer.value) ? usageOf(answer.value.usage) : undefined);
	}
}

function read(answer: JsonTextAnswer, context: AnswerContext): cchat.Response {
	const wrong = (what: string): Error => malformedError(answer.exchange, what, answer.text);
	const { output, stopReason, usage } = bedrockErrors.resultObject(answer, wrong);
	const message = isObject(output) ? output.message : undefined;
	const content = isObject(message) ? message.content : undefined;
	if (!Array.isArray(content)) throw wrong("output.message.content is not a list");
	const reason = textOf(stopReason);
	if (reason === undefined) throw wrong("stopReason is missing");
	// Remembers the items that it has read.
	const source = new JsonSource(answer.text).member("output")?.member("message")?.member("content");
	const blocks = content.map((item: unknown, index) => {
		const reader = {
			context,
			source: () => source?.item(index),
			wrong: (what: string) => wrong(`output.message.content[${index}]${what}`),
		};
		return block(item, reader);
	});
	const hasCalls = blocks.some(({ type }) => type === "call");
	return chatResponse(blocks, answerEnd(reason, hasCalls, usageOf(usage)), context, wrong);
}

interface BlockReader {
	readonly context: AnswerContext;
	/** Returns the block within the answer's text. */
	readonly source: () => JsonSource | undefined;
	/** Makes the error for a malformed block. `what` begins with the name of a member. */
	readonly wrong: (what: string) => Error;
}

function block(item: unknown, reader: BlockReader): AnswerBlock {
	if (!isObject(item)) throw reader.wrong(" is not an object");
	if (typeof item.text === "string") return { type: "text", text: item.text };
	if (isObject(item.toolUse) && item.toolUse.type === undefined) return call(item.toolUse, reader);
	if (isObject(item.citationsContent)) return citedText(item.citationsContent);
	const known = isObject(item.reasoningContent) ? reasoningBlock(item.reasoningContent) : undefined;
	if (known !== undefined) return known;
	const member = memberOf(item);
	if (member === undefined) throw reader.wrong(" is empty");
	return { type: "opaque", kind: blockKind(member), json: String(reader.source()) };
}

function call({ toolUseId, name, input = {} }: JsonObject, { context, source, wrong }: BlockReader): AnswerBlock {
	const tool = textOf(name);
	if (tool === undefined) throw wrong(".toolUse.name is missing");
	if (!isObject(input)) throw wrong(".toolUse.input is not an object");
	const args = Object.keys(input).length === 0 ? "{}" : String(source()?.member("toolUse")?.member("input"));
	return { type: "call", call: { id: context.ids.claim(textOf(toolUseId)), name: tool, arguments: args } };
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
