import type { Operation } from "../../../generated/ir/operations.ts";
import type { Random } from "../../time/random.ts";
import { hasRoom, lastResortAt, unavailableUntil } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";

/** An instance that a policy compared with others, and its score. */
export interface Considered {
	readonly instance: Instance;
	/** The lower the better. Absent where the policy keeps no score. */
	readonly score: number | undefined;
	/** Requests in flight at that moment. */
	readonly inFlight: number;
}

/** Bounds the record of one pick: a decision is explained by it, not replayed. */
const MAX_CONSIDERED = 16;

/** The input of one pick and the record of what the policy compared. Reused for every attempt of a request. */
export class PickContext {
	readonly operation: Operation;
	/** Equal for requests that belong together: the session key, else the task id, else the request's own id. */
	readonly key: string;
	readonly considered: Considered[] = [];
	/** Milliseconds, by the host's clock. */
	now = 0;
	/** Counts instances that turned out to be unavailable although their tier listed them as available. */
	unavailableSeen = 0;
	/** Skips recovering instances at random, so that each receives a part of its share. */
	applySlowStart = false;
	/** No candidate is available: unhealthy instances may be tried early. */
	lastResort = false;
	readonly #random: Random;
	#excluded: ReadonlySet<Instance> = new Set();

	constructor(operation: Operation, key: string, random: Random) {
		this.operation = operation;
		this.key = key;
		this.#random = random;
	}

	/** Starts a pick at `now` that leaves out the `excluded` instances. */
	begin(now: number, excluded: ReadonlySet<Instance>): void {
		this.now = now;
		this.#excluded = excluded;
		this.considered.length = 0;
		this.applySlowStart = false;
		this.lastResort = false;
	}

	/** Returns true if `instance` can take the request at this moment. */
	usable(instance: Instance): boolean {
		if (this.#excluded.size > 0 && this.#excluded.has(instance)) return false;
		if ((this.lastResort ? lastResortAt : unavailableUntil)(instance, this.now) > 0) {
			this.unavailableSeen += 1;
			return false;
		}
		if (!hasRoom(instance, this.operation)) return false;
		if (!this.applySlowStart) return true;
		const factor = instance.stats.slowStartFactor(this.now);
		return factor === 1 || this.#random() < factor;
	}

	/** Records that a policy compared `instance`. */
	consider(instance: Instance, score?: number): void {
		if (this.considered.length < MAX_CONSIDERED) this.considered.push({ instance, score, inFlight: instance.stats.inFlight });
	}
}
