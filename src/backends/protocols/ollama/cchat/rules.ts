import { emulationRules } from "../../../kit/chat/emulate/options.ts";
import { COMMON_RULES, NO_CALL_LIMIT } from "../../../kit/chat/shared-rules.ts";
import { OLLAMA } from "../../../kit/schema/dialects/ollama.ts";
import { schemaRules } from "../../../kit/schema/rules.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { OllamaOptions } from "../options.ts";

const { each, under } = ruleGroups("chat_completions");

const SCHEMAS = schemaRules(OLLAMA);

/** Refused, and left out under the policy `lenient`. */
const rejectOrDrop = (reason: string) => reject(reason, { lenient: drop(reason) });

/** Returns the treatment of every field of a chat request. */
export function chatRules({
	reasoning,
	sendReasoning,
	provider,
	emulations,
}: Pick<OllamaOptions, "reasoning" | "sendReasoning" | "provider" | "emulations">): FieldRules<"chat_completions"> {
	return {
		...COMMON_RULES,
		...each(["messages.role", "messages.content.text", "messages.content.image", "messages.tool_call_id"], pass),
		"messages.content": map("several texts are joined, in assistant messages without a line break; images follow the text"),
		"messages.content.image.source": map("the host sends the bytes in base64"),
		"messages.content.image.source.inline": pass,
		"messages.content.image.source.stored": map("the host reads the bytes"),
		"messages.content.image.source.url": map("the host fetches the bytes"),
		"messages.content.image.detail": drop("the upstream decides about the detail"),
		...under("messages.content.audio", rejectOrDrop("the upstream accepts no audio in chat")),
		...under("messages.content.file", rejectOrDrop("the upstream accepts no files")),
		"messages.content.refusal": map("sent as text"),
		"messages.content.reasoning": sendReasoning
			? when("of another provider", ({ sealed }) => sealed?.provider !== provider, drop("another model thought it"))
			: drop("the option send_reasoning is false"),
		"messages.content.reasoning.text": map("dropped with the reasoning of another provider"),
		"messages.content.reasoning.sealed": map("tells whose reasoning it is; not sent"),
		...under("messages.content.annotation", drop("the upstream has no citations; the cited text is sent")),
		"messages.content.opaque": drop("another provider sent the part"),
		"messages.tool_calls.id": map("an id that an earlier call has is made unique"),
		"messages.tool_calls.arguments": map("sent as an object; text that is no JSON object becomes a member of one"),
		"messages.is_error": drop("the upstream has no failed results; the content states that the tool failed"),
		"messages.name": drop("the upstream has no names of messages"),
		"tools.parameters": SCHEMAS.parameters,
		"tools.strict": when("true", (strict) => strict, rejectOrDrop("the upstream does not enforce schemas of tools")),
		"tool_choice.none": map("the tools are left out"),
		...each(["tool_choice.required", "tool_choice.named"], rejectOrDrop("the upstream cannot demand a tool call")),
		...each(["response_format.json_object", "response_format.json_schema"], pass),
		"response_format.json_schema.name": drop("the upstream has no names of schemas"),
		"response_format.json_schema.schema": SCHEMAS.output,
		"response_format.json_schema.strict": map("the upstream always enforces the schema"),
		...each(["params.temperature", "params.top_p", "params.max_output_tokens", "params.stop"], pass),
		...each(["params.seed", "params.presence_penalty", "params.frequency_penalty"], pass),
		"params.reasoning_effort":
			reasoning === "levels"
				? map("sent as false, low, medium, high or max: minimal as low, xhigh as high")
				: map("sent as true, and none as false: the option reasoning is boolean"),
		"params.parallel_tool_calls": NO_CALL_LIMIT,
		...emulationRules(emulations),
	};
}
