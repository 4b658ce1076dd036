import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { outputFormat } from "../../../kit/chat/output-format.ts";
import type { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { checkFinite } from "../../../kit/chat/sampling.ts";
import { type ToolParts, vendorTools } from "../../../kit/chat/tools.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import { OPENAI_SERVER_DIALECTS } from "../../../kit/schema/dialects/openai-servers.ts";
import { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { ResponsesOptions } from "../options.ts";
import type { FunctionTool, ResponsesRequest, TextFormat } from "./api.ts";
import { conversation } from "./input.ts";
import type { ChatOptions } from "./options.ts";

/**
 * Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a response. Some name a state
 * at the upstream, which may be that of another guest.
 */
const RESERVED = new Set([
	"model",
	"input",
	"instructions",
	"tools",
	"tool_choice",
	"parallel_tool_calls",
	"text",
	"reasoning",
	"max_output_tokens",
	"temperature",
	"top_p",
	"store",
	"include",
	"stream",
	"background",
	"conversation",
	"previous_response_id",
]);

/**
 * Returns the upstream's request for an envelope. Each member of the payload is translated, refused by name, or a declared downgrade.
 *
 * @param downgrades Receives the losses of the schemas.
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function responsesRequest(
	envelope: RequestEnvelope<"chat_completions">,
	config: InstanceConfig,
	options: ResponsesOptions,
	downgrades?: RequestDowngrades,
): ResponsesRequest & Readonly<Record<string, unknown>> {
	const { model, messages, tools, tool_choice, response_format, params = { stop: [] }, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const { truncation, promptCacheKey, safetyIdentifier, store, schemaDialect } = options.chat;
	const schemas = new RequestSchemas(OPENAI_SERVER_DIALECTS[schemaDialect], downgrades);
	return {
		model: upstreamModel(config, "chat_completions", model),
		...conversation(messages, options),
		...(tools.length === 0 ? {} : { tools: vendorTools(tools, schemas, functionTool) }),
		...(tool_choice === undefined ? {} : { tool_choice: toolChoice(tool_choice) }),
		...textMember(response_format, schemas, options.chat),
		...paramMembers(params, options.chat, tools.length > 0),
		store,
		...(truncation === undefined ? {} : { truncation }),
		...(promptCacheKey === undefined ? {} : { prompt_cache_key: promptCacheKey }),
		...(safetyIdentifier === undefined ? {} : { safety_identifier: safetyIdentifier }),
		...allowedProviderOptions(envelope.provider_options, options, RESERVED),
	};
}

/** Returns a tool in the upstream's form. Without `strict`, the API would make every optional argument required, and LM Studio refuses null. */
function functionTool({ named, schema, strict }: ToolParts): FunctionTool {
	return { type: "function", ...named, parameters: schema, strict: false, ...strict };
}

function toolChoice(choice: cchat.ToolChoice): NonNullable<ResponsesRequest["tool_choice"]> {
	return choice.type === "named" ? { type: "function", name: choice.named } : choice.type;
}

/** Returns the member `text`. LM Studio refuses one without a format. */
function textMember(
	format: cchat.ResponseFormat | undefined,
	schemas: RequestSchemas,
	{ verbosity }: ChatOptions,
): Pick<ResponsesRequest, "text"> {
	if (format === undefined && verbosity === undefined) return {};
	return { text: { format: textFormat(format, schemas), ...(verbosity === undefined ? {} : { verbosity }) } };
}

function textFormat(format: cchat.ResponseFormat | undefined, schemas: RequestSchemas): TextFormat {
	const wanted = outputFormat(format, schemas);
	if (wanted.type !== "json_schema") return { type: wanted.type };
	const { type, name, schema, strict } = wanted;
	return { type, name, schema, ...strict };
}

function paramMembers(params: cchat.Params, { reasoningSummary }: ChatOptions, hasTools: boolean): Partial<ResponsesRequest> {
	const { stop, seed, presence_penalty: _, frequency_penalty: __, reasoning_effort, parallel_tool_calls, ...rest } = params;
	if (seed !== undefined) throw new SpearError("missing_capabilities", "params.seed: this backend has no seed");
	if (stop.length > 0) throw new SpearError("missing_capabilities", "params.stop: this backend has no stop sequences");
	const same: Pick<ResponsesRequest, keyof typeof rest> = rest; // The API has members of the same names and meanings.
	checkFinite(same);
	const reasoning = {
		...(reasoning_effort === undefined ? {} : { effort: reasoning_effort }),
		...(reasoningSummary === undefined ? {} : { summary: reasoningSummary }),
	};
	return {
		...same,
		...(Object.keys(reasoning).length === 0 ? {} : { reasoning }),
		// Without tools the member has no meaning.
		...(parallel_tool_calls === undefined || !hasTools ? {} : { parallel_tool_calls }),
	};
}
