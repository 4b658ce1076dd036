import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { AnswerEnd } from "../../../kit/chat/answer.ts";
import { finishReasonOf } from "../../../kit/chat/finish-reason.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { STOP_REASONS } from "./stop-reason.ts";

/** Returns the members of an answer beside its content. Converse names neither an id nor the model. */
export function answerEnd(stopReason: string, hasCalls: boolean, usage: types.Usage | undefined): AnswerEnd {
	return { finishReason: finishReasonOf(STOP_REASONS, stopReason, hasCalls), usage };
}

/**
 * Returns a citation, without a range.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Citation.html
 */
export function annotation(citation: unknown): cchat.Annotation {
	const { title, source, location } = isObject(citation) ? citation : {};
	const web = isObject(location) && isObject(location.web) ? textOf(location.web.url) : undefined;
	const url = web ?? (/^https?:\/\//i.test(textOf(source) ?? "") ? textOf(source) : undefined);
	const name = textOf(title);
	return { ...(url === undefined ? {} : { url }), ...(name === undefined ? {} : { title: name }) };
}
