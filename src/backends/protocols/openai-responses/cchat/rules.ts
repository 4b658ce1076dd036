import type * as cchat from "../../../../../generated/ir/cchat.ts";
import {
	COMMON_RULES,
	enforcedRules,
	mediaRules,
	OBJECT_ARGUMENTS,
	opaqueRule,
	PARALLEL_WITH_TOOLS,
	sourceRules,
} from "../../../kit/chat/shared-rules.ts";
import { OPENAI_SERVER_DIALECTS } from "../../../kit/schema/dialects/openai-servers.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { ChatOptions } from "./options.ts";

const { each, under } = ruleGroups("chat_completions");

const SYSTEM_FORMS: Readonly<Record<ChatOptions["systemForm"], string>> = {
	instructions: "sent as the member instructions at the beginning, and later as an item",
	system: "sent as an item of the role system",
	developer: "sent as an item of the role developer",
};

/** Returns the treatment of every field of a chat request. */
export function chatRules(chat: ChatOptions): FieldRules<"chat_completions"> {
	const opaque = opaqueRule(chat);
	return {
		...COMMON_RULES,
		"messages.role": when<cchat.Role>("system", (role) => role === "system", map(SYSTEM_FORMS[chat.systemForm])),
		...each(["messages.content.text", "messages.content.refusal", "messages.content.file.filename"], pass),
		...mediaRules(["image", "file"]),
		...each(["messages.content.image.source.url", "messages.content.image.detail"], pass),
		...sourceRules(["image", "file"], ["inline", "stored"], map("sent as a data URL")),
		"messages.content.file.source.url": map("sent as a data URL"),
		...under("messages.content.audio", reject("the API takes no audio in messages")),
		"messages.content.reasoning": map("sent in the sealed form, unless nothing follows the part in the message"),
		"messages.content.reasoning.text": drop("the API takes reasoning in its sealed form only"),
		"messages.content.reasoning.sealed": opaque,
		"messages.content.opaque": opaque,
		...under("messages.content.annotation", drop("the text that a citation refers to is sent without it")),
		"messages.tool_calls": map("sent as items"),
		...each(["messages.tool_calls.id", "messages.tool_call_id"], map("a repeated id and one with more than 64 characters are replaced")),
		"messages.tool_calls.arguments": OBJECT_ARGUMENTS,
		"messages.is_error": drop("the output of the tool states that the tool failed"),
		"messages.name": drop("the API has no names of messages"),
		...enforcedRules(OPENAI_SERVER_DIALECTS[chat.schemaDialect]),
		...each(["params.temperature", "params.top_p", "params.max_output_tokens", "params.reasoning_effort"], pass),
		"params.parallel_tool_calls": PARALLEL_WITH_TOOLS,
		...each(["params.presence_penalty", "params.frequency_penalty"], drop("the API has no penalties")),
		"params.stop": emulate("the host cuts the text before the sequence"),
		"params.seed": reject("the API has no seed"),
	};
}
