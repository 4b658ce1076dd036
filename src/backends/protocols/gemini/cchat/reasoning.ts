import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { ThinkingConfig, ThinkingLevel } from "./api.ts";
import type { ChatOptions } from "./options.ts";

type Table<T> = { readonly [E in cchat.ReasoningEffort]: T };

/** Levels of thinking, by effort. Models since Gemini 3 always think, so their least level stands for none. */
const LEVELS: Table<ThinkingLevel> = {
	none: "MINIMAL",
	minimal: "MINIMAL",
	low: "LOW",
	medium: "MEDIUM",
	high: "HIGH",
	xhigh: "XHIGH",
	max: "XHIGH",
};

/** Budgets of thinking, in tokens, by effort: from the least above zero to the most that every model of Gemini 2.5 accepts. */
const BUDGETS: Table<number> = { none: 0, minimal: 512, low: 2048, medium: 8192, high: 16_384, xhigh: 24_576, max: 24_576 };

/**
 * Returns the member for an effort. Without an effort there is none, because models that do not think refuse it.
 *
 * @see https://ai.google.dev/gemini-api/docs/thinking
 */
export function thinking(
	effort: cchat.ReasoningEffort | undefined,
	{ reasoning, includeThoughts }: Pick<ChatOptions, "reasoning" | "includeThoughts">,
): { thinkingConfig?: ThinkingConfig } {
	if (effort === undefined) return {};
	const form = reasoning === "level" ? { thinkingLevel: LEVELS[effort] } : { thinkingBudget: BUDGETS[effort] };
	return { thinkingConfig: { ...(includeThoughts && effort !== "none" ? { includeThoughts: true } : {}), ...form } };
}
