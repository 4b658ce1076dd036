import { CLAUDE_REASONS, type FinishMeaning } from "../../../kit/chat/finish-reason.ts";

/**
 * Meaning of the stop reasons. A paused turn goes on when the guest returns the answer as it is.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
 */
export const STOP_REASONS: ReadonlyMap<string, FinishMeaning> = new Map<string, FinishMeaning>([
	...CLAUDE_REASONS,
	["refusal", "content_filter"],
	["pause_turn", "other"],
]);
