import { abortError, type SpearError } from "../../src/errors/spear-error.ts";
import type { Clock } from "../../src/time/clock.ts";
import type { Random } from "../../src/time/random.ts";
import { Capacity, type CapacityModel } from "./capacity.ts";
import { conditionAt, type Phase } from "./condition.ts";
import { drawLatency, type LatencyModel } from "./distributions.ts";
import { answeredWith, brokenConnection, refusedConnection } from "./upstream-errors.ts";

export interface UpstreamModel {
	readonly latency: LatencyModel;
	/** When it is not as usual; in order, without overlaps. */
	readonly phases?: readonly Phase[];
	readonly capacity?: CapacityModel;
}

/** How long a refusal takes, in milliseconds: a round trip for a connection, somewhat more for an answer. */
const REFUSAL_MS = { connection: 2, status: 100 } as const;

/** An upstream as a model: what it does with each request is decided by its condition, its capacity and seeded chance. */
export class Upstream {
	readonly #model: UpstreamModel;
	readonly #clock: Clock;
	readonly #random: Random;
	readonly #capacity: Capacity | undefined;
	/** Breaks what is in flight. */
	readonly #connections = new Set<(error: SpearError) => void>();
	/** When each request came, in milliseconds, with or without an answer. */
	readonly seen: number[] = [];
	/** Most that were in flight at a time. */
	mostInFlight = 0;

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

	/** Takes a request. Resolves with its answer; rejects as a real adapter would, and at once when `signal` is aborted. */
	async serve(signal: AbortSignal, key?: string): Promise<void> {
		const now = this.#clock.now();
		this.seen.push(now);
		const condition = conditionAt(this.#model.phases ?? [], now, key);
		switch (condition.type) {
			case "dead":
				return this.#hold(REFUSAL_MS.connection, signal, refusedConnection());
			case "hangs":
				return this.#hold(Number.POSITIVE_INFINITY, signal);
			case "status":
				return this.#hold(REFUSAL_MS.status, signal, answeredWith(condition.status, condition.retryAfterMs));
			case "answers": {
				const room = this.#capacity?.enter(this.#connections.size + 1, now) ?? { slower: 1 };
				if (room === "collapsed") this.#breakAll();
				if (room === "refused" || room === "collapsed") return this.#hold(REFUSAL_MS.status, signal, answeredWith(503));
				const ms = drawLatency(this.#model.latency, this.#random) * (condition.slower ?? 1) * room.slower;
				return this.#hold(ms, signal);
			}
		}
	}

	/** Keeps a request for so long and then answers it, or fails it with `error`. */
	#hold(ms: number, signal: AbortSignal, error?: SpearError): Promise<void> {
		return new Promise((resolve, reject) => {
			const leave = (): void => {
				cancel();
				this.#connections.delete(fail);
				signal.removeEventListener("abort", onAbort);
			};
			const fail = (reason: SpearError): void => {
				leave();
				reject(reason);
			};
			const onAbort = (): void => fail(abortError(signal));
			const cancel = this.#clock.after(ms, () => {
				if (error !== undefined) return fail(error);
				leave();
				resolve();
			});
			this.#connections.add(fail);
			this.mostInFlight = Math.max(this.mostInFlight, this.#connections.size);
			if (signal.aborted) onAbort();
			else signal.addEventListener("abort", onAbort, { once: true });
		});
	}

	#breakAll(): void {
		for (const fail of this.#connections) fail(brokenConnection());
	}
}
