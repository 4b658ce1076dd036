import type { Clock } from "../../time/clock.ts";

export interface HedgedRun<A, O> {
	readonly first: A;
	/** How many may run side by side, the first included. */
	readonly maxAttempts: number;
	/** After how long without an outcome the next begins, in milliseconds. */
	readonly afterMs: number;
	readonly clock: Clock;
	/** Sees an attempt through to its outcome. Never rejects. */
	readonly settle: (attempt: A) => Promise<O>;
	readonly succeeded: (outcome: O) => boolean;
	/** Begins a further attempt; `undefined` when there is none to be had. */
	readonly launch: () => Promise<A | undefined>;
	/** Ends an attempt that another was quicker than. */
	readonly lose: (attempt: A) => void;
	/** Takes the outcome of an attempt that ended when the race was over already. */
	readonly discard: (outcome: O) => void;
}

/** Runs attempts side by side, each begun a while after the one before: the first success ends the others; a failure counts only when it is the last. */
export function runHedged<A, O>({
	first,
	maxAttempts,
	afterMs,
	clock,
	settle,
	succeeded,
	launch,
	lose,
	discard,
}: HedgedRun<A, O>): Promise<O> {
	return new Promise((resolve) => {
		const live = new Set<A>();
		let begun = 0;
		let over = false;
		let cancelTimer = (): void => {};
		const end = (outcome: O): void => {
			over = true;
			cancelTimer();
			for (const attempt of live) lose(attempt);
			resolve(outcome);
		};
		const run = (attempt: A): void => {
			begun += 1;
			live.add(attempt);
			void settle(attempt).then((outcome) => {
				live.delete(attempt);
				if (over) discard(outcome);
				else if (succeeded(outcome) || live.size === 0) end(outcome);
			});
		};
		const arm = (): void => {
			if (begun >= maxAttempts) return;
			cancelTimer = clock.after(afterMs, () => {
				void launch().then((next) => {
					if (next === undefined) return;
					if (over) return lose(next);
					run(next);
					arm();
				});
			});
		};
		run(first);
		arm();
	});
}
