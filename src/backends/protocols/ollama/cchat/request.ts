import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { outputFormat } from "../../../kit/chat/output-format.ts";
import type { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { checkFinite } from "../../../kit/chat/sampling.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import { OLLAMA } from "../../../kit/schema/dialects/ollama.ts";
import { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { OllamaOptions } from "../options.ts";
import { modelMembers, withAdded } from "../runtime.ts";
import type { ChatRequest } from "./api.ts";
import { history } from "./message.ts";
import { toolMembers } from "./tools.ts";

/** Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a response. */
const RESERVED = new Set([
	"model",
	"messages",
	"stream",
	"tools",
	"format",
	"think",
	"options",
	"temperature",
	"top_p",
	"num_predict",
	"stop",
	"seed",
	"presence_penalty",
	"frequency_penalty",
	"_debug_render_only",
]);

/** Values of `think` by effort, for models that think more or less. */
const LEVELS: { readonly [E in cchat.ReasoningEffort]: NonNullable<ChatRequest["think"]> } = {
	none: false,
	minimal: "low",
	low: "low",
	medium: "medium",
	high: "high",
	xhigh: "high",
	max: "max",
};

/**
 * Returns the upstream's request for an envelope. Each member of the payload is translated, refused by name, or a declared downgrade.
 *
 * @param downgrades Receives the losses of the schemas.
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function chatRequest(
	envelope: RequestEnvelope<"chat_completions">,
	config: InstanceConfig,
	options: OllamaOptions,
	stream: boolean,
	downgrades?: RequestDowngrades,
): ChatRequest {
	const { model, messages, tools, tool_choice, response_format, params = { stop: [] }, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const { max_output_tokens, stop, reasoning_effort: effort, parallel_tool_calls: _, ...sampling } = params;
	const same: { readonly [S in keyof typeof sampling]: number } = sampling; // The API has options of the same names and meanings.
	checkFinite(same);
	const schemas = new RequestSchemas(OLLAMA, downgrades);
	const request: ChatRequest = {
		model: upstreamModel(config, "chat_completions", model),
		messages: history(messages, options),
		stream,
		...toolMembers(tools, tool_choice, schemas),
		...format(response_format, schemas),
		...(effort === undefined ? {} : { think: options.reasoning === "levels" ? LEVELS[effort] : effort !== "none" }),
	};
	const runtime = {
		...same,
		...(max_output_tokens === undefined ? {} : { num_predict: max_output_tokens }),
		...(stop.length === 0 ? {} : { stop }),
	};
	return withAdded({ ...request, ...modelMembers(options, runtime) }, allowedProviderOptions(envelope.provider_options, options, RESERVED));
}

function format(format: cchat.ResponseFormat | undefined, schemas: RequestSchemas): Pick<ChatRequest, "format"> {
	const wanted = outputFormat(format, schemas);
	if (wanted.type === "text") return {};
	return { format: wanted.type === "json_schema" ? wanted.schema : "json" };
}
