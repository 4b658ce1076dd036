import { CpuBudget } from "../abi/metering/cpu-budget.ts";

/** Guests whose budgets are kept. A guest beyond them begins with a full budget. */
const MAX_GUESTS = 10_000;

/** CPU time of each guest in the last minute. The budget of a guest outlives its agents. Otherwise loading it again would fill the budget. */
export class CpuBudgets {
	/** In the order of the last use. */
	readonly #budgets = new Map<string, { readonly limitMs: number; readonly budget: CpuBudget }>();

	/** Returns the budget of a guest. Another limit than before begins a new budget. */
	budgetOf(id: string, limitMs: number): CpuBudget {
		const known = this.#budgets.get(id);
		const kept = known?.limitMs === limitMs ? known : { limitMs, budget: new CpuBudget(limitMs) };
		this.#budgets.delete(id);
		this.#budgets.set(id, kept);
		const [oldest] = this.#budgets.keys();
		if (this.#budgets.size > MAX_GUESTS && oldest !== undefined) this.#budgets.delete(oldest);
		return kept.budget;
	}
}
