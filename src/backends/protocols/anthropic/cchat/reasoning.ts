import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { claudeBudget, FROM_LOW } from "../../../kit/chat/reasoning-amounts.ts";
import type { Effort, MessagesRequest } from "./api.ts";
import type { ChatOptions } from "./options.ts";

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
			return { maxTokens, thinking: { thinking: { type: "adaptive", ...display } }, effort: { effort: FROM_LOW[effort] } };
		case "effort":
			return { maxTokens, thinking: {}, effort: { effort: FROM_LOW[effort] } };
		case "budget": {
			if (forcesCall) return { maxTokens, thinking: {}, effort: {} };
			const budget = claudeBudget(effort, limit);
			return {
				maxTokens: limit ?? maxTokens + budget,
				thinking: { thinking: { type: "enabled", budget_tokens: budget, ...display } },
				effort: {},
			};
		}
	}
}
