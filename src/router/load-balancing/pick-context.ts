import type { Operation } from "../../../generated/ir/operations.ts";
import type { Random } from "../../time/random.ts";
import { hasRoom, lastResortAt, unavailableUntil } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";
import type { Choice } from "./policies/policy.ts";

/** An instance that a policy looked at, and by what it judged it. */
export interface Considered {
	readonly instance: Instance;
	/** The lower the better; absent where the policy keeps none. */
	readonly score: number | undefined;
	/** Requests in flight at that moment. */
	readonly inFlight: number;
}

/** More than so many are not put on record: a decision is to be understood, not replayed. */
const MOST_CONSIDERED = 16;

/** The choice of an instance for one attempt: what the policies ask, and what they looked at. */
export class Selection implements Choice {
	readonly operation: Operation;
	readonly key: string;
	readonly considered: Considered[] = [];
	now = 0;
	/** How many were found to be out although they were thought in. */
	outs = 0;
	/** Spare those that have just come back the greater part of their share. */
	applySlowStart = false;
	/** Nobody else can serve: try those that are out for their health sooner. */
	lastResort = false;
	readonly #random: Random;
	#left: ReadonlySet<Instance> = new Set();

	constructor(operation: Operation, key: string, random: Random) {
		this.operation = operation;
		this.key = key;
		this.#random = random;
	}

	/** Begins a choice at this time, which leaves out instances that were tried. */
	begin(now: number, without: ReadonlySet<Instance>): void {
		this.now = now;
		this.#left = without;
		this.considered.length = 0;
		this.applySlowStart = false;
		this.lastResort = false;
	}

	usable(instance: Instance): boolean {
		if (this.#left.size > 0 && this.#left.has(instance)) return false;
		if ((this.lastResort ? lastResortAt : unavailableUntil)(instance, this.now) > 0) {
			this.outs += 1;
			return false;
		}
		if (!hasRoom(instance, this.operation)) return false;
		if (!this.applySlowStart) return true;
		const share = instance.stats.slowStartFactor(this.now);
		return share === 1 || this.#random() < share;
	}

	consider(instance: Instance, score?: number): void {
		if (this.considered.length < MOST_CONSIDERED) this.considered.push({ instance, score, inFlight: instance.stats.inFlight });
	}
}
