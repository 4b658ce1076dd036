import { type Emulations, readEmulations } from "../../../kit/chat/emulate/options.ts";
import { type OpaqueOptions, readOpaqueOptions } from "../../../kit/chat/opaque-options.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";
import { REASONING_FORMS, type ReasoningForm } from "./reasoning.ts";

/** Options for chat. */
export interface ChatOptions extends OpaqueOptions {
	/** Form in which a request's `reasoning_effort` is sent. The default is `effort`. */
	readonly reasoning: ReasoningForm;
	/** Time for which the beginning of each conversation is kept in the prompt cache. `default`: that of the model. Absent: no cache. */
	readonly promptCache: "default" | "5m" | "1h" | undefined;
	/** Functions that the host imitates for models that lack them. The default is none. */
	readonly emulations: Emulations;
}

/**
 * Reads `reasoning`, `prompt_cache`, `provider`, `send_opaque` and
 * `json_schema`.
 *
 * @param instance Name of the instance.
 */
export function readChatOptions(reader: OptionReader, instance: string): ChatOptions {
	return {
		reasoning: reader.string("reasoning", REASONING_FORMS) ?? "effort",
		promptCache: reader.string("prompt_cache", ["default", "5m", "1h"]),
		...readOpaqueOptions(reader, instance),
		emulations: readEmulations(reader, ["json_schema"]),
	};
}
