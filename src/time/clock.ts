/** A source of time. Tests and simulations replace it to control time. */
export interface Clock {
	/** Returns milliseconds since a fixed but unspecified point. Only differences have a meaning. */
	now(): number;
	/** Calls `fire` after `ms` milliseconds, at the earliest in the next turn of the event loop. Returns a function that cancels the call. */
	after(ms: number, fire: () => void): () => void;
}

/** The longest delay of `setTimeout`, in milliseconds: about 24.8 days. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The clock of the system, which is not affected by changes of the wall-clock time. */
export const systemClock: Clock = {
	now: () => performance.now(),
	after(ms, fire) {
		const timeout = setTimeout(fire, Math.min(Math.max(ms, 0), MAX_TIMEOUT_MS));
		return () => clearTimeout(timeout);
	},
};
