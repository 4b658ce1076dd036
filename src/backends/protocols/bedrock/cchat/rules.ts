import type * as cchat from "../../../../../generated/ir/cchat.ts";
import {
	NO_BLANK_TEXT,
	objectSchema,
	opaqueRule,
	SIGNED_REASONING,
	SYSTEM_FIRST,
	TEMPERATURE_TO_1,
} from "../../../kit/chat/shared-rules.ts";
import { BEDROCK_CONVERSE } from "../../../kit/schema/dialects/bedrock-converse.ts";
import { schemaRules } from "../../../kit/schema/rules.ts";
import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { BedrockOptions } from "../options.ts";
import type { ReasoningForm } from "./reasoning.ts";
import { forcesCall } from "./tools.ts";

const { each } = ruleGroups("chat_completions");

/** The dialect of most models. Models of Amazon Nova read fewer keywords. */
const SCHEMAS = schemaRules(BEDROCK_CONVERSE);

const MEDIA_AS_BYTES = each(
	[
		"messages.content.image.source.inline",
		"messages.content.image.source.stored",
		"messages.content.audio.source.inline",
		"messages.content.audio.source.stored",
		"messages.content.file.source.inline",
		"messages.content.file.source.stored",
	],
	map("the bytes are sent within the request, as base64"),
);

const MEDIA_OF_URLS = each(
	["messages.content.image.source.url", "messages.content.audio.source.url", "messages.content.file.source.url"],
	map("the host downloads it and sends the bytes"),
);

const CALLS = when<cchat.ToolCall[], cchat.Request>(
	"in a request that offers no tools",
	(_, { tools, tool_choice }) => tools.length === 0 || tool_choice?.type === "none",
	emulate("calls and results are sent as texts, because the API refuses them without tools"),
);

const NO_CHOICE = emulate("the tools are left out");

const PARALLEL_CALLS = when<boolean>("false", (parallel) => !parallel, drop("the API does not bound the calls of an answer"));

/** Returns the treatment of every field of a chat by an instance. */
export function chatRules({ chat }: Pick<BedrockOptions, "chat">): FieldRules<"chat_completions"> {
	return {
		...each(["model", "messages", "messages.content"], pass),
		"messages.role": SYSTEM_FIRST,
		"messages.content.text": NO_BLANK_TEXT,
		...each(["messages.content.image", "messages.content.image.source", "messages.content.audio"], pass),
		"messages.content.image.detail": drop("the API has no levels of detail"),
		...each(["messages.content.audio.source", "messages.content.audio.format"], pass),
		...each(["messages.content.file", "messages.content.file.source"], pass),
		...MEDIA_AS_BYTES,
		...MEDIA_OF_URLS,
		"messages.content.file.filename": map("without its ending and the characters that the API refuses; a repeated name gets a number"),
		"messages.content.refusal": map("sent as text"),
		"messages.content.reasoning": SIGNED_REASONING,
		"messages.content.reasoning.text": map("a part of its sealed form"),
		"messages.content.reasoning.sealed": opaqueRule(chat),
		...ruleGroups("chat_completions").under(
			"messages.content.annotation",
			drop("the API takes no citations back; the text that cites is sent"),
		),
		"messages.content.opaque": opaqueRule(chat),
		"messages.tool_calls": CALLS,
		"messages.tool_calls.id": map("an id of another form is replaced; a repeated id is made unique"),
		"messages.tool_calls.name": pass,
		"messages.tool_calls.arguments": map("a text that is no JSON object is sent within one"),
		"messages.tool_call_id": map("the id of the call as it is sent"),
		"messages.is_error": map("sent as the status of the result"),
		"messages.name": drop("the API has no names of authors"),
		...each(["tools", "tools.name", "tools.description", "tools.strict"], pass),
		"tools.parameters": objectSchema(SCHEMAS.parameters),
		...each(["tool_choice", "tool_choice.auto", "tool_choice.named"], pass),
		"tool_choice.none": NO_CHOICE,
		"tool_choice.required": map("sent as any"),
		...each(["response_format", "response_format.text", "response_format.json_schema", "response_format.json_schema.name"], pass),
		"response_format.json_object": reject("the API has no JSON mode without a schema", { lenient: drop("the API has no JSON mode") }),
		"response_format.json_schema.schema": SCHEMAS.output,
		"response_format.json_schema.strict": map("left out: the API always enforces the schema"),
		params: pass,
		"params.temperature": TEMPERATURE_TO_1,
		"params.top_p": pass,
		"params.max_output_tokens": map("sent as maxTokens"),
		"params.stop": map("sent as stopSequences"),
		"params.seed": reject("the API has no seed", { lenient: drop("the API has no seed") }),
		...each(["params.presence_penalty", "params.frequency_penalty"], drop("the API has no penalties")),
		"params.reasoning_effort": effortRule(chat.reasoning),
		"params.parallel_tool_calls": PARALLEL_CALLS,
	};
}

/** Forms without a word for no reasoning. */
const NO_NONE: ReadonlySet<ReasoningForm> = new Set(["effort", "reasoning_effort"]);

function effortRule(form: ReasoningForm): FieldRules<"chat_completions">["params.reasoning_effort"] {
	if (form === "budget")
		return when(
			"in a request that demands a tool call",
			(effort, { tools, tool_choice }) => effort !== "none" && tools.length > 0 && forcesCall(tool_choice),
			drop("Claude refuses a budget of thinking together with such a demand"),
			map("sent as a budget of tokens"),
		);
	const isTop = (effort: cchat.ReasoningEffort): boolean => effort === "xhigh" || effort === "max";
	const sent = map(`sent in the form ${form}`);
	const top = form === "nova" || form === "reasoning_effort" ? when("xhigh or max", isTop, emulate("sent as high, the most"), sent) : sent;
	const least = when<cchat.ReasoningEffort>("minimal", (effort) => effort === "minimal", emulate("sent as low, the least"), top);
	return NO_NONE.has(form) ? when("none", (effort) => effort === "none", drop("the model decides about its reasoning"), least) : least;
}
