import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { Effort, MessagesRequest } from "./api.ts";
import type { ChatOptions } from "./options.ts";

/** The upstream's effort, by that of a request. The API has nothing below `low`. */
const EFFORTS: { readonly [E in Exclude<cchat.ReasoningEffort, "none">]: Effort } = {
	minimal: "low",
	low: "low",
	medium: "medium",
	high: "high",
	xhigh: "xhigh",
	max: "max",
};

/** Budgets of thinking, in tokens, by effort. The API accepts no less than 1,024. */
const BUDGETS: { readonly [E in Exclude<cchat.ReasoningEffort, "none">]: number } = {
	minimal: 1024,
	low: 2048,
	medium: 8192,
	high: 16_384,
	xhigh: 24_576,
	max: 32_000,
};

/** Smallest budget that the API accepts, in tokens. */
const MIN_BUDGET = 1024;

/** Members of a request that say how much the model thinks. */
export interface Reasoning {
	readonly maxTokens: number;
	readonly thinking: Pick<MessagesRequest, "thinking">;
	readonly effort: { readonly effort?: Effort };
}

/**
 * Returns the members for an effort.
 *
 * @param limit Longest answer with its thinking, in tokens. Absent: the option `default_max_tokens`, and the budget of thinking in addition.
 * @param forcesCall True if the request demands a tool call. The API refuses a budget of thinking together with that.
 * @see https://platform.claude.com/docs/en/build-with-claude/effort
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking-tool-workflows (adaptive thinking allows forced calls)
 */
export function reasoning(
	effort: cchat.ReasoningEffort | undefined,
	{ limit, forcesCall, options }: { readonly limit: number | undefined; readonly forcesCall: boolean; readonly options: ChatOptions },
): Reasoning {
	const maxTokens = limit ?? options.defaultMaxTokens;
	if (effort === undefined) return { maxTokens, thinking: {}, effort: {} };
	if (effort === "none") return { maxTokens, thinking: { thinking: { type: "disabled" } }, effort: {} };
	const display = options.thinkingDisplay === undefined ? {} : { display: options.thinkingDisplay };
	switch (options.reasoning) {
		case "adaptive":
			return { maxTokens, thinking: { thinking: { type: "adaptive", ...display } }, effort: { effort: EFFORTS[effort] } };
		case "effort":
			return { maxTokens, thinking: {}, effort: { effort: EFFORTS[effort] } };
		case "budget": {
			if (forcesCall) return { maxTokens, thinking: {}, effort: {} };
			const budget = limit === undefined ? BUDGETS[effort] : Math.min(BUDGETS[effort], limit - 1);
			if (budget < MIN_BUDGET)
				throw new SpearError(
					"invalid_request",
					`params.max_output_tokens: with reasoning, this backend needs more than ${MIN_BUDGET} tokens; raise the limit or set reasoning_effort to none`,
				);
			return {
				maxTokens: limit ?? maxTokens + budget,
				thinking: { thinking: { type: "enabled", budget_tokens: budget, ...display } },
				effort: {},
			};
		}
	}
}
