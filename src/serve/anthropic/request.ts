import type * as cchat from "../../../generated/ir/cchat.ts";
import { guestName } from "../../errors/guest-name.ts";
import { callOptions, jsonObject } from "../openai/call-options.ts";
import { EFFORTS, MAX_TOKENS } from "../openai/chat/request.ts";
import type { ChatCall } from "../openai/chat-api.ts";
import { unsupported } from "../openai/errors.ts";
import { Fields, type JsonRecord } from "../openai/fields.ts";
import { conversation } from "./conversation.ts";

/**
 * Returns the call that a request of Messages asks for.
 *
 * @throws RequestError that names the wrong or unknown member.
 * @see https://docs.claude.com/en/api/messages
 */
export function messagesCall(body: JsonRecord): ChatCall {
	const fields = new Fields(body, "");
	const tools = (fields.list("tools") ?? []).map((item, index) => tool(new Fields(item, `tools[${index}]`)));
	const payload: cchat.Request = { messages: conversation(fields), tools };
	const model = fields.text("model");
	const choice = fields.fields("tool_choice");
	const output = fields.fields("output_config");
	const format = output?.fields("format");
	const params = messagesParams(fields, output, choice);
	const toolChoice = choice === undefined ? undefined : choiceOf(choice);
	output?.assertNoRest();
	if (model !== undefined) payload.model = model;
	if (toolChoice !== undefined && (tools.length > 0 || toolChoice.type !== "auto")) payload.tool_choice = toolChoice;
	if (format !== undefined) payload.response_format = formatOf(format);
	payload.params = params;
	const tier = fields.text("service_tier") ?? "auto";
	if (tier !== "auto" && tier !== "standard_only") throw unsupported("service_tier", "the host's configuration chooses the backends");
	// The host's configuration decides on prompt caches.
	fields.any("cache_control");
	const stream = fields.boolean("stream") ?? false;
	return { payload, options: callOptions(fields.fields("spear"), { extra: fields.rest() }), stream };
}

function tool(fields: Fields): cchat.Tool {
	const type = fields.text("type") ?? "custom";
	if (type !== "custom")
		throw unsupported(fields.at("type"), `tools of type "${guestName(type)}" are not supported; offer tools that the client runs`);
	fields.any("cache_control");
	const made: cchat.Tool = {
		name: fields.requiredText("name"),
		parameters: jsonObject(Object.entries(fields.object("input_schema") ?? {})),
	};
	const description = fields.text("description");
	const strict = fields.boolean("strict");
	fields.assertNoRest();
	if (description !== undefined) made.description = description;
	if (strict !== undefined) made.strict = strict;
	return made;
}

function choiceOf(choice: Fields): cchat.ToolChoice {
	const type = choice.oneOf("type", ["auto", "any", "none", "tool"]) ?? "auto";
	const made: cchat.ToolChoice =
		type === "tool" ? { type: "named", named: choice.requiredText("name") } : { type: type === "any" ? "required" : type };
	choice.assertNoRest();
	return made;
}

function formatOf(format: Fields): cchat.ResponseFormat {
	format.oneOf("type", ["json_schema"]);
	const schema = jsonObject(Object.entries(format.object("schema") ?? {}));
	format.assertNoRest();
	return { type: "json_schema", json_schema: { name: "answer", schema, strict: true } };
}

function messagesParams(fields: Fields, output: Fields | undefined, choice: Fields | undefined): cchat.Params {
	const params: cchat.Params = { stop: fields.texts("stop_sequences") ?? [] };
	const temperature = fields.number("temperature", { min: 0, max: 1 });
	const topP = fields.number("top_p", { min: 0, max: 1 });
	const maxTokens = fields.number("max_tokens", MAX_TOKENS);
	const effort = effortOf(fields.fields("thinking"), output);
	const single = choice?.boolean("disable_parallel_tool_use");
	if (temperature !== undefined) params.temperature = temperature;
	if (topP !== undefined) params.top_p = topP;
	if (maxTokens !== undefined) params.max_output_tokens = maxTokens;
	if (effort !== undefined) params.reasoning_effort = effort;
	if (single !== undefined) params.parallel_tool_calls = !single;
	return params;
}

/** Largest budgets of the amounts of reasoning, in tokens. */
const BUDGETS: readonly (readonly [tokens: number, effort: cchat.ReasoningEffort])[] = [
	[2048, "low"],
	[8192, "medium"],
	[24_576, "high"],
];

/** Returns the amount of reasoning. A budget becomes the nearest amount, because few backends know budgets. */
function effortOf(thinking: Fields | undefined, output: Fields | undefined): cchat.ReasoningEffort | undefined {
	const effort = output?.oneOf("effort", EFFORTS);
	const type = thinking?.oneOf("type", ["enabled", "disabled", "adaptive"]);
	const budget = thinking?.number("budget_tokens", MAX_TOKENS);
	thinking?.oneOf("display", ["summarized", "omitted"]);
	thinking?.assertNoRest();
	if (type === "disabled") return "none";
	if (effort !== undefined || budget === undefined) return effort;
	return BUDGETS.find(([tokens]) => budget <= tokens)?.[1] ?? "xhigh";
}
