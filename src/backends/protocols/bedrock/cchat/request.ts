import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { outputSchema } from "../../../kit/chat/output-format.ts";
import type { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { checkFinite } from "../../../kit/chat/sampling.ts";
import { demandsCall } from "../../../kit/chat/tools.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import { bedrockDialects } from "../../../kit/schema/dialects/bedrock-converse.ts";
import { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { BedrockOptions } from "../options.ts";
import type { ConverseRequest, TextFormat } from "./api.ts";
import { history } from "./history.ts";
import { reasoning } from "./reasoning.ts";
import { offeredTools, toolConfig } from "./tools.ts";

/** Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a response. */
const RESERVED = new Set(["modelId", "messages", "system", "inferenceConfig", "toolConfig", "outputConfig", "promptVariables"]);

/**
 * Returns the upstream's request for an envelope. Each member of the payload is translated, refused by name, or treated as `rules.ts` declares.
 *
 * @param model Upstream's id of the model.
 * @param downgrades Receives the losses of the schemas.
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function converseRequest(
	envelope: RequestEnvelope<"chat_completions">,
	options: Pick<BedrockOptions, "chat" | "allowProviderOptions">,
	model: string,
	downgrades?: RequestDowngrades,
): ConverseRequest & Readonly<Record<string, unknown>> {
	const { model: _, messages, tools: __, tool_choice, response_format, params = { stop: [] }, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const tools = offeredTools(envelope.payload);
	const schemas = new RequestSchemas(bedrockDialects(model), downgrades);
	const { effort, fields } = reasoning(options.chat.reasoning, params.reasoning_effort, {
		limit: params.max_output_tokens,
		forcesCall: demandsCall(tools, tool_choice),
	});
	const inferenceConfig = inference(params);
	const outputConfig = { ...(effort === undefined ? {} : { effort }), ...textFormat(response_format, schemas) };
	const { additionalModelRequestFields: added, ...provided } = allowedProviderOptions(envelope.provider_options, options, RESERVED);
	if (added !== undefined && !isObject(added))
		throw new SpearError("invalid_request", "provider_options.additionalModelRequestFields: it must be an object");
	return {
		...history(messages, options, tools.length > 0),
		...(Object.keys(inferenceConfig).length === 0 ? {} : { inferenceConfig }),
		...toolConfig(tools, tool_choice, schemas),
		...(Object.keys(outputConfig).length === 0 ? {} : { outputConfig }),
		...(fields === undefined && added === undefined ? {} : { additionalModelRequestFields: { ...fields, ...added } }),
		...provided,
	};
}

function inference(params: cchat.Params): NonNullable<ConverseRequest["inferenceConfig"]> {
	const { temperature, top_p, max_output_tokens, stop, seed, presence_penalty: _, frequency_penalty: __, ...rest } = params;
	const { reasoning_effort: ___, parallel_tool_calls: ____, ...more } = rest;
	assertNoFieldsLeft(more);
	if (seed !== undefined) throw new SpearError("missing_capabilities", "params.seed: this backend has no seed");
	checkFinite({ temperature, top_p });
	return {
		...(max_output_tokens === undefined ? {} : { maxTokens: max_output_tokens }),
		// The API's range ends at 1, that of the ABI at 2.
		...(temperature === undefined ? {} : { temperature: Math.min(temperature, 1) }),
		...(top_p === undefined ? {} : { topP: top_p }),
		...(stop.length === 0 ? {} : { stopSequences: stop }),
	};
}

function textFormat(format: cchat.ResponseFormat | undefined, schemas: RequestSchemas): { readonly textFormat?: TextFormat } {
	const wanted = outputSchema(format, schemas);
	if (wanted === undefined) return {};
	const { type, name, schema } = wanted;
	return { textFormat: { type, structure: { jsonSchema: { schema: JSON.stringify(schema), name } } } };
}
