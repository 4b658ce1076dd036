import { randomInt } from "node:crypto";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { outputFormat } from "../../../kit/chat/output-format.ts";
import type { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { LLAMA_CPP } from "../../../kit/schema/dialects/llama-cpp.ts";
import { RequestSchemas } from "../../../kit/schema/request-schemas.ts";
import type { Functions, GenerateOptions } from "../library.ts";

/** Temperature of a request that sets none: the library's own advice. With 0, small models repeat themselves. */
const DEFAULT_TEMPERATURE = 0.8;

/** A request in the library's terms. */
export interface LlamaRequest {
	readonly sampling: Pick<GenerateOptions, "maxTokens" | "temperature" | "topP" | "seed" | "repeatPenalty" | "customStopTriggers">;
	/** Tools that the model may call. Absent: none. */
	readonly functions: Functions | undefined;
	/** True if the answer must be a tool call. */
	readonly forcesCall: boolean;
	readonly maxCalls: number | undefined;
	/** Schema that the answer must match. Absent: free text. */
	readonly schema: unknown;
}

/**
 * Returns the request for an envelope, without the conversation. Each member of the payload is translated, refused by name, or a declared
 * downgrade.
 *
 * @param downgrades Receives the losses of the schemas.
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function llamaRequest(
	{ payload, provider_options }: RequestEnvelope<"chat_completions">,
	downgrades?: RequestDowngrades,
): LlamaRequest {
	const { model: _, messages: __, tools, tool_choice, response_format, params = { stop: [] }, ...rest } = payload;
	assertNoFieldsLeft(rest);
	for (const name of Object.keys(provider_options))
		throw new SpearError("invalid_request", `provider_options.${guestName(name)}: this backend accepts none`);
	const { parallel_tool_calls, reasoning_effort, ...rates } = params;
	if (reasoning_effort !== undefined)
		throw new SpearError("missing_capabilities", "params.reasoning_effort: this backend has no amount of reasoning");
	const schemas = new RequestSchemas(LLAMA_CPP, downgrades);
	const functions = functionsOf(tools, tool_choice, schemas);
	const schema = schemaOf(response_format, schemas);
	if (schema !== undefined && functions !== undefined)
		throw new SpearError("missing_capabilities", "response_format: this backend cannot combine it with tools; send one of both");
	return {
		sampling: sampling(rates),
		functions,
		forcesCall: functions !== undefined && (tool_choice?.type === "required" || tool_choice?.type === "named"),
		maxCalls: parallel_tool_calls === false ? 1 : undefined,
		schema,
	};
}

function sampling(params: Omit<cchat.Params, "parallel_tool_calls" | "reasoning_effort">): LlamaRequest["sampling"] {
	const { temperature = DEFAULT_TEMPERATURE, top_p, max_output_tokens, stop, seed, presence_penalty, frequency_penalty, ...rest } = params;
	assertNoFieldsLeft(rest);
	const penalizes = presence_penalty !== undefined || frequency_penalty !== undefined;
	return {
		maxTokens: max_output_tokens ?? Number.MAX_SAFE_INTEGER,
		temperature,
		...(top_p === undefined ? {} : { topP: top_p }),
		// Without a seed, the library takes the time in seconds: equal requests of one second would have equal answers.
		seed: seed === undefined ? randomInt(0xffff_ffff) : Number(BigInt.asUintN(32, BigInt(seed))),
		repeatPenalty: penalizes ? { penalty: 1, frequencyPenalty: frequency_penalty ?? 0, presencePenalty: presence_penalty ?? 0 } : false,
		...(stop.length === 0 ? {} : { customStopTriggers: stop }),
	};
}

/** Returns the tools that the choice leaves. */
function functionsOf(tools: readonly cchat.Tool[], choice: cchat.ToolChoice | undefined, schemas: RequestSchemas): Functions | undefined {
	if (choice?.type === "none") return undefined;
	const callable = tools.flatMap((tool, index): [string, Functions[string]][] => {
		const { name, description, parameters: _, strict: __, ...rest } = tool;
		assertNoFieldsLeft(rest);
		if (choice?.type === "named" && choice.named !== name) return [];
		return [[name, { ...(description === undefined ? {} : { description }), params: schemas.tool({ ...tool, strict: true }, index) }]];
	});
	return callable.length === 0 ? undefined : Object.fromEntries(callable);
}

function schemaOf(format: cchat.ResponseFormat | undefined, schemas: RequestSchemas): unknown {
	const wanted = outputFormat(format, schemas);
	if (wanted.type === "text") return undefined;
	return wanted.type === "json_schema" ? wanted.schema : { type: "object", additionalProperties: true };
}
