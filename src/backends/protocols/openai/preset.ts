import type { Operation } from "../../../../generated/ir/operations.ts";
import type { ChatQuirks } from "./cchat/quirks.ts";
import type { DimensionsField } from "./emb/options.ts";

/** A server with OpenAI's API, as data: its URL, its options and its differences. */
export interface Preset {
	/** URL of the server. The operator's `base_url` replaces it. */
	readonly baseUrl: string;
	/** Operations that the server has. */
	readonly operations: readonly Operation[];
	/** Options of the kind, in the spelling of the configuration. The operator's options replace them. */
	readonly options: Readonly<Record<string, unknown>>;
	/** Member for the length of vectors. The default is `dimensions`. */
	readonly dimensionsField?: DimensionsField;
	/** Differences of chat that have no option. */
	readonly chat: ChatQuirks;
}

/** Presets by their names. */
export type Presets = Readonly<Record<string, Preset>>;
