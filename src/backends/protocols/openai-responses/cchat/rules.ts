import { ruleGroups } from "../../../rule-groups.ts";
import { drop, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { ChatOptions } from "./options.ts";

const { each, under } = ruleGroups("chat_completions");

const SYSTEM_FORMS: Readonly<Record<ChatOptions["systemForm"], string>> = {
	instructions: "system messages at the beginning are sent as the member instructions, later ones as items",
	system: "system messages are sent as items of the role system",
	developer: "system messages are sent as items of the role developer",
};

/** Returns the treatment of every field of a chat request. */
export function chatRules({ provider, sendOpaque, systemForm }: ChatOptions): FieldRules<"chat_completions"> {
	const opaque = when(
		"of another provider, or with the option send_opaque = false",
		(part: { readonly provider: string }) => !sendOpaque || part.provider !== provider,
		drop("only its provider understands it"),
		map("sent as the item that the provider sent"),
	);
	return {
		"messages.role": map(SYSTEM_FORMS[systemForm]),
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
		...each(["tools", "tools.name", "tools.description", "tools.parameters", "tools.strict"], pass),
		...each(["tool_choice", "tool_choice.auto", "tool_choice.none", "tool_choice.required", "tool_choice.named"], pass),
		...each(["response_format", "response_format.text", "response_format.json_object", "response_format.json_schema"], pass),
		...each(["response_format.json_schema.name", "response_format.json_schema.schema", "response_format.json_schema.strict"], pass),
		...each(["params", "params.temperature", "params.top_p", "params.max_output_tokens"], pass),
		...each(["params.reasoning_effort", "params.parallel_tool_calls"], pass),
		...each(["params.presence_penalty", "params.frequency_penalty"], drop("the API has no penalties")),
		"params.stop": reject("the API has no stop sequences"),
		"params.seed": reject("the API has no seed"),
	};
}
