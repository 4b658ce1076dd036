import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { emulationRules } from "../../../kit/chat/emulate/options.ts";
import {
	COMMON_RULES,
	enforcedRules,
	mediaRules,
	NO_CITATIONS,
	OBJECT_ARGUMENTS,
	opaqueRule,
	PARALLEL_WITH_TOOLS,
	sourceRules,
} from "../../../kit/chat/shared-rules.ts";
import { OPENAI_SERVER_DIALECTS } from "../../../kit/schema/dialects/openai-servers.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, type FieldRules, map, pass, when } from "../../../rules.ts";
import type { OpenAiOptions } from "../options.ts";
import { isOwnContent } from "./opaque.ts";
import { quirkRules } from "./with-quirks.ts";

const { each, under } = ruleGroups("chat_completions");

const AS_BASE64 = map("the bytes are sent within the request, as base64");

const OWN_CONTENT = when("with content that the ABI has parts for", isOwnContent, drop("such content is sent only as the ABI's own parts"));

const DEVELOPER = when<cchat.Role>("system", (role) => role === "system", map("sent as the role developer"));

/** Returns the treatment of every field of a chat by an instance. */
export function chatRules({ chat }: Pick<OpenAiOptions, "chat">): FieldRules<"chat_completions"> {
	const opaque = opaqueRule(chat, OWN_CONTENT);
	return {
		...COMMON_RULES,
		...each(["messages.content.text", "messages.content.refusal", "messages.content.reasoning", "messages.name"], pass),
		"messages.role": chat.developerRole ? DEVELOPER : pass,
		...mediaRules(["image", "audio", "file"]),
		...each(["messages.content.image.detail", "messages.content.audio.format", "messages.content.file.filename"], pass),
		...sourceRules(["image", "audio", "file"], ["inline", "stored"], AS_BASE64),
		"messages.content.image.source.url": pass,
		...sourceRules(["audio", "file"], ["url"], AS_BASE64),
		"messages.content.reasoning.text": chat.sendReasoning
			? map("sent as reasoning_content")
			: drop("most servers refuse earlier reasoning; the option send_reasoning sends it"),
		"messages.content.reasoning.sealed": opaque,
		...under("messages.content.annotation", NO_CITATIONS),
		"messages.content.opaque": opaque,
		"messages.tool_calls.id": map("an id that an earlier call has is made unique"),
		"messages.tool_calls.arguments": OBJECT_ARGUMENTS,
		"messages.tool_call_id": map("the id of the call as it is sent"),
		"messages.is_error": drop("the API has no member for it; the content says that the tool failed"),
		...enforcedRules(OPENAI_SERVER_DIALECTS[chat.schemaDialect]),
		...each(["params.temperature", "params.top_p", "params.stop", "params.seed"], pass),
		...each(["params.presence_penalty", "params.frequency_penalty", "params.reasoning_effort"], pass),
		"params.max_output_tokens": map(`sent as ${chat.maxTokensField}`),
		"params.parallel_tool_calls": chat.sendParallelToolCalls ? PARALLEL_WITH_TOOLS : drop("the option send_parallel_tool_calls is false"),
		...quirkRules(chat.quirks),
		...emulationRules(chat.emulations),
	};
}
