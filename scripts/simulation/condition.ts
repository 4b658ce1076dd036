/** What an upstream does with the requests it gets. */
export type Condition =
	| { readonly type: "answers" /** Times as long as it usually takes. */; readonly slower?: number }
	| {
			readonly type: "status";
			readonly status: number;
			readonly retryAfterMs?: number;
			/** Only requests with this key; all when absent. */
			readonly key?: string;
	  }
	/** Its process is gone: connections are refused, and those that stood break. */
	| { readonly type: "dead" }
	/** It takes requests and says nothing. */
	| { readonly type: "hangs" };

/** A time in which an upstream is not as usual, in milliseconds from the start. */
export interface Phase {
	readonly from: number;
	readonly to: number;
	readonly condition: Condition;
}

const USUAL: Condition = { type: "answers" };

/** How an upstream is now to a request with this key. */
export function conditionAt(phases: readonly Phase[], now: number, key: string | undefined): Condition {
	const condition = phases.find(({ from, to }) => now >= from && now < to)?.condition ?? USUAL;
	return condition.type === "status" && condition.key !== undefined && condition.key !== key ? USUAL : condition;
}

/** The same phase over and over: `lasts` milliseconds of every `every`, from `from` until `to`. */
export function recurring(condition: Condition, times: { from: number; to: number; every: number; lasts: number }): Phase[] {
	const phases: Phase[] = [];
	for (let from = times.from; from < times.to; from += times.every) {
		phases.push({ from, to: Math.min(times.to, from + times.lasts), condition });
	}
	return phases;
}
