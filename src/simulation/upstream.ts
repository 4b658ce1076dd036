import { abortError, type SpearError } from "../errors/spear-error.ts";
import type { Clock } from "../time/clock.ts";
import type { Random } from "../time/random.ts";
import { Capacity, type CapacityModel } from "./capacity.ts";
import { conditionAt, type Phase } from "./condition.ts";
import { drawLatency, type LatencyModel } from "./distributions.ts";
import { answeredWith, brokenConnection, refusedConnection } from "./upstream-errors.ts";

export interface UpstreamModel {
	readonly latency: LatencyModel;
	/** Times in which the upstream is not as usual, in order, without overlaps. The default is none. */
	readonly phases?: readonly Phase[];
	/** The default is an unlimited capacity. */
	readonly capacity?: CapacityModel;
}

/** Time until a refusal, in milliseconds: a round trip for a refused connection, more for an error status. */
const REFUSAL_MS = { connection: 2, status: 100 } as const;

/** A modelled upstream. Condition, capacity and seeded random numbers decide the outcome of each request. */
export class Upstream {
	readonly #model: UpstreamModel;
	readonly #clock: Clock;
	readonly #random: Random;
	readonly #capacity: Capacity | undefined;
	/** For each request in flight, a function that fails it. */
	readonly #connections = new Set<(error: SpearError) => void>();
	/** Arrival times of all requests, in milliseconds. */
	readonly seen: number[] = [];

	constructor(model: UpstreamModel, clock: Clock, random: Random) {
		this.#model = model;
		this.#clock = clock;
		this.#random = random;
		this.#capacity = model.capacity === undefined ? undefined : new Capacity(model.capacity);
		for (const { from, to, condition } of model.phases ?? []) {
			if (condition.type !== "dead") continue;
			clock.after(from - clock.now(), () => this.#breakAll());
			clock.after(to - clock.now(), () => this.#capacity?.start());
		}
	}

	get collapses(): number {
		return this.#capacity?.collapses ?? 0;
	}

	/**
	 * Serves a request.
	 *
	 * @throws SpearError as an adapter for a real upstream; the reason of `signal` at once when that is aborted.
	 */
	async serve(signal: AbortSignal, key?: string, guest?: string): Promise<void> {
		const now = this.#clock.now();
		this.seen.push(now);
		const condition = conditionAt(this.#model.phases ?? [], now, key, guest);
		switch (condition.type) {
			case "dead":
				return this.#hold(REFUSAL_MS.connection, signal, refusedConnection());
			case "hangs":
				return this.#hold(Number.POSITIVE_INFINITY, signal);
			case "status":
				return this.#hold(REFUSAL_MS.status, signal, answeredWith(condition.status, condition.retryAfterMs));
			case "answers": {
				const admitted = this.#capacity?.admit(this.#connections.size + 1, now) ?? { slower: 1 };
				if (admitted === "collapsed") this.#breakAll();
				if (admitted === "refused" || admitted === "collapsed") return this.#hold(REFUSAL_MS.status, signal, answeredWith(503));
				const ms = drawLatency(this.#model.latency, this.#random) * (condition.slower ?? 1) * admitted.slower;
				return this.#hold(ms, signal);
			}
		}
	}

	/** Holds a request for `ms`, then answers it, or fails it with `error`. */
	#hold(ms: number, signal: AbortSignal, error?: SpearError): Promise<void> {
		return new Promise((resolve, reject) => {
			const end = (): void => {
				cancel();
				this.#connections.delete(fail);
				signal.removeEventListener("abort", onAbort);
			};
			const fail = (reason: SpearError): void => {
				end();
				reject(reason);
			};
			const onAbort = (): void => fail(abortError(signal));
			const cancel = this.#clock.after(ms, () => {
				if (error !== undefined) return fail(error);
				end();
				resolve();
			});
			this.#connections.add(fail);
			if (signal.aborted) onAbort();
			else signal.addEventListener("abort", onAbort, { once: true });
		});
	}

	#breakAll(): void {
		for (const fail of this.#connections) fail(brokenConnection());
	}
}
