import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import type { JsonTextAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { type AnswerBlock, type AnswerContext, chatResponse, type OpaqueBlock } from "../../../kit/chat/answer.ts";
import { blockKind } from "../../../kit/http/raw-blocks.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { JsonSource } from "../../../kit/json/source.ts";
import { anthropicErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import { annotation, answerEnd, explanationOf, thinkingSeal } from "./answer.ts";

/**
 * Returns the result of a whole message. A failure carries the usage that the message reports.
 *
 * @throws SpearError `backend_error` that names the malformed member; the error that the upstream reports.
 */
export function parseMessage(answer: JsonTextAnswer, context: AnswerContext): cchat.Response {
	try {
		return read(answer, context);
	} catch (thrown) {
		throw withUsage(thrown, isObject(answer.value) ? usageOf(answer.value.usage) : undefined);
	}
}

function read(answer: JsonTextAnswer, context: AnswerContext): cchat.Response {
	const wrong = (what: string): Error => malformedError(answer.exchange, what, answer.text);
	const value = anthropicErrors.resultObject(answer, wrong);
	const { content, usage } = value;
	if (!Array.isArray(content)) throw wrong("content is not a list");
	const stopReason = textOf(value.stop_reason);
	if (stopReason === undefined) throw wrong("stop_reason is missing");
	const whole = new JsonSource(answer.text).member("content"); // Remembers the items that it has read.
	const blocks = content.map((item: unknown, index) =>
		block(item, { context, source: () => whole?.item(index), wrong: (what) => wrong(`content[${index}]${what}`) }),
	);
	const refusal = explanationOf(value.stop_details);
	if (refusal !== undefined) blocks.push({ type: "refusal", text: refusal });
	const hasCalls = blocks.some(({ type }) => type === "call");
	return chatResponse(blocks, answerEnd(value, { stopReason, usage: usageOf(usage), hasCalls }), context, wrong);
}

interface BlockContext {
	readonly context: AnswerContext;
	/** Returns the block within the answer's text. */
	readonly source: () => JsonSource | undefined;
	/** Makes the error for a malformed block. `what` begins with the name of a member. */
	readonly wrong: (what: string) => Error;
}

function block(item: unknown, { context, source, wrong }: BlockContext): AnswerBlock {
	if (!isObject(item)) throw wrong(" is not an object");
	switch (item.type) {
		case "text":
			if (typeof item.text !== "string") throw wrong(".text is not a string");
			return { type: "text", text: item.text, citations: (Array.isArray(item.citations) ? item.citations : []).map(annotation) };
		case "thinking":
			if (typeof item.thinking !== "string") throw wrong(".thinking is not a string");
			return { type: "reasoning", text: item.thinking, sealed: sealedThinking(item.thinking, textOf(item.signature) ?? "") };
		case "tool_use": {
			const name = textOf(item.name);
			if (name === undefined) throw wrong(".name is missing");
			const input = item.input ?? {};
			if (!isObject(input)) throw wrong(".input is not an object");
			const args = Object.keys(input).length === 0 ? "{}" : String(source()?.member("input"));
			return { type: "call", call: { id: context.ids.claim(textOf(item.id)), name, arguments: args } };
		}
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
