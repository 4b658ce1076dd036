import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { OPENAI_SERVER_DIALECTS } from "../../../kit/schema/dialects/openai-servers.ts";
import { schemaRules } from "../../../kit/schema/rules.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, type FieldRule, type FieldRules, map, pass, when } from "../../../rules.ts";
import type { OpenAiOptions } from "../options.ts";
import { isOwnContent } from "./opaque.ts";
import { quirkRules } from "./with-quirks.ts";

const { each, under } = ruleGroups("chat_completions");

/** Sources of media whose bytes the request itself carries. */
const AS_BASE64 = each(
	[
		"messages.content.audio.source.inline",
		"messages.content.audio.source.stored",
		"messages.content.audio.source.url",
		"messages.content.file.source.inline",
		"messages.content.file.source.stored",
		"messages.content.file.source.url",
		"messages.content.image.source.inline",
		"messages.content.image.source.stored",
	],
	map("the bytes are sent within the request, as base64"),
);

const DEVELOPER = when<cchat.Role>("system", (role) => role === "system", map("sent as the role developer"));

const PARALLEL_CALLS = when<boolean, cchat.Request>(
	"without tools",
	(_, { tools }) => tools.length === 0,
	map("left out: it has no meaning"),
);

/** Returns the treatment of every field of a chat by an instance. */
export function chatRules({ chat }: Pick<OpenAiOptions, "chat">): FieldRules<"chat_completions"> {
	const schemas = schemaRules(OPENAI_SERVER_DIALECTS[chat.schemaDialect]);
	return {
		...each(["model", "messages", "messages.content", "messages.content.text", "messages.name"], pass),
		"messages.role": chat.developerRole ? DEVELOPER : pass,
		...each(["messages.content.image", "messages.content.image.source", "messages.content.image.source.url"], pass),
		"messages.content.image.detail": pass,
		...each(["messages.content.audio", "messages.content.audio.source", "messages.content.audio.format"], pass),
		...each(["messages.content.file", "messages.content.file.source", "messages.content.file.filename"], pass),
		...AS_BASE64,
		"messages.content.refusal": pass,
		"messages.content.reasoning": pass,
		"messages.content.reasoning.text": chat.sendReasoning
			? map("sent as reasoning_content")
			: drop("most servers refuse earlier reasoning; the option send_reasoning sends it"),
		"messages.content.reasoning.sealed": opaqueRule(chat),
		...under("messages.content.annotation", drop("the API takes no citations back; the text that cites is sent")),
		"messages.content.opaque": opaqueRule(chat),
		"messages.tool_calls": pass,
		"messages.tool_calls.id": map("an id that an earlier call has is made unique"),
		"messages.tool_calls.name": pass,
		"messages.tool_calls.arguments": map("a text that is no JSON object is sent within one"),
		"messages.tool_call_id": map("the id of the call as it is sent"),
		"messages.is_error": drop("the API has no member for it; the content says that the tool failed"),
		...each(["tools", "tools.name", "tools.description", "tools.strict"], pass),
		"tools.parameters": schemas.parameters,
		...each(["tool_choice", "tool_choice.auto", "tool_choice.none", "tool_choice.required", "tool_choice.named"], pass),
		...each(["response_format", "response_format.text", "response_format.json_object", "response_format.json_schema"], pass),
		...each(["response_format.json_schema.name", "response_format.json_schema.strict"], pass),
		"response_format.json_schema.schema": schemas.output,
		...each(["params", "params.temperature", "params.top_p", "params.stop", "params.seed"], pass),
		...each(["params.presence_penalty", "params.frequency_penalty", "params.reasoning_effort"], pass),
		"params.max_output_tokens": map(`sent as ${chat.maxTokensField}`),
		"params.parallel_tool_calls": chat.sendParallelToolCalls ? PARALLEL_CALLS : drop("the option send_parallel_tool_calls is false"),
		...quirkRules(chat.quirks),
	};
}

function opaqueRule({ sendOpaque, provider }: OpenAiOptions["chat"]): FieldRule<types.OpaquePart> {
	if (!sendOpaque) return drop("the option send_opaque is false");
	return when(
		"of another provider",
		(part) => part.provider !== provider,
		drop("only its provider understands it"),
		when("with content that the ABI has parts for", isOwnContent, drop("such content is sent only as the ABI's own parts")),
	);
}
