/** Time as the host needs it, so that tests and simulations can make it pass. */
export interface Clock {
	/** Milliseconds from some fixed point; only differences count. */
	now(): number;
	/** Calls `fire` after `ms` milliseconds, unless the returned function is called first. */
	after(ms: number, fire: () => void): () => void;
}

/** The longest that `setTimeout` can wait: about 24.8 days. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
	now: () => performance.now(),
	after(ms, fire) {
		const timeout = setTimeout(fire, Math.min(ms, MAX_TIMEOUT_MS));
		return () => clearTimeout(timeout);
	},
};
