import { unavailableUntil } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";
import { MAX_STALENESS_MS } from "./availability-summary.ts";
import type { PickContext } from "./pick-context.ts";
import type { Picker } from "./policies/policy.ts";

/** How often one whose keys cannot be used is looked at again, in milliseconds: an environment tells nobody that it has changed. */
const KEY_CHECK_MS = 1_000;

/** Of how many requests one may be the trial of an instance that was out, where others could serve it. */
const TRIAL_EVERY = 10;

/** How many of those that were out are looked at for one that may be tried. */
const TRIAL_LOOKS = 4;

/** Counts instances that came back before it was their time, by a trial that succeeded. */
export interface RecoveryEpoch {
	value: number;
}

/**
 * Candidates that are equal by priority and preference, and the policy that picks one of them. What is out for a while (its
 * breaker open, ejected, its keys at rest) is left out of the policy's sight, and seen again when its time has come.
 */
export class Tier {
	readonly members: readonly Instance[];
	readonly #picker: Picker;
	readonly #recoveryEpoch: RecoveryEpoch;
	#active: readonly Instance[] = [];
	/** Those out for their health. One whose breaker is not closed comes back by a trial only. */
	#unhealthy: readonly Instance[] = [];
	#refreshAt = Number.NEGATIVE_INFINITY;
	#refreshedAt = Number.NEGATIVE_INFINITY;
	#seenEpoch = 0;
	#unavailableSeen = 0;
	#outage = false;
	#sinceTrial = TRIAL_EVERY;
	#trialTurn = 0;

	constructor(members: readonly Instance[], picker: Picker, recoveryEpoch: RecoveryEpoch) {
		this.members = members;
		this.#picker = picker;
		this.#recoveryEpoch = recoveryEpoch;
	}

	/** One that can take the request; `undefined` when none can. */
	pick(context: PickContext): Instance | undefined {
		this.#refresh(context.now);
		this.#sinceTrial += 1;
		const seenBefore = context.unavailableSeen;
		const found = this.#trialDue(context) ?? this.#pickActive(context) ?? this.#trial(context);
		this.#unavailableSeen += context.unavailableSeen - seenBefore;
		return found;
	}

	/** Whether some instance was in when it was last looked. */
	get hasActive(): boolean {
		return this.#active.length > 0;
	}

	/** One that is out for its health, where nobody else can serve. */
	lastResort(context: PickContext): Instance | undefined {
		context.lastResort = true;
		return this.#trial(context);
	}

	#pickActive(context: PickContext): Instance | undefined {
		context.applySlowStart = this.#active.length > 1 && this.#picker.handlesSlowStart !== true;
		const found = this.#picker.pick(context);
		if (found !== undefined || !context.applySlowStart) return found;
		// Nobody but those that were spared.
		context.applySlowStart = false;
		return this.#picker.pick(context);
	}

	/** Looks at all instances anew, when it is time to or too much of what was in has turned out to be out. */
	#refresh(now: number): void {
		const due = now >= this.#refreshAt || this.#seenEpoch !== this.#recoveryEpoch.value || this.#unavailableSeen * 8 > this.#active.length;
		if (!due || now - this.#refreshedAt < this.members.length * MAX_STALENESS_MS) return;
		this.#refreshedAt = now;
		this.#seenEpoch = this.#recoveryEpoch.value;
		this.#unavailableSeen = 0;
		const active: Instance[] = [];
		const unhealthy: Instance[] = [];
		let next = Number.POSITIVE_INFINITY;
		for (const instance of this.members) {
			const { breaker } = instance.stats;
			const until = unavailableUntil(instance, now);
			if (breaker.state(now) !== "closed" || instance.stats.ejectedUntil(now) > 0) unhealthy.push(instance);
			else if (until === 0) active.push(instance);
			if (breaker.state(now) === "closed" && until > 0) next = Math.min(next, until, now + KEY_CHECK_MS);
		}
		this.#refreshAt = next;
		this.#unhealthy = unhealthy;
		// All were out, and one is back: what took them out together may be over for the others too.
		if (this.#outage && active.length > 0) for (const instance of unhealthy) instance.stats.breaker.shortenOpenPeriod(now);
		this.#outage = active.length === 0;
		if (active.length === this.#active.length && active.every((instance, index) => instance === this.#active[index])) return;
		this.#active = active;
		this.#picker.update(active);
	}

	#trialDue(context: PickContext): Instance | undefined {
		return this.#sinceTrial >= TRIAL_EVERY ? this.#trial(context) : undefined;
	}

	/** An instance that was out and may be tried now. */
	#trial(context: PickContext): Instance | undefined {
		context.applySlowStart = false;
		for (let looks = Math.min(TRIAL_LOOKS, this.#unhealthy.length); looks > 0; looks--) {
			this.#trialTurn = (this.#trialTurn + 1) % this.#unhealthy.length;
			const instance = this.#unhealthy[this.#trialTurn];
			if (instance === undefined || !context.usable(instance)) continue;
			this.#sinceTrial = 0;
			context.consider(instance);
			return instance;
		}
		return undefined;
	}
}
