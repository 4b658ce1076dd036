import type { Metrics } from "../../../../generated/hostcall/core/chat.ts";
import type { Usage } from "../../../../generated/ir/types.ts";

/** Tokens of all requests of a send. */
export class UsageSum {
	#sum: Metrics = {};

	/** Adds the usage of an answer. Counts that no answer reports stay absent. */
	add(usage: Usage | undefined): void {
		if (usage === undefined) return;
		const { input_tokens, output_tokens, total_tokens = totalOf(input_tokens, output_tokens) } = usage;
		const { prompt_tokens, completion_tokens, total_tokens: total } = this.#sum;
		this.#sum = {
			...counted("prompt_tokens", prompt_tokens, input_tokens),
			...counted("completion_tokens", completion_tokens, output_tokens),
			...counted("total_tokens", total, total_tokens),
		};
	}

	get metrics(): Metrics {
		return this.#sum;
	}
}

function totalOf(input: number | undefined, output: number | undefined): number | undefined {
	return input === undefined || output === undefined ? undefined : input + output;
}

function counted(name: keyof Metrics, sum: number | undefined, count: number | undefined): Metrics {
	return sum === undefined && count === undefined ? {} : { [name]: (sum ?? 0) + (count ?? 0) };
}
