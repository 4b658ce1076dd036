import type { Operation } from "../../../generated/ir/operations.ts";
import type { Random } from "../../time/random.ts";
import {
	hasRoom,
	isOnlySuspected,
	lastResortAt,
	ownLastResortAt,
	ownUnavailableUntil,
	unavailableUntil,
} from "../eligibility/availability.ts";
import type { Instance } from "../instances/instance.ts";

/** An instance that a policy compared with others, and its score. */
export interface Considered {
	readonly instance: Instance;
	/** The lower the better. `undefined` for a policy without scores. */
	readonly score: number | undefined;
	/** Number of requests in flight at that moment. */
	readonly inFlight: number;
	/** Average latency until the first output, in milliseconds. `undefined` until the pick is recorded, and if it was never measured. */
	latencyMs: number | undefined;
	/** The instance that was compared before. `undefined` for the first. */
	previous: Considered | undefined;
}

/** Returns the compared instances in order. A list of records, because an array would take more memory than they do. */
export function consideredUntil(last: Considered | undefined): Considered[] {
	const considered: Considered[] = [];
	for (let each = last; each !== undefined; each = each.previous) considered.push(each);
	return considered.reverse();
}

/** Bounds the record of one pick, which explains a decision and need not be complete. */
const MAX_CONSIDERED = 16;

const NO_INSTANCES: ReadonlySet<Instance> = new Set();

/** The input of one pick and the record of what the policy compared. Reused for every attempt of a request. */
export class PickContext {
	readonly operation: Operation;
	/** Equal for requests that belong together: the session key, else the task id, else the request's own id. */
	readonly key: string;
	/** Id of the request's guest. */
	readonly guest: string;
	/** True if no other guest sends requests. */
	alone = true;
	/** Time of the pick, in milliseconds of the router's clock. */
	now = 0;
	/** Number of instances that were unavailable when a pick looked at them. Never reset: tiers compare it before and after. */
	unavailableSeen = 0;
	/** True if an instance that looked available is not available to the request's guest, because of failures of its own requests. */
	ownUnavailableSeen = false;
	/** True if only hints of other hosts kept the request from an instance. */
	suspectedSeen = false;
	/** True if an instance was available, room aside. */
	availableSeen = false;
	/** True to skip recovering instances at random, so that each receives a part of its share. */
	applySlowStart = false;
	/** True if no candidate is available: unhealthy instances may be tried early. */
	lastResort = false;
	readonly #random: Random;
	#excluded: ReadonlySet<Instance> = NO_INSTANCES;
	#considered: Considered | undefined;
	#consideredCount = 0;

	/** @param guest Id of the request's guest. The default is the embedder. */
	constructor(operation: Operation, key: string, random: Random, guest = "") {
		this.operation = operation;
		this.key = key;
		this.guest = guest;
		this.#random = random;
	}

	/**
	 * Starts a pick at `now` that leaves out the `excluded` instances.
	 *
	 * @param alone False if other guests send requests too. The default is true.
	 */
	begin(now: number, excluded: ReadonlySet<Instance>, alone = true): void {
		this.now = now;
		this.alone = alone;
		this.#excluded = excluded;
		this.#considered = undefined;
		this.#consideredCount = 0;
		this.applySlowStart = false;
		this.lastResort = false;
		this.ownUnavailableSeen = false;
		this.suspectedSeen = false;
		this.availableSeen = false;
	}

	/** Returns true if `instance` can take the request at this moment. */
	usable(instance: Instance): boolean {
		if (this.#excluded.size > 0 && this.#excluded.has(instance)) return false;
		const { operation, now, guest, lastResort } = this;
		if ((lastResort ? lastResortAt : unavailableUntil)(instance, operation, now) > 0) {
			this.unavailableSeen += 1;
			if (!lastResort && isOnlySuspected(instance, operation, now)) this.suspectedSeen = true;
			return false;
		}
		if ((lastResort ? ownLastResortAt : ownUnavailableUntil)(instance, operation, now, guest) > 0) {
			this.ownUnavailableSeen = true;
			return false;
		}
		this.availableSeen = true;
		if (!hasRoom(instance, operation, this)) return false;
		if (!this.applySlowStart) return true;
		const factor = instance.stats.slowStartFactor(operation, now);
		return factor === 1 || this.#random() < factor;
	}

	/** Records that a policy compared `instance`. */
	consider(instance: Instance, score?: number): void {
		if (this.#consideredCount >= MAX_CONSIDERED) return;
		this.#consideredCount += 1;
		this.#considered = { instance, score, inFlight: instance.stats.inFlight, latencyMs: undefined, previous: this.#considered };
	}

	/** The instance that the policy has compared last since the pick began. `undefined` for none. */
	get considered(): Considered | undefined {
		return this.#considered;
	}
}
