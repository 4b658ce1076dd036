import { unavailableUntil } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";
import { MAX_STALENESS_MS } from "./availability-summary.ts";
import type { Selection } from "./pick-context.ts";
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
	readonly #returns: RecoveryEpoch;
	#active: readonly Instance[] = [];
	/** Those out for their health. One whose breaker is not closed comes back by a trial only. */
	#ill: readonly Instance[] = [];
	#nextAt = Number.NEGATIVE_INFINITY;
	#seenAt = Number.NEGATIVE_INFINITY;
	#seenReturns = 0;
	#outs = 0;
	#outage = false;
	#sinceTrial = TRIAL_EVERY;
	#trialTurn = 0;

	constructor(members: readonly Instance[], picker: Picker, returns: RecoveryEpoch) {
		this.members = members;
		this.#picker = picker;
		this.#returns = returns;
	}

	/** One that can take the request; `undefined` when none can. */
	pick(selection: Selection): Instance | undefined {
		this.#refresh(selection.now);
		this.#sinceTrial += 1;
		const outsBefore = selection.outs;
		const found = this.#trialDue(selection) ?? this.#pickActive(selection) ?? this.#trial(selection);
		this.#outs += selection.outs - outsBefore;
		return found;
	}

	/** Whether some instance was in when it was last looked. */
	get hasActive(): boolean {
		return this.#active.length > 0;
	}

	/** One that is out for its health, where nobody else can serve. */
	lastResort(selection: Selection): Instance | undefined {
		selection.lastResort = true;
		return this.#trial(selection);
	}

	#pickActive(selection: Selection): Instance | undefined {
		selection.applySlowStart = this.#active.length > 1 && this.#picker.handlesSlowStart !== true;
		const found = this.#picker.pick(selection);
		if (found !== undefined || !selection.applySlowStart) return found;
		// Nobody but those that were spared.
		selection.applySlowStart = false;
		return this.#picker.pick(selection);
	}

	/** Looks at all instances anew, when it is time to or too much of what was in has turned out to be out. */
	#refresh(now: number): void {
		const due = now >= this.#nextAt || this.#seenReturns !== this.#returns.value || this.#outs * 8 > this.#active.length;
		if (!due || now - this.#seenAt < this.members.length * MAX_STALENESS_MS) return;
		this.#seenAt = now;
		this.#seenReturns = this.#returns.value;
		this.#outs = 0;
		const active: Instance[] = [];
		const ill: Instance[] = [];
		let next = Number.POSITIVE_INFINITY;
		for (const instance of this.members) {
			const { breaker } = instance.stats;
			const until = unavailableUntil(instance, now);
			if (breaker.state(now) !== "closed" || instance.stats.ejectedUntil(now) > 0) ill.push(instance);
			else if (until === 0) active.push(instance);
			if (breaker.state(now) === "closed" && until > 0) next = Math.min(next, until, now + KEY_CHECK_MS);
		}
		this.#nextAt = next;
		this.#ill = ill;
		// All were out, and one is back: what took them out together may be over for the others too.
		if (this.#outage && active.length > 0) for (const instance of ill) instance.stats.breaker.shortenOpenPeriod(now);
		this.#outage = active.length === 0;
		if (active.length === this.#active.length && active.every((instance, index) => instance === this.#active[index])) return;
		this.#active = active;
		this.#picker.update(active);
	}

	#trialDue(selection: Selection): Instance | undefined {
		return this.#sinceTrial >= TRIAL_EVERY ? this.#trial(selection) : undefined;
	}

	/** An instance that was out and may be tried now. */
	#trial(selection: Selection): Instance | undefined {
		selection.applySlowStart = false;
		for (let looks = Math.min(TRIAL_LOOKS, this.#ill.length); looks > 0; looks--) {
			this.#trialTurn = (this.#trialTurn + 1) % this.#ill.length;
			const instance = this.#ill[this.#trialTurn];
			if (instance === undefined || !selection.usable(instance)) continue;
			this.#sinceTrial = 0;
			selection.consider(instance);
			return instance;
		}
		return undefined;
	}
}
