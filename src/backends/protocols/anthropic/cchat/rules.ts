import type * as cchat from "../../../../../generated/ir/cchat.ts";
import {
	NO_BLANK_TEXT,
	objectSchema,
	opaqueRule,
	SIGNED_REASONING,
	SYSTEM_FIRST,
	TEMPERATURE_TO_1,
} from "../../../kit/chat/shared-rules.ts";
import { ANTHROPIC } from "../../../kit/schema/dialects/anthropic.ts";
import { schemaRules } from "../../../kit/schema/rules.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import { type AnthropicOptions, hasSampling } from "../options.ts";

const { each, under } = ruleGroups("chat_completions");

const AS_BASE64 = each(
	[
		"messages.content.image.source.inline",
		"messages.content.image.source.stored",
		"messages.content.file.source.inline",
		"messages.content.file.source.stored",
		"messages.content.file.source.url",
	],
	map("the bytes are sent within the request, as base64 or text"),
);

const IN_PLACE = when<cchat.Role>("system", (role) => role === "system", map("later ones are sent behind the messages of the user"));

const SCHEMAS = schemaRules(ANTHROPIC);

const PARALLEL_CALLS = when<boolean>("false", (parallel) => !parallel, map("sent as disable_parallel_tool_use"));

const EFFORT = when<cchat.ReasoningEffort>("minimal", (effort) => effort === "minimal", emulate("sent as low, the API's least"));
const BUDGET = when<cchat.ReasoningEffort, cchat.Request>(
	"in a request that demands a tool call",
	(effort, { tools, tool_choice }) =>
		effort !== "none" && tools.length > 0 && (tool_choice?.type === "required" || tool_choice?.type === "named"),
	drop("the API refuses a budget of thinking together with such a demand"),
	map("sent as a budget of tokens"),
);

/** Returns the treatment of every field of a chat by an instance. */
export function chatRules({ version, chat }: Pick<AnthropicOptions, "version" | "chat">): FieldRules<"chat_completions"> {
	const noSampling = drop(`the version ${version} of the API has no sampling parameters`);
	const samples = hasSampling(version);
	return {
		...each(["model", "messages", "messages.content"], pass),
		"messages.role": chat.inlineSystem ? IN_PLACE : SYSTEM_FIRST,
		"messages.content.text": NO_BLANK_TEXT,
		...each(["messages.content.image", "messages.content.image.source", "messages.content.image.source.url"], pass),
		"messages.content.image.detail": drop("the API has no levels of detail"),
		...under("messages.content.audio", reject("the API takes no audio", { lenient: drop("the API takes no audio") })),
		...each(["messages.content.file", "messages.content.file.source"], pass),
		...AS_BASE64,
		"messages.content.file.filename": map("sent as the title of the document"),
		"messages.content.refusal": map("sent as text"),
		"messages.content.reasoning": SIGNED_REASONING,
		"messages.content.reasoning.text": map("a part of its sealed form"),
		"messages.content.reasoning.sealed": opaqueRule(chat),
		...under("messages.content.annotation", drop("the API takes no citations back; the text that cites is sent")),
		"messages.content.opaque": opaqueRule(chat),
		"messages.tool_calls": pass,
		"messages.tool_calls.id": map("other characters than letters, digits, _ and - are replaced; a repeated id is made unique"),
		"messages.tool_calls.name": pass,
		"messages.tool_calls.arguments": map("a text that is no JSON object is sent within one"),
		"messages.tool_call_id": map("the id of the call as it is sent"),
		"messages.is_error": map("without content, a text says that the tool failed"),
		"messages.name": drop("the API has no names of authors"),
		...each(["tools", "tools.name", "tools.description", "tools.strict"], pass),
		"tools.parameters": objectSchema(SCHEMAS.parameters),
		...each(["tool_choice", "tool_choice.auto", "tool_choice.none", "tool_choice.named"], pass),
		"tool_choice.required": map("sent as any"),
		...each(["response_format", "response_format.text", "response_format.json_schema"], pass),
		"response_format.json_schema.schema": SCHEMAS.output,
		"response_format.json_object": reject("the API has no JSON mode without a schema", { lenient: drop("the API has no JSON mode") }),
		"response_format.json_schema.name": map("left out: the API's schemas have no names"),
		"response_format.json_schema.strict": map("left out: the API always enforces the schema"),
		params: pass,
		"params.temperature": samples ? TEMPERATURE_TO_1 : noSampling,
		"params.top_p": samples ? pass : noSampling,
		"params.max_output_tokens": map("sent as max_tokens"),
		"params.stop": map("sent as stop_sequences"),
		"params.seed": reject("the API has no seed", { lenient: drop("the API has no seed") }),
		...each(["params.presence_penalty", "params.frequency_penalty"], drop("the API has no penalties")),
		"params.reasoning_effort": chat.reasoning === "budget" ? BUDGET : EFFORT,
		"params.parallel_tool_calls": PARALLEL_CALLS,
	};
}
