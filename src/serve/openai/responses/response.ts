import type * as cchat from "../../../../generated/ir/cchat.ts";
import { answerParts } from "../assistant-parts.ts";
import type { AnswerFacts } from "../chat-api.ts";
import { spearMember } from "../spear-member.ts";
import { responsesUsage } from "../usage.ts";
import { callItem, hasReasoning, ItemIds, type ItemStatus, messageItem, reasoningItem, refusalPart, textPart } from "./output-items.ts";
import type { ResponsesEcho } from "./request.ts";

/** Status of an answer, and the reason of one that is cut. */
interface Ending {
	readonly status: "completed" | "incomplete";
	readonly incomplete_details: { readonly reason: "max_output_tokens" | "content_filter" } | null;
}

export function endingOf({ finish_reason: reason }: Pick<cchat.Response, "finish_reason">): Ending {
	if (reason === "length") return { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
	if (reason === "content_filter") return { status: "incomplete", incomplete_details: { reason } };
	return { status: "completed", incomplete_details: null };
}

/** Returns the body of a whole answer. */
export function responseBody(response: cchat.Response, echo: ResponsesEcho, facts: AnswerFacts): object {
	return finishedBody(response, outputOf(response, new ItemIds(facts.requestId)), echo, facts);
}

/** Returns the body of an answer with these items. */
export function finishedBody(response: cchat.Response, output: readonly object[], echo: ResponsesEcho, facts: AnswerFacts): object {
	const { model, usage } = response;
	return {
		...commonMembers(echo, facts),
		...endingOf(response),
		error: null,
		model,
		output,
		usage: usage === undefined ? null : responsesUsage(usage),
		...spearMember(response),
	};
}

/** Returns the members that an answer has from its beginning. */
export function commonMembers(echo: ResponsesEcho, { requestId, created }: AnswerFacts): object {
	return {
		id: new ItemIds(requestId).response,
		object: "response",
		created_at: created,
		...echo,
		background: false,
		previous_response_id: null,
		service_tier: "default",
		store: false,
		truncation: "disabled",
	};
}

/** Returns the items of a whole answer: reasoning, message, calls. */
function outputOf(response: cchat.Response, ids: ItemIds): object[] {
	const { message } = response;
	const parts = answerParts(message);
	const status: ItemStatus = endingOf(response).status;
	const content: object[] = [];
	if (parts.hasText || parts.annotations.length > 0) content.push(textPart(parts.text, parts.annotations));
	if (parts.refusal !== undefined) content.push(refusalPart(parts.refusal));
	return [
		...(hasReasoning(parts) ? [reasoningItem(ids, "completed", parts)] : []),
		...(content.length > 0 ? [messageItem(ids, status, content)] : []),
		...message.tool_calls.map((call, index) => callItem(ids, index, "completed", call)),
	];
}
