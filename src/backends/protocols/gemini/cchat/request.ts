import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { outputFormat } from "../../../kit/chat/output-format.ts";
import type { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { checkFinite } from "../../../kit/chat/sampling.ts";
import { GEMINI } from "../../../kit/schema/dialects/gemini.ts";
import { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { GeminiOptions } from "../options.ts";
import { providerMembers } from "../provider-members.ts";
import type { GenerateContentRequest, GenerationConfig } from "./api.ts";
import { history } from "./history.ts";
import { thinking } from "./reasoning.ts";
import { toolMembers } from "./tools.ts";

/**
 * Returns the upstream's request for an envelope. Each member of the payload is translated, refused by name, or dropped as declared.
 *
 * @param model Upstream's name of the model.
 * @param downgrades Receives the losses of the schemas.
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function generateContentRequest(
	envelope: RequestEnvelope<"chat_completions">,
	model: string,
	options: GeminiOptions,
	downgrades?: RequestDowngrades,
): GenerateContentRequest & Readonly<Record<string, unknown>> {
	const { model: _, messages, tools, tool_choice, response_format, params = { stop: [] }, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const { chat } = options;
	const schemas = new RequestSchemas(GEMINI, downgrades);
	const { request, generation } = providerMembers(envelope.provider_options, options);
	const generationConfig = {
		...sampling(params),
		...thinking(params.reasoning_effort, chat),
		...responseFormat(response_format, schemas),
		...generation,
	};
	return {
		...history(messages, chat, model),
		...toolMembers(tools, tool_choice, schemas),
		...(chat.safety.length === 0 ? {} : { safetySettings: [...chat.safety] }),
		...(Object.keys(generationConfig).length === 0 ? {} : { generationConfig }),
		...request,
	};
}

/**
 * Returns the members for sampling and length.
 *
 * @see https://ai.google.dev/api/generate-content#generationconfig
 */
function sampling(params: cchat.Params): GenerationConfig {
	const { temperature, top_p, max_output_tokens, stop, seed, presence_penalty, frequency_penalty, ...rest } = params;
	const { reasoning_effort: _, parallel_tool_calls: __, ...more } = rest;
	assertNoFieldsLeft(more);
	checkFinite({ temperature, top_p, presence_penalty, frequency_penalty });
	if (seed !== undefined && seed !== (seed | 0))
		throw new SpearError("missing_capabilities", "params.seed: this backend accepts only numbers of 32 bits");
	return {
		...(temperature === undefined ? {} : { temperature }),
		...(top_p === undefined ? {} : { topP: top_p }),
		...(max_output_tokens === undefined ? {} : { maxOutputTokens: max_output_tokens }),
		...(stop.length === 0 ? {} : { stopSequences: stop }),
		...(seed === undefined ? {} : { seed }),
		...(presence_penalty === undefined ? {} : { presencePenalty: presence_penalty }),
		...(frequency_penalty === undefined ? {} : { frequencyPenalty: frequency_penalty }),
	};
}

/** @see https://ai.google.dev/gemini-api/docs/structured-output */
function responseFormat(format: cchat.ResponseFormat | undefined, schemas: RequestSchemas): GenerationConfig {
	const wanted = outputFormat(format, schemas);
	if (wanted.type === "text") return {};
	return { responseMimeType: "application/json", ...(wanted.type === "json_schema" ? { responseJsonSchema: wanted.schema } : {}) };
}
