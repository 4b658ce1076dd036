import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { outputSchema } from "../../../kit/chat/output-format.ts";
import type { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { checkFinite } from "../../../kit/chat/sampling.ts";
import { demandsCall } from "../../../kit/chat/tools.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import { ANTHROPIC } from "../../../kit/schema/dialects/anthropic.ts";
import { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import { type AnthropicOptions, hasSampling } from "../options.ts";
import type { MessagesRequest } from "./api.ts";
import { history } from "./history.ts";
import { reasoning } from "./reasoning.ts";
import { toolMembers } from "./tools.ts";

/** Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a response. */
const RESERVED = new Set([
	"model",
	"messages",
	"system",
	"max_tokens",
	"tools",
	"tool_choice",
	"output_config",
	"output_format",
	"thinking",
	"temperature",
	"top_p",
	"stop_sequences",
	"stream",
]);

/**
 * Returns the upstream's request for an envelope. Each member of the payload is translated, refused by name, or a declared downgrade.
 *
 * @param downgrades Receives the losses of the schemas.
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function messagesRequest(
	envelope: RequestEnvelope<"chat_completions">,
	config: InstanceConfig,
	options: AnthropicOptions,
	downgrades?: RequestDowngrades,
): MessagesRequest & Readonly<Record<string, unknown>> {
	const { model, messages, tools, tool_choice, response_format, params = { stop: [] }, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const {
		temperature,
		top_p,
		max_output_tokens,
		stop,
		seed,
		presence_penalty: _,
		frequency_penalty: __,
		reasoning_effort,
		parallel_tool_calls,
		...more
	} = params;
	assertNoFieldsLeft(more);
	if (seed !== undefined) throw new SpearError("missing_capabilities", "params.seed: this backend has no seed");
	const { userId, promptCache } = options.chat;
	const asked = { limit: max_output_tokens, forcesCall: demandsCall(tools, tool_choice), options: options.chat };
	const { maxTokens, thinking, effort } = reasoning(reasoning_effort, asked);
	const schemas = new RequestSchemas(ANTHROPIC, downgrades);
	const wanted = outputSchema(response_format, schemas);
	const output = { ...effort, ...(wanted === undefined ? {} : { format: { type: wanted.type, schema: wanted.schema } }) };
	return {
		model: upstreamModel(config, "chat_completions", model),
		max_tokens: maxTokens,
		...history(messages, options),
		...toolMembers(tools, tool_choice, parallel_tool_calls, schemas),
		...(Object.keys(output).length === 0 ? {} : { output_config: output }),
		...thinking,
		...(hasSampling(options.version) ? sampling(temperature, top_p) : {}),
		...(stop.length === 0 ? {} : { stop_sequences: stop }),
		...(userId === undefined ? {} : { metadata: { user_id: userId } }),
		...(promptCache === undefined ? {} : { cache_control: { type: "ephemeral", ttl: promptCache } }),
		...allowedProviderOptions(envelope.provider_options, options, RESERVED),
	};
}

/** Returns the members for sampling. The API's temperature ends at 1, that of the ABI at 2. */
function sampling(temperature: number | undefined, top_p: number | undefined): Pick<MessagesRequest, "temperature" | "top_p"> {
	checkFinite({ temperature, top_p });
	return {
		...(temperature === undefined ? {} : { temperature: Math.min(temperature, 1) }),
		...(top_p === undefined ? {} : { top_p }),
	};
}
