import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { withUniqueCallIds } from "../../../kit/chat/history-call-ids.ts";
import { withCallNames } from "../../../kit/chat/history-call-names.ts";
import { outputFormat } from "../../../kit/chat/output-format.ts";
import type { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { checkFinite } from "../../../kit/chat/sampling.ts";
import { type ToolParts, vendorTools } from "../../../kit/chat/tools.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import { OPENAI_SERVER_DIALECTS } from "../../../kit/schema/dialects/openai-servers.ts";
import { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { OpenAiOptions } from "../options.ts";
import type { ChatMessage, ChatRequest, ChatTool } from "./api.ts";
import { chatMessage } from "./message.ts";
import type { ChatQuirks } from "./quirks.ts";
import { withQuirks } from "./with-quirks.ts";

/** Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a response. */
const RESERVED = new Set([
	"model",
	"messages",
	"tools",
	"tool_choice",
	"response_format",
	"temperature",
	"top_p",
	"max_completion_tokens",
	"max_tokens",
	"stop",
	"seed",
	"presence_penalty",
	"frequency_penalty",
	"reasoning_effort",
	"parallel_tool_calls",
	"stream",
	"stream_options",
	"n",
	"functions",
	"function_call",
	"modalities",
	"audio",
]);

/**
 * Returns the upstream's request for an envelope. Each member of the payload is translated, refused by name, or a declared downgrade.
 *
 * @param downgrades Receives the losses of the schemas.
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function chatRequest(
	envelope: RequestEnvelope<"chat_completions">,
	config: InstanceConfig,
	options: OpenAiOptions,
	downgrades?: RequestDowngrades,
): ChatRequest & Readonly<Record<string, unknown>> {
	const { model, messages, tools, tool_choice, response_format, params, ...rest } = withQuirks(envelope.payload, options.chat.quirks);
	assertNoFieldsLeft(rest);
	const schemas = new RequestSchemas(OPENAI_SERVER_DIALECTS[options.chat.schemaDialect], downgrades);
	return {
		model: upstreamModel(config, "chat_completions", model),
		messages: history(messages, options),
		...(tools.length === 0 ? {} : { tools: vendorTools(tools, schemas, chatTool) }),
		...(tool_choice === undefined ? {} : { tool_choice: toolChoice(tool_choice) }),
		...(response_format === undefined ? {} : { response_format: responseFormat(response_format, schemas, options.chat.quirks) }),
		...(params === undefined ? {} : chatParams(params, options, tools.length > 0)),
		...allowedProviderOptions(envelope.provider_options, options, reserved(options.chat.quirks)),
	};
}

/** Returns the members that `provider_options` cannot set. */
function reserved({ seed }: ChatQuirks): ReadonlySet<string> {
	return seed === undefined ? RESERVED : new Set([...RESERVED, seed.field]);
}

function history(messages: readonly cchat.Message[], options: OpenAiOptions): ChatMessage[] {
	if (messages.length === 0) throw new SpearError("invalid_request", "messages: the conversation is empty; write a message first");
	const sent = withUniqueCallIds(withCallNames(messages), options.chat.quirks.callIds).flatMap(
		(message, index) => chatMessage(message, `messages[${index}]`, options) ?? [],
	);
	if (sent.length === 0)
		throw new SpearError("missing_capabilities", "messages: they hold nothing that this backend can receive, such as only reasoning");
	return sent;
}

function chatTool({ named, schema, strict }: ToolParts): ChatTool {
	return { type: "function", function: { ...named, parameters: schema, ...strict } };
}

function toolChoice(choice: cchat.ToolChoice): NonNullable<ChatRequest["tool_choice"]> {
	return choice.type === "named" ? { type: "function", function: { name: choice.named } } : choice.type;
}

function responseFormat(
	format: cchat.ResponseFormat,
	schemas: RequestSchemas,
	{ schemaInJsonObject = false }: ChatQuirks,
): NonNullable<ChatRequest["response_format"]> {
	const wanted = outputFormat(format, schemas);
	if (wanted.type !== "json_schema") return { type: wanted.type };
	const { name, schema, strict } = wanted;
	if (schemaInJsonObject) return { type: "json_object", schema };
	return { type: "json_schema", json_schema: { name, schema, ...strict } };
}

function chatParams(params: cchat.Params, options: OpenAiOptions, hasTools: boolean): Partial<ChatRequest> {
	const { max_output_tokens, stop, parallel_tool_calls, seed, reasoning_effort, ...rest } = params;
	const { seed: seedQuirk, noReasoning } = options.chat.quirks;
	const effort = reasoning_effort === undefined ? {} : { reasoning_effort };
	const same: Pick<ChatRequest, keyof typeof rest> = rest; // Chat Completions has members of the same names and meanings.
	checkFinite(same);
	return {
		...same,
		...(seed === undefined ? {} : { [seedQuirk?.field ?? "seed"]: seed }),
		...(reasoning_effort === "none" && noReasoning !== undefined ? noReasoning : effort),
		...(max_output_tokens === undefined ? {} : { [options.chat.maxTokensField]: max_output_tokens }),
		...(stop.length === 0 ? {} : { stop }),
		// Without tools the member has no meaning, and OpenAI refuses it.
		...(parallel_tool_calls === undefined || !hasTools || !options.chat.sendParallelToolCalls ? {} : { parallel_tool_calls }),
	};
}
