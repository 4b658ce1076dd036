import type { Operation } from "../../../generated/ir/operations.ts";
import type { Clock } from "../../time/clock.ts";
import { isLimited } from "../eligibility/availability.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import type { Delivery } from "../limits/delivery.ts";
import type { RequestCharges } from "../limits/request-charges.ts";
import type { ActiveGuests } from "../resilience/guests/active-guests.ts";
import type { Witness } from "../resilience/guests/witness.ts";
import { type HealthTransition, type Outcome, recordFirstOutput, recordOutcome } from "../resilience/health.ts";
import type { Passage } from "../resilience/operation-health.ts";

export interface LeaseOptions {
	readonly instance: Instance;
	readonly operation: Operation;
	readonly key: Key;
	/** Id of the guest. */
	readonly guest: string;
	/** The guests that send requests. */
	readonly guests: ActiveGuests;
	readonly statsKey: StatsKey;
	/** Charges of the attempt. The lease settles them. The default is none. */
	readonly charges?: RequestCharges | undefined;
	readonly clock: Clock;
	/** Called if the lease closes the breaker of its instance before it is released. */
	readonly onRecovery?: () => void;
	/** Called once, when the lease is released. */
	readonly onRelease: (transition: HealthTransition) => void;
}

/**
 * The right to use an instance for one call, stream or session, with everything that is reserved for it. Released once, with the outcome;
 * further releases have no effect.
 */
export class Lease {
	readonly instance: Instance;
	readonly key: Key;
	/** Value of the key when the lease was taken. The outcome counts for this value only. */
	readonly keyValue: string | undefined;
	/** `undefined` if nothing is reserved. */
	readonly charges: RequestCharges | undefined;
	/** In milliseconds of the router's clock. */
	readonly startedAt: number;
	readonly #options: LeaseOptions;
	readonly #passage: Passage;
	#firstOutputMs: number | undefined;
	#held = true;
	/** True if the lease counts among the places of its guest. */
	readonly #limited: boolean;

	constructor(options: LeaseOptions) {
		const { instance, operation, key, guest, charges, clock } = options;
		this.#options = options;
		this.instance = instance;
		this.key = key;
		this.keyValue = key.value;
		this.charges = charges;
		this.startedAt = clock.now();
		this.#passage = instance.stats.health(operation).begin(this.#witness(this.startedAt), this.startedAt);
		instance.stats.addInFlight(operation);
		this.#limited = isLimited(instance, operation);
		if (this.#limited) instance.stats.guestPlaces.add(guest, operation);
	}

	/** Records the first output. Returns the time from the start to it, in milliseconds. Called at most once. */
	recordFirstOutput(): number {
		const { instance, statsKey, clock } = this.#options;
		const now = clock.now();
		const latencyMs = now - this.startedAt;
		this.#firstOutputMs = latencyMs;
		recordFirstOutput({ instance, statsKey, latencyMs, now, witness: this.#witness(now) });
		return latencyMs;
	}

	/** Ends the trial of a stream or session that has started: the trial has succeeded, however long the stream lasts. */
	confirm(): void {
		const passage = this.#passage;
		if (!this.#held || !(passage.trial || passage.ownTrial)) return;
		const { instance, operation, guest, clock, onRecovery } = this.#options;
		const now = clock.now();
		const health = instance.stats.health(operation);
		const recovered = health.succeed(passage, guest, now);
		passage.trial = false;
		passage.ownTrial = false;
		if (!recovered) return;
		health.startSlowly(now);
		onRecovery?.();
	}

	/** Releases a lease for which no request was sent. */
	cancel(): void {
		this.release({ type: "abandoned" });
	}

	/**
	 * Releases the lease: settles the charges, counts the outcome and notifies `onRelease`. The order matters: `onRelease` may offer the
	 * instance to a pending request, which must find it with one request less in flight and in its new state of health.
	 *
	 * @param delivery What the upstream has delivered. Absent for nothing.
	 */
	release(outcome: Outcome, delivery?: Delivery): void {
		if (!this.#held) return;
		this.#held = false;
		const { instance, operation, key, statsKey, clock, onRelease } = this.#options;
		const now = clock.now();
		const latencyMs = this.#firstOutputMs ?? now - this.startedAt;
		const hadOutput = this.#firstOutputMs !== undefined;
		this.#settle(outcome, delivery);
		instance.stats.removeInFlight(operation);
		if (this.#limited) instance.stats.guestPlaces.remove(this.#options.guest, operation);
		const { keyValue } = this;
		const passage = this.#passage;
		const witness = this.#witness(now);
		onRelease(recordOutcome(outcome, { instance, operation, key, keyValue, statsKey, passage, witness, hadOutput, latencyMs, now }));
	}

	#witness(now: number): Witness {
		const { guest, guests } = this.#options;
		return guests.witness(guest, now);
	}

	/**
	 * Settles by the usage that the upstream reported last, else by the delivered text. Without both, returns the reservation if the upstream
	 * surely consumed nothing, and keeps the estimates otherwise: a caller who leaves early does not stop every upstream.
	 */
	#settle(outcome: Outcome, delivery: Delivery | undefined): void {
		const { charges } = this;
		if (charges === undefined) return;
		const error = outcome.type === "failed" ? outcome.error : undefined;
		const usage = delivery?.usage(charges.inputTokens) ?? error?.usage;
		const isUnused = error !== undefined && error.attribution !== "caller" && error.processed !== "unknown";
		if (usage === undefined && isUnused && this.#firstOutputMs === undefined) charges.settleUnused();
		else charges.settle(usage);
	}
}
