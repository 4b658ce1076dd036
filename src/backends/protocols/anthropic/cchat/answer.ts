import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { AnswerEnd } from "../../../kit/chat/answer.ts";
import { finishReasonOf } from "../../../kit/chat/finish-reason.ts";
import { blockKind } from "../../../kit/http/raw-blocks.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { STOP_REASONS } from "./stop-reason.ts";

/** Returns the provider's words about a refusal in `stop_details`. */
export function explanationOf(stopDetails: unknown): string | undefined {
	return isObject(stopDetails) && stopDetails.type === "refusal" ? textOf(stopDetails.explanation) : undefined;
}

/** Returns the members of a message beside its content. */
export function answerEnd(
	message: JsonObject,
	{ stopReason, usage, hasCalls }: { readonly stopReason: string; readonly usage: types.Usage | undefined; readonly hasCalls: boolean },
): AnswerEnd {
	return { id: textOf(message.id), model: textOf(message.model), finishReason: finishReasonOf(STOP_REASONS, stopReason, hasCalls), usage };
}

/** Returns a block of thinking as the provider wrote it. */
export function thinkingSeal(signature: string): { readonly kind: string; readonly json: (thinking: string) => string } {
	return { kind: blockKind("thinking"), json: (thinking) => JSON.stringify({ type: "thinking", thinking, signature }) };
}

/** Returns the source in a citation. A citation has no range of its own. */
export function annotation(citation: unknown): cchat.Annotation {
	const { url, title, document_title, source } = isObject(citation) ? citation : {};
	const link = textOf(url) ?? (isUrl(source) ? source : undefined);
	const name = textOf(title) ?? textOf(document_title);
	return { ...(link === undefined ? {} : { url: link }), ...(name === undefined ? {} : { title: name }) };
}

function isUrl(value: unknown): value is string {
	return typeof value === "string" && /^https?:\/\//i.test(value);
}
