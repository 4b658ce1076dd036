import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { OPENAI_SERVER_DIALECTS } from "../../../kit/schema/dialects/openai-servers.ts";
import { schemaRules } from "../../../kit/schema/rules.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRule, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { ChatOptions } from "./options.ts";

const { each, under } = ruleGroups("chat_completions");

const SYSTEM_FORMS: Readonly<Record<ChatOptions["systemForm"], string>> = {
	instructions: "sent as the member instructions at the beginning, and later as an item",
	system: "sent as an item of the role system",
	developer: "sent as an item of the role developer",
};

/** Returns the treatment of every field of a chat request. */
export function chatRules({ provider, sendOpaque, systemForm, schemaDialect }: ChatOptions): FieldRules<"chat_completions"> {
	const opaque: FieldRule<types.OpaquePart> = sendOpaque
		? when("of another provider", (part) => part.provider !== provider, drop("only its provider understands it"))
		: drop("the option send_opaque is false");
	const schemas = schemaRules(OPENAI_SERVER_DIALECTS[schemaDialect]);
	return {
		"messages.role": when<cchat.Role>("system", (role) => role === "system", map(SYSTEM_FORMS[systemForm])),
		...each(["model", "messages", "messages.content", "messages.content.text", "messages.content.refusal"], pass),
		...each(["messages.content.image", "messages.content.image.source", "messages.content.image.source.url"], pass),
		...each(["messages.content.image.source.inline", "messages.content.image.source.stored"], map("sent as a data URL")),
		"messages.content.image.detail": pass,
		...under("messages.content.audio", reject("the API takes no audio in messages")),
		...each(["messages.content.file", "messages.content.file.source", "messages.content.file.filename"], pass),
		...each(
			["messages.content.file.source.inline", "messages.content.file.source.stored", "messages.content.file.source.url"],
			map("sent as a data URL"),
		),
		"messages.content.reasoning": map("sent in the sealed form, unless nothing follows the part in the message"),
		"messages.content.reasoning.text": drop("the API takes reasoning in its sealed form only"),
		"messages.content.reasoning.sealed": opaque,
		"messages.content.opaque": opaque,
		...under("messages.content.annotation", drop("the text that a citation refers to is sent without it")),
		"messages.tool_calls": map("sent as items"),
		"messages.tool_calls.name": pass,
		...each(["messages.tool_calls.id", "messages.tool_call_id"], map("a repeated id and one with more than 64 characters are replaced")),
		"messages.tool_calls.arguments": map("text that is no JSON object is sent within one"),
		"messages.is_error": drop("the output of the tool states that the tool failed"),
		"messages.name": drop("the API has no names of messages"),
		...each(["tools", "tools.name", "tools.description", "tools.strict"], pass),
		"tools.parameters": schemas.parameters,
		...each(["tool_choice", "tool_choice.auto", "tool_choice.none", "tool_choice.required", "tool_choice.named"], pass),
		...each(["response_format", "response_format.text", "response_format.json_object", "response_format.json_schema"], pass),
		...each(["response_format.json_schema.name", "response_format.json_schema.strict"], pass),
		"response_format.json_schema.schema": schemas.output,
		...each(["params", "params.temperature", "params.top_p", "params.max_output_tokens"], pass),
		"params.reasoning_effort": pass,
		"params.parallel_tool_calls": when<boolean, cchat.Request>(
			"without tools",
			(_, { tools }) => tools.length === 0,
			map("left out: it has no meaning"),
		),
		...each(["params.presence_penalty", "params.frequency_penalty"], drop("the API has no penalties")),
		"params.stop": emulate("the host cuts the text before the sequence"),
		"params.seed": reject("the API has no seed"),
	};
}
