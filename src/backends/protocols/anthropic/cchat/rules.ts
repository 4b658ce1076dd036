import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { emulationRules } from "../../../kit/chat/emulate/options.ts";
import { blockRules, budgetOfTokens, SYSTEM_FIRST, sourceRules, TEMPERATURE_TO_1 } from "../../../kit/chat/shared-rules.ts";
import { ANTHROPIC } from "../../../kit/schema/dialects/anthropic.ts";
import { schemaRules } from "../../../kit/schema/rules.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import { type AnthropicOptions, hasSampling } from "../options.ts";

const { under } = ruleGroups("chat_completions");

const SCHEMAS = schemaRules(ANTHROPIC);

const AS_BASE64 = map("the bytes are sent within the request, as base64 or text");

const IN_PLACE = when<cchat.Role>("system", (role) => role === "system", map("later ones are sent behind the messages of the user"));

const PARALLEL_CALLS = when<boolean>("false", (parallel) => !parallel, map("sent as disable_parallel_tool_use"));

const EFFORT = when<cchat.ReasoningEffort>("minimal", (effort) => effort === "minimal", emulate("sent as low, the API's least"));

/** Returns the treatment of every field of a chat by an instance. */
export function chatRules({ version, chat }: Pick<AnthropicOptions, "version" | "chat">): FieldRules<"chat_completions"> {
	const noSampling = drop(`the version ${version} of the API has no sampling parameters`);
	const samples = hasSampling(version);
	return {
		...blockRules(chat, SCHEMAS),
		"messages.role": chat.inlineSystem ? IN_PLACE : SYSTEM_FIRST,
		...sourceRules(["image", "file"], ["inline", "stored"], AS_BASE64),
		"messages.content.image.source.url": pass,
		...under("messages.content.audio", reject("the API takes no audio", { lenient: drop("the API takes no audio") })),
		"messages.content.file.source.url": AS_BASE64,
		"messages.content.file.filename": map("sent as the title of the document"),
		"messages.tool_calls.id": map("other characters than letters, digits, _ and - are replaced; a repeated id is made unique"),
		"messages.is_error": map("without content, a text says that the tool failed"),
		"tool_choice.none": pass,
		"response_format.json_schema.name": map("left out: the API's schemas have no names"),
		"params.temperature": samples ? TEMPERATURE_TO_1 : noSampling,
		"params.top_p": samples ? pass : noSampling,
		"params.max_output_tokens": map("sent as max_tokens"),
		"params.stop": map("sent as stop_sequences"),
		"params.reasoning_effort": chat.reasoning === "budget" ? budgetOfTokens(chat.emulations) : EFFORT,
		"params.parallel_tool_calls": PARALLEL_CALLS,
		...emulationRules(chat.emulations),
	};
}
