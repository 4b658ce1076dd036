import { type OpaqueOptions, readOpaqueOptions } from "../../../kit/chat/opaque-options.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";
import { REASONING_FORMS, type ReasoningForm } from "./reasoning.ts";

/** Options for chat. */
export interface ChatOptions extends OpaqueOptions {
	/** Form in which a request's `reasoning_effort` is sent. The default is `effort`. */
	readonly reasoning: ReasoningForm;
	/** Time for which the beginning of each conversation is kept in the prompt cache. `default`: that of the model. Absent: no cache. */
	readonly promptCache: "default" | "5m" | "1h" | undefined;
}

/**
 * Reads `reasoning`, `prompt_cache`, `provider` and `send_opaque`.
 *
 * @param instance Name of the instance.
 */
export function readChatOptions(reader: OptionReader, instance: string): ChatOptions {
	return {
		reasoning: reader.string("reasoning", REASONING_FORMS) ?? "effort",
		promptCache: reader.string("prompt_cache", ["default", "5m", "1h"]),
		...readOpaqueOptions(reader, instance),
	};
}
