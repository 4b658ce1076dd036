import { type Emulations, readEmulations } from "../../../kit/chat/emulate/options.ts";
import { type OpaqueOptions, readOpaqueOptions } from "../../../kit/chat/opaque-options.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";
import { OPENAI_SERVER_DIALECT_NAMES, type OpenAiServerDialect } from "../../../kit/schema/dialects/openai-servers.ts";
import { type ChatQuirks, NO_QUIRKS } from "./quirks.ts";

/** Options for chat. */
export interface ChatOptions extends OpaqueOptions {
	/** Member that bounds the length of an answer. The default is `max_completion_tokens`. Older servers have `max_tokens`. */
	readonly maxTokensField: "max_completion_tokens" | "max_tokens";
	/** Sends instructions with the role `developer` instead of `system`, for OpenAI's reasoning models. The default is false. */
	readonly developerRole: boolean;
	/** Returns the model's visible reasoning with the next turn, as `reasoning_content`. The default is false: most servers refuse it. */
	readonly sendReasoning: boolean;
	/**
	 * Asks streams for usage, with `stream_options`. The default is true. False suits a server that neither accepts nor ignores the member.
	 * A refusal that names the member turns it off for that model.
	 */
	readonly sendStreamOptions: boolean;
	/** Sends the parameter `parallel_tool_calls` of a request with tools. The default is true. False suits a server that refuses it. */
	readonly sendParallelToolCalls: boolean;
	/**
	 * Dialect of JSON Schema that tools and structured output are lowered into. The default is `as-is`, which sends schemas unchanged:
	 * compatible servers differ, and many accept more than OpenAI.
	 */
	readonly schemaDialect: OpenAiServerDialect;
	/** Functions that the host imitates. The default is none. */
	readonly emulations: Emulations;
	/** Differences of the server that have no option. The default is none. */
	readonly quirks: ChatQuirks;
}

/** Settings of a kind or a preset that the operator's options do not have, or that they replace. */
export interface ChatDefaults {
	/** The default is no quirks. */
	readonly quirks?: ChatQuirks | undefined;
	/** Default of the option `schema_dialect`. The default is `as-is`. */
	readonly dialect?: OpenAiServerDialect;
}

/**
 * Reads `max_tokens_field`, `developer_role`, `send_reasoning`, `provider`, `send_opaque`, `send_stream_options`,
 * `send_parallel_tool_calls`, `schema_dialect`, `tools`, `json_schema` and `system_role`.
 *
 * @param instance Name of the instance.
 */
export function readChatOptions(
	reader: OptionReader,
	instance: string,
	{ quirks = NO_QUIRKS, dialect = "as-is" }: ChatDefaults = {},
): ChatOptions {
	return {
		maxTokensField: reader.string("max_tokens_field", ["max_completion_tokens", "max_tokens"]) ?? "max_completion_tokens",
		developerRole: reader.boolean("developer_role") ?? false,
		sendReasoning: reader.boolean("send_reasoning") ?? false,
		...readOpaqueOptions(reader, instance),
		sendStreamOptions: reader.boolean("send_stream_options") ?? true,
		sendParallelToolCalls: reader.boolean("send_parallel_tool_calls") ?? true,
		schemaDialect: reader.string("schema_dialect", OPENAI_SERVER_DIALECT_NAMES) ?? dialect,
		emulations: readEmulations(reader, ["tools", "json_schema", "system_role"]),
		quirks,
	};
}
