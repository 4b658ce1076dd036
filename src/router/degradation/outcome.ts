import type * as types from "../../../generated/ir/types.ts";
import type { FixedRule } from "../../backends/rules.ts";

/** Order of the policies: the strictest has the lowest rank. */
const RANKS: Readonly<Record<types.Degradation, number>> = { strict: 0, declared: 1, lenient: 2 };

/** Returns the stricter of two policies. The default of `b` is no restriction. */
export function stricter(a: types.Degradation, b: types.Degradation = "lenient"): types.Degradation {
	return RANKS[b] < RANKS[a] ? b : a;
}

/** The effect of a rule on a field, under one policy. */
export type RuleOutcome =
	| { readonly effect: "none" }
	| {
			readonly effect: "emulated" | "dropped";
			readonly detail: string;
			/** True if the rule rejects the field, and the policy `lenient` replaces the rejection. */
			readonly replacesRejection: boolean;
	  }
	| { readonly effect: "rejected"; readonly detail: string };

const NONE: RuleOutcome = { effect: "none" };

/** Returns the effect of a rule on a field, under one policy. */
export function outcomeOf(rule: FixedRule, policy: types.Degradation): RuleOutcome {
	switch (rule.treatment) {
		case "pass":
		case "map":
			return NONE;
		case "emulate":
		case "drop": {
			const effect = rule.treatment === "drop" ? "dropped" : "emulated";
			if (policy === "strict") return { effect: "rejected", detail: `would be ${effect}, which the policy strict forbids: ${rule.reason}` };
			return { effect, detail: rule.reason, replacesRejection: false };
		}
		case "reject": {
			if (policy !== "lenient" || rule.lenient === undefined) return { effect: "rejected", detail: rule.reason };
			const effect = rule.lenient.treatment === "drop" ? "dropped" : "emulated";
			return { effect, detail: rule.lenient.reason, replacesRejection: true };
		}
	}
}
