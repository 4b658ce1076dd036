import { Upstream, type UpstreamModel } from "../../simulation/upstream.ts";
import type { Clock } from "../../time/clock.ts";
import type { Random } from "../../time/random.ts";

/** A modelled upstream whose phases recur: each cycle begins with a new {@link Upstream}. Requests in flight end at the one they began at. */
export class RecurringUpstream {
	readonly #model: UpstreamModel;
	readonly #cycleMs: number;
	readonly #clock: Clock;
	readonly #random: Random;
	#current: Upstream | undefined;
	#startedAt = 0;

	/** @param cycleMs Duration of a cycle, in milliseconds. */
	constructor(model: UpstreamModel, cycleMs: number, clock: Clock, random: Random) {
		this.#model = model;
		this.#cycleMs = cycleMs;
		this.#clock = clock;
		this.#random = random;
	}

	/**
	 * Serves a request.
	 *
	 * @throws SpearError As an adapter for a real upstream; the reason of `signal` at once when that is aborted.
	 */
	serve(signal: AbortSignal, guest?: string): Promise<void> {
		const now = this.#clock.now();
		if (this.#current === undefined || now - this.#startedAt >= this.#cycleMs) {
			const startedAt = now - (now % this.#cycleMs);
			const clock: Clock = { now: () => this.#clock.now() - startedAt, after: (ms, fire) => this.#clock.after(ms, fire) };
			this.#startedAt = startedAt;
			this.#current = new Upstream(this.#model, clock, this.#random);
		}
		return this.#current.serve(signal, undefined, guest);
	}
}

/** Returns the clock of a demonstration: 0 is the time of the call, and no timer keeps the process alive. */
export function demoClock(): Clock {
	const startedAt = performance.now();
	return {
		now: () => performance.now() - startedAt,
		after(ms, fire) {
			// An upstream that hangs never answers, and the longest delay of a timer is finite.
			if (!Number.isFinite(ms)) return () => {};
			const timer = setTimeout(fire, Math.max(0, ms)).unref();
			return () => clearTimeout(timer);
		},
	};
}
