import { type Emulations, readEmulations } from "../../../kit/chat/emulate/options.ts";
import { type OpaqueOptions, readOpaqueOptions } from "../../../kit/chat/opaque-options.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";

/**
 * Forms in which a request's `reasoning_effort` is sent.
 * - `adaptive`: adaptive thinking, with the effort in `output_config`. Models since Claude 4.6.
 * - `budget`: thinking with a budget of tokens. The only form of models up to Claude 4.5. Later ones than 4.6 refuse it.
 * - `effort`: the effort in `output_config` alone, for a model that decides about thinking itself.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting
 */
export const REASONING_FORMS = ["adaptive", "budget", "effort"] as const;

/** Options for chat. */
export interface ChatOptions extends OpaqueOptions {
	/** Longest answer of a request that sets no limit, in tokens. The API demands a limit. The default is 16,000. */
	readonly defaultMaxTokens: number;
	/** The default is `adaptive`. */
	readonly reasoning: (typeof REASONING_FORMS)[number];
	/** Form of the disclosed thinking. Absent: the default of the model. */
	readonly thinkingDisplay: "summarized" | "omitted" | undefined;
	/** Time for which the beginning of each conversation is kept in the prompt cache. Absent: no cache. */
	readonly promptCache: "5m" | "1h" | undefined;
	/**
	 * Sends later system messages within the conversation instead of moving them to its beginning. The default is false: only models since
	 * Claude Opus 4.8 accept them.
	 *
	 * @see https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
	 */
	readonly inlineSystem: boolean;
	/** Identifier of the user, for the provider's detection of abuse. Absent: none. */
	readonly userId: string | undefined;
	/** Functions that the host imitates for models that lack them. The default is none. */
	readonly emulations: Emulations;
}

/** Largest value of `default_max_tokens`. No model writes more. */
const MAX_TOKENS = 1_000_000;

/**
 * Reads `default_max_tokens`, `reasoning`, `thinking_display`, `prompt_cache`, `inline_system`, `user_id`, `provider`, `send_opaque` and
 * `json_schema`.
 *
 * @param instance Name of the instance.
 */
export function readChatOptions(reader: OptionReader, instance: string): ChatOptions {
	return {
		defaultMaxTokens: reader.integer("default_max_tokens", { min: 1, max: MAX_TOKENS }) ?? 16_000,
		reasoning: reader.string("reasoning", REASONING_FORMS) ?? "adaptive",
		thinkingDisplay: reader.string("thinking_display", ["summarized", "omitted"]),
		promptCache: reader.string("prompt_cache", ["5m", "1h"]),
		inlineSystem: reader.boolean("inline_system") ?? false,
		userId: reader.string("user_id"),
		...readOpaqueOptions(reader, instance),
		emulations: readEmulations(reader, ["json_schema"]),
	};
}
