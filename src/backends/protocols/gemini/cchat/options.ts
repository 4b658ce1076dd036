import { type OpaqueOptions, readOpaqueOptions } from "../../../kit/chat/opaque-options.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";

/**
 * Forms in which a request's `reasoning_effort` is sent.
 * - `level`: a level of thinking. Models since Gemini 3.
 * - `budget`: a budget of tokens. The only form of Gemini 2.5.
 *
 * @see https://ai.google.dev/gemini-api/docs/thinking
 */
export const REASONING_FORMS = ["level", "budget"] as const;

/** Options for chat. */
export interface ChatOptions extends OpaqueOptions {
	/** The default is `level`. */
	readonly reasoning: (typeof REASONING_FORMS)[number];
	/** Asks for summaries of the thoughts in requests with a `reasoning_effort` other than `none`. The default is true. */
	readonly includeThoughts: boolean;
	/** Thresholds of the safety filters, by category of harm. Absent: those of the provider. */
	readonly safety: readonly { readonly category: string; readonly threshold: string }[];
	/** Sends the ids of tool calls. The default is true. Older servers refuse the member, and match results by name and order. */
	readonly sendCallIds: boolean;
}

/**
 * Categories of harm by option, as the API names them.
 *
 * @see https://ai.google.dev/gemini-api/docs/safety-settings
 */
const CATEGORIES = ["harassment", "hate_speech", "sexually_explicit", "dangerous_content", "civic_integrity"] as const;

const THRESHOLDS = ["off", "block_none", "block_only_high", "block_medium_and_above", "block_low_and_above"] as const;

/**
 * Reads `reasoning`, `include_thoughts`, `safety`, `send_call_ids`, `provider` and `send_opaque`.
 *
 * @param instance Name of the instance.
 */
export function readChatOptions(reader: OptionReader, instance: string): ChatOptions {
	return {
		reasoning: reader.string("reasoning", REASONING_FORMS) ?? "level",
		includeThoughts: reader.boolean("include_thoughts") ?? true,
		safety: safetySettings(reader.table("safety")),
		sendCallIds: reader.boolean("send_call_ids") ?? true,
		...readOpaqueOptions(reader, instance),
	};
}

function safetySettings(table: OptionReader): ChatOptions["safety"] {
	const settings = CATEGORIES.flatMap((name) => {
		const threshold = table.string(name, THRESHOLDS)?.toUpperCase();
		return threshold === undefined ? [] : [{ category: `HARM_CATEGORY_${name.toUpperCase()}`, threshold }];
	});
	table.finish();
	return settings;
}
