import type * as cchat from "../../../generated/ir/cchat.ts";
import { REQUEST_FIELDS } from "../../../generated/ir/fields/operations.ts";
import { ruleGroups } from "../../../src/backends/rule-groups.ts";
import { type FieldRules, pass } from "../../../src/backends/rules.ts";
import { chatEnvelope, chatRequest, message } from "../../helpers/chat.ts";

/** Rules of a chat backend that sends every field, except for the given ones. */
export function rulesWith(more: Partial<FieldRules<"chat_completions">>): FieldRules<"chat_completions"> {
	return { ...ruleGroups("chat_completions").each(REQUEST_FIELDS.chat_completions.FIELDS, pass), ...more };
}

/** A chat request with these members. */
export function request(more: Partial<cchat.Request>, degradation?: "strict" | "declared" | "lenient") {
	return chatEnvelope({ payload: chatRequest(more), ...(degradation === undefined ? {} : { degradation }) });
}

/** Parameters of a chat request. */
export function params(more: Partial<cchat.Params>): Pick<cchat.Request, "params"> {
	return { params: { stop: [], ...more } };
}

/** Messages of a user: each with a text and an image. */
export function withImages(count: number, details: readonly cchat.ImageDetail[] = []): Pick<cchat.Request, "messages"> {
	const image = (index: number): cchat.ContentPart => {
		const detail = details[index];
		return { type: "image", image: { source: { type: "stored", stored: `${index}` }, ...(detail === undefined ? {} : { detail }) } };
	};
	return {
		messages: Array.from({ length: count }, (_, index) => {
			const { content, ...rest } = message("user", "look");
			return { ...rest, content: [...content, image(index)] };
		}),
	};
}
