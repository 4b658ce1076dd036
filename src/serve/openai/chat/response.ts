import type * as cchat from "../../../../generated/ir/cchat.ts";
import { type AnswerParts, answerParts } from "../assistant-parts.ts";
import type { AnswerFacts } from "../chat-api.ts";
import { printDetails } from "../details.ts";
import { spearMember } from "../spear-member.ts";
import { chatUsage } from "../usage.ts";

/** Returns the body of a whole answer. */
export function chatCompletion(response: cchat.Response, { requestId, created }: AnswerFacts): object {
	return {
		id: completionId(requestId),
		object: "chat.completion",
		created,
		model: response.model,
		choices: [{ index: 0, message: answerMessage(response.message), logprobs: null, ...finish(response) }],
		...(response.usage === undefined ? {} : { usage: chatUsage(response.usage) }),
		...spearMember(response),
	};
}

export function completionId(requestId: string): string {
	return `chatcmpl-${requestId}`;
}

/** Returns the members that say why an answer ended. OpenAI has no word for another reason, so a member of OpenRouter's has it. */
export function finish({ finish_reason: reason }: cchat.Response): object {
	return reason === "other" ? { finish_reason: "stop", native_finish_reason: "other" } : { finish_reason: reason };
}

function answerMessage(message: cchat.Message): object {
	const parts = answerParts(message);
	return {
		role: "assistant",
		content: parts.hasText ? parts.text : null,
		refusal: parts.refusal ?? null,
		...(parts.reasoning === "" ? {} : { reasoning_content: parts.reasoning }),
		...lateMembers(parts),
		...(message.tool_calls.length === 0 ? {} : { tool_calls: message.tool_calls.map(toolCall) }),
	};
}

/** Returns the members that a stream sends last, because they are known only then. */
export function lateMembers({ annotations, details }: AnswerParts): object {
	return {
		...(annotations.length === 0 ? {} : { annotations: annotations.map(urlCitation) }),
		...(details.length === 0 ? {} : { reasoning_details: [reasoningDetail(printDetails(details))] }),
	};
}

function toolCall({ id, name, arguments: args }: cchat.ToolCall): object {
	return { id, type: "function", function: { name, arguments: args } };
}

function urlCitation(annotation: cchat.Annotation): object {
	return { type: "url_citation", url_citation: annotation };
}

/**
 * Returns the parts without a place of their own, in the form that OpenRouter gave them and that many clients return.
 *
 * @see https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
function reasoningDetail(data: string): object {
	return { type: "reasoning.encrypted", data, id: null, format: "unknown", index: 0 };
}
