import { COMMON_RULES, mediaRules, NO_CALL_LIMIT, sourceRules } from "../../../kit/chat/shared-rules.ts";
import { GEMINI } from "../../../kit/schema/dialects/gemini.ts";
import { schemaRules } from "../../../kit/schema/rules.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import { FUNCTION_NAMES, isFunctionName } from "./function-name.ts";
import type { ChatOptions } from "./options.ts";

const { each, under } = ruleGroups("chat_completions");

/** Most stop sequences that the API accepts. */
export const MAX_STOP = 5;

const SCHEMAS = schemaRules(GEMINI);

/** Returns the treatment of every field of a chat request. */
export function chatRules({ reasoning, provider, sendOpaque, sendCallIds }: ChatOptions): FieldRules<"chat_completions"> {
	const isForeign = (part: { readonly provider: string }): boolean => !sendOpaque || part.provider !== provider;
	const foreign = sendOpaque ? "of another provider" : "as the option send_opaque is false";
	const ids = sendCallIds ? map("an id that an earlier call has is made unique") : drop("the option send_call_ids is false");
	return {
		...COMMON_RULES,
		"messages.content.text": map("an empty text is left out"),
		"messages.role": when(
			"system",
			(role) => role === "system",
			map("sent as the system instruction, before the conversation"),
			map("assistant is sent as model, tool as user"),
		),
		...mediaRules(["image", "audio"]),
		...sourceRules(["image", "audio", "file"], ["inline"], pass),
		...sourceRules(["image", "audio", "file"], ["stored"], map("the host reads the bytes")),
		...sourceRules(["image", "audio", "file"], ["url"], map("the host fetches the bytes")),
		"messages.content.image.detail": drop("the upstream chooses the level of detail by itself"),
		"messages.content.audio.format": map("names the media type of bytes without one"),
		"messages.content.file": map("text of any kind is sent as plain text"),
		"messages.content.file.source": pass,
		"messages.content.file.filename": drop("the upstream has no names of files"),
		"messages.content.refusal": map("sent as text"),
		"messages.content.reasoning": when("without a sealed form", ({ sealed }) => sealed === undefined, drop("the model did not sign it")),
		"messages.content.reasoning.text": map("sent within the sealed form"),
		"messages.content.reasoning.sealed": when(foreign, isForeign, drop("only its provider understands it")),
		...under("messages.content.annotation", drop("the upstream has no citations in a conversation; the cited text is sent")),
		"messages.content.opaque": when(foreign, isForeign, drop("only its provider understands it")),
		"messages.tool_calls.id": ids,
		"messages.tool_calls.name": map("a name that no function can have is written with _"),
		"messages.tool_calls.arguments": map("sent as an object; text that is no JSON object becomes a member of one"),
		"messages.tool_call_id": sendCallIds ? map("sent with the name of the tool") : map("sent as the name of the tool"),
		"messages.is_error": map("the result is sent as error instead of output"),
		"messages.name": drop("the upstream has no names of messages"),
		"tools.name": when("beginning with a digit or -", (name) => !isFunctionName(name), reject(FUNCTION_NAMES)),
		"tools.parameters": SCHEMAS.parameters,
		"tools.strict": map("true enforces the schemas of all tools"),
		...each(["tool_choice.none", "tool_choice.required", "response_format.json_object", "response_format.json_schema"], pass),
		"tool_choice.named": map("sent as the only allowed tool"),
		"response_format.json_schema.name": map("left out: the upstream's schemas have no names"),
		"response_format.json_schema.schema": SCHEMAS.output,
		"response_format.json_schema.strict": map("left out: the upstream always enforces the schema"),
		...each(["params.temperature", "params.top_p", "params.max_output_tokens"], pass),
		"params.stop": when(
			"with more than 5 sequences",
			({ length }) => length > MAX_STOP,
			emulate("the host ends the text: the upstream accepts at most 5"),
		),
		"params.seed": when(
			"beyond 32 bits",
			(seed) => seed !== (seed | 0),
			reject("the upstream accepts only numbers of 32 bits", { lenient: drop("the seed exceeds 32 bits") }),
		),
		...each(["params.presence_penalty", "params.frequency_penalty"], pass),
		"params.reasoning_effort":
			reasoning === "level"
				? when(
						"none",
						(effort) => effort === "none",
						emulate("sent as MINIMAL: the model always thinks"),
						map("sent as a level; max as XHIGH"),
					)
				: map("sent as a budget of tokens; max as xhigh"),
		"params.parallel_tool_calls": NO_CALL_LIMIT,
	};
}
