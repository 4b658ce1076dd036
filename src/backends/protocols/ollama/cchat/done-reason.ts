import type { FinishMeaning } from "../../../kit/chat/finish-reason.ts";

/**
 * Meaning of the reasons. `load` and `unload` are answers to requests without messages.
 *
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export const DONE_REASONS: ReadonlyMap<string, FinishMeaning> = new Map<string, FinishMeaning>([
	["stop", "stop"],
	["length", "length"],
	["load", "other"],
	["unload", "other"],
]);
