import type * as cchat from "../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../errors/spear-error.ts";

/** An amount of reasoning above none. */
export type Amount = Exclude<cchat.ReasoningEffort, "none">;

/** Words of vendors that have nothing below `low`. */
export const FROM_LOW = { minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "xhigh", max: "max" } as const;

/** Words of vendors that have three amounts. */
export const THREE_AMOUNTS = { minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "high", max: "high" } as const;

/** Budgets of thinking of Claude, in tokens. */
const CLAUDE_BUDGETS: { readonly [A in Amount]: number } = {
	minimal: 1024,
	low: 2048,
	medium: 8192,
	high: 16_384,
	xhigh: 24_576,
	max: 32_000,
};

/** Smallest budget that Claude accepts, in tokens. */
const MIN_BUDGET = 1024;

/**
 * Returns the budget of thinking of Claude, in tokens.
 *
 * @param limit Longest answer with its thinking, in tokens. Absent: none.
 * @throws SpearError `invalid_request` for a limit without room for thinking.
 */
export function claudeBudget(amount: Amount, limit: number | undefined): number {
	const budget = limit === undefined ? CLAUDE_BUDGETS[amount] : Math.min(CLAUDE_BUDGETS[amount], limit - 1);
	if (budget >= MIN_BUDGET) return budget;
	throw new SpearError(
		"invalid_request",
		`params.max_output_tokens: with reasoning, this backend needs more than ${MIN_BUDGET} tokens; raise the limit or set reasoning_effort to none`,
	);
}
