/** The behaviour of an upstream. */
export type Condition =
	| { readonly type: "answers" /** Factor by which answers take longer. The default is 1. */; readonly slower?: number }
	| {
			readonly type: "status";
			readonly status: number;
			readonly retryAfterMs?: number;
			/** Key of the requests that get the status. The default is all requests. */
			readonly key?: string;
			/** Guest whose requests get the status. The default is all guests. */
			readonly guest?: string;
	  }
	/** The process is gone: new connections are refused, open ones break. */
	| { readonly type: "dead" }
	/** Requests are accepted and never answered. */
	| { readonly type: "hangs" /** Guest whose requests get no answer. The default is all guests. */; readonly guest?: string };

/** A time in which an upstream is not as usual: `from` to `to`, in milliseconds from the start. */
export interface Phase {
	readonly from: number;
	readonly to: number;
	readonly condition: Condition;
}

const USUAL: Condition = { type: "answers" };

/** Returns the condition of an upstream for a request with this key, of this guest. */
export function conditionAt(phases: readonly Phase[], now: number, key: string | undefined, guest: string | undefined): Condition {
	const condition = phases.find(({ from, to }) => now >= from && now < to)?.condition ?? USUAL;
	if ("key" in condition && condition.key !== key) return USUAL;
	return "guest" in condition && condition.guest !== guest ? USUAL : condition;
}

/** Returns phases of one condition that recur from `from` to `to`: the first `lasts` of every `every` milliseconds. */
export function recurring(condition: Condition, times: { from: number; to: number; every: number; lasts: number }): Phase[] {
	const phases: Phase[] = [];
	for (let from = times.from; from < times.to; from += times.every) {
		phases.push({ from, to: Math.min(times.to, from + times.lasts), condition });
	}
	return phases;
}
