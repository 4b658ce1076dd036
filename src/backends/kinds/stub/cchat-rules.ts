import { ruleGroups } from "../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../rules.ts";

const { each, under } = ruleGroups("chat_completions");

const TEXT_ONLY = reject("the stub reads only text", { lenient: drop("the stub reads only text") });
const MADE_UP = emulate("the stub makes a value up; patterns and formats of texts are not considered");
const IGNORED_IN_HISTORY = drop("of earlier messages, the stub reads only text");

/** The stub reads the text of messages and the names of tools. Everything that a model would need is dropped or rejected. */
export const CHAT_RULES: FieldRules<"chat_completions"> = {
	...each(["model", "messages", "messages.role", "messages.content", "messages.content.text"], pass),
	...under("messages.content.image", TEXT_ONLY),
	...under("messages.content.audio", TEXT_ONLY),
	...under("messages.content.file", TEXT_ONLY),
	...under("messages.content.refusal", IGNORED_IN_HISTORY),
	...under("messages.content.reasoning", IGNORED_IN_HISTORY),
	...under("messages.content.annotation", IGNORED_IN_HISTORY),
	...under("messages.content.opaque", IGNORED_IN_HISTORY),
	...each(["messages.tool_calls", "messages.tool_calls.id", "messages.tool_calls.name", "messages.tool_calls.arguments"], pass),
	"messages.tool_call_id": pass,
	"messages.is_error": drop("the stub repeats the result of a failed tool like any other"),
	"messages.name": drop("the stub does not tell authors apart"),
	...each(["tools", "tools.name", "tools.description", "tools.parameters"], pass),
	"tools.strict": when(
		"true",
		(strict) => strict,
		reject("the stub enforces no schema", { lenient: drop("the stub enforces no schema") }),
		map("no schema is enforced in any case"),
	),
	...each(["tool_choice", "tool_choice.auto", "tool_choice.none", "tool_choice.required", "tool_choice.named"], pass),
	...each(["response_format", "response_format.text", "response_format.json_object"], pass),
	...each(
		[
			"response_format.json_schema",
			"response_format.json_schema.name",
			"response_format.json_schema.schema",
			"response_format.json_schema.strict",
		],
		MADE_UP,
	),
	...each(["params", "params.max_output_tokens", "params.stop", "params.seed"], pass),
	...each(
		["params.temperature", "params.top_p", "params.presence_penalty", "params.frequency_penalty"],
		drop("the stub's answers have no randomness"),
	),
	"params.reasoning_effort": reject("the stub does not reason", { lenient: drop("the stub does not reason") }),
	"params.parallel_tool_calls": when(
		"true",
		(parallel) => parallel,
		reject("the stub calls one tool at most", { lenient: drop("the stub calls one tool at most") }),
	),
};
