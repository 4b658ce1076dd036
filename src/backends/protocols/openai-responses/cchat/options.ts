import { type OpaqueOptions, readOpaqueOptions } from "../../../kit/chat/opaque-options.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";
import { OPENAI_SERVER_DIALECT_NAMES, type OpenAiServerDialect } from "../../../kit/schema/dialects/openai-servers.ts";

/** Options for chat. */
export interface ChatOptions extends OpaqueOptions {
	/**
	 * Form of system messages. `instructions` sends the first ones as the member `instructions`, and later ones as items with the role
	 * `system`. `system` and `developer` send all of them as items with this role. The default is `instructions`.
	 */
	readonly systemForm: "instructions" | "system" | "developer";
	/** Allows the upstream to keep each answer. The default is false. */
	readonly store: boolean;
	/**
	 * Asks for reasoning in its encrypted form, so that later requests can return it. The default is true. A refusal that names the member
	 * turns it off for ten minutes and that model.
	 */
	readonly encryptedReasoning: boolean;
	/** Summary of the reasoning that the upstream discloses. Absent: none. */
	readonly reasoningSummary: "auto" | "concise" | "detailed" | undefined;
	/** Length of texts. Absent: that of the model. */
	readonly verbosity: "low" | "medium" | "high" | undefined;
	/** Conversations that exceed the model's context: `auto` drops their beginning, `disabled` refuses them. Absent: left to the upstream. */
	readonly truncation: "auto" | "disabled" | undefined;
	/** Key under which the upstream finds the beginning of similar conversations. Absent: none. */
	readonly promptCacheKey: string | undefined;
	/** Identifier of the user, for the provider's detection of abuse. Absent: none. */
	readonly safetyIdentifier: string | undefined;
	/** Dialect of JSON Schema that tools and structured output are lowered into. The default is `openai`. `as-is` sends schemas unchanged. */
	readonly schemaDialect: OpenAiServerDialect;
}

/** Reads the options for chat. `instance` is the name of the instance. */
export function readChatOptions(reader: OptionReader, instance: string): ChatOptions {
	return {
		systemForm: reader.string("system_form", ["instructions", "system", "developer"]) ?? "instructions",
		store: reader.boolean("store") ?? false,
		encryptedReasoning: reader.boolean("encrypted_reasoning") ?? true,
		reasoningSummary: reader.string("reasoning_summary", ["auto", "concise", "detailed"]),
		verbosity: reader.string("verbosity", ["low", "medium", "high"]),
		truncation: reader.string("truncation", ["auto", "disabled"]),
		promptCacheKey: reader.string("prompt_cache_key"),
		safetyIdentifier: reader.string("safety_identifier"),
		...readOpaqueOptions(reader, instance),
		schemaDialect: reader.string("schema_dialect", OPENAI_SERVER_DIALECT_NAMES) ?? "openai",
	};
}
