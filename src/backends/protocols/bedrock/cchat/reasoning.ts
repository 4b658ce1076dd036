import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { claudeBudget, FROM_LOW, THREE_AMOUNTS } from "../../../kit/chat/reasoning-amounts.ts";
import type { ConverseRequest, Effort } from "./api.ts";

/**
 * Forms in which a request's `reasoning_effort` is sent. Converse has a member for the effort, and each vendor's models have their own.
 * - `effort`: Converse's member, for models that decide about their reasoning themselves.
 * - `adaptive`: Converse's member, and adaptive thinking of Claude since 4.6.
 * - `budget`: thinking of Claude up to 4.5, with a budget of tokens.
 * - `reasoning_effort`: models of OpenAI.
 * - `nova`: Amazon Nova 2.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_OutputConfig.html
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html
 * @see https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
 */
export const REASONING_FORMS = ["effort", "adaptive", "budget", "reasoning_effort", "nova"] as const;

export type ReasoningForm = (typeof REASONING_FORMS)[number];

/** Members of a request that say how much the model reasons. */
export interface Reasoning {
	readonly effort?: Effort;
	/** Members for `additionalModelRequestFields`. */
	readonly fields?: NonNullable<ConverseRequest["additionalModelRequestFields"]>;
}

/**
 * Returns the members for an effort.
 *
 * @param limit Longest answer with its reasoning, in tokens. Absent: the model's.
 * @param forcesCall True if the request demands a tool call. Claude refuses a budget of thinking together with that.
 */
export function reasoning(
	form: ReasoningForm,
	effort: cchat.ReasoningEffort | undefined,
	{ limit, forcesCall }: { readonly limit: number | undefined; readonly forcesCall: boolean },
): Reasoning {
	if (effort === undefined) return {};
	if (effort === "none") {
		if (form === "nova") return { fields: { reasoningConfig: { type: "disabled" } } };
		return form === "adaptive" || form === "budget" ? { fields: { thinking: { type: "disabled" } } } : {};
	}
	switch (form) {
		case "effort":
			return { effort: FROM_LOW[effort] };
		case "adaptive":
			return { effort: FROM_LOW[effort], fields: { thinking: { type: "adaptive" } } };
		case "reasoning_effort":
			return { fields: { reasoning_effort: THREE_AMOUNTS[effort] } };
		case "nova":
			return { fields: { reasoningConfig: { type: "enabled", maxReasoningEffort: THREE_AMOUNTS[effort] } } };
		case "budget":
			return forcesCall ? {} : { fields: { thinking: { type: "enabled", budget_tokens: claudeBudget(effort, limit) } } };
	}
}
