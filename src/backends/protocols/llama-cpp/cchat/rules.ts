import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { COMMON_RULES } from "../../../kit/chat/shared-rules.ts";
import type { SchemaDialect } from "../../../kit/schema/dialect.ts";
import { LLAMA_CPP_GRAMMAR, LLAMA_CPP_TOOLS } from "../../../kit/schema/dialects/llama-cpp.ts";
import { isWidened } from "../../../kit/schema/rules.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { type ConditionalRule, drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";

const { each, under } = ruleGroups("chat_completions");

const ENFORCED = "the grammar is the same with and without it";

const NO_EFFORT = "the model has no amount of reasoning";

const TEXT_ONLY = reject("the model takes only text", { lenient: drop("the model takes only text") });

const GRAMMAR = when<unknown, cchat.Request>(
	"with tools",
	(_, { tools, tool_choice }) => tools.length > 0 && tool_choice?.type !== "none",
	reject("a grammar leaves no room for tool calls"),
	map("sent as a grammar"),
);

/** Treatment of every field of a chat request. */
export const CHAT_RULES: FieldRules<"chat_completions"> = {
	...COMMON_RULES,
	...each(["messages.role", "messages.content.text", "messages.tool_call_id", "tool_choice.none", "params.parallel_tool_calls"], pass),
	...each(["params.temperature", "params.top_p", "params.max_output_tokens", "params.stop"], pass),
	...under("messages.content.image", TEXT_ONLY),
	...under("messages.content.audio", TEXT_ONLY),
	...under("messages.content.file", TEXT_ONLY),
	...under("messages.content.reasoning", drop("prompts leave out the reasoning of earlier turns")),
	...under("messages.content.annotation", drop("prompts have no citations")),
	...under("messages.content.opaque", drop("no provider stands behind the model")),
	"messages.content.refusal": map("sent as text"),
	"messages.tool_calls.id": map("replaced by the order: a prompt has each result after its call"),
	"messages.tool_calls.arguments": map("arguments that are no JSON object are sent within one"),
	"messages.is_error": map("the result is sent as an object with the member error"),
	"messages.name": drop("prompts have no names of authors"),
	"tools.parameters": schemaRule(LLAMA_CPP_TOOLS, "sent as a description and as a grammar"),
	"tools.strict": map(ENFORCED),
	"tool_choice.required": map("the answer begins as a tool call"),
	"tool_choice.named": map("the answer begins as a call of this tool"),
	"response_format.json_object": GRAMMAR,
	"response_format.json_schema": GRAMMAR,
	"response_format.json_schema.name": drop("grammars have no names"),
	"response_format.json_schema.schema": schemaRule(LLAMA_CPP_GRAMMAR, "sent as a grammar"),
	"response_format.json_schema.strict": map(ENFORCED),
	"params.seed": map("reduced to 32 bits"),
	"params.presence_penalty": emulate("counts the last 64 tokens only"),
	"params.frequency_penalty": emulate("counts the last 64 tokens only"),
	"params.reasoning_effort": reject(NO_EFFORT, { lenient: drop(NO_EFFORT) }),
};

/** Returns the rule for a schema in the dialect of the grammars. */
function schemaRule(dialect: SchemaDialect, form: string): ConditionalRule<JsonObject> {
	return when("with keywords that grammars lack", (schema) => isWidened(schema, () => dialect), emulate(`${form} without them`), map(form));
}
