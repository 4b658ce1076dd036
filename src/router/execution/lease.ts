import type { Operation } from "../../../generated/ir/operations.ts";
import { isLimited } from "../eligibility/availability.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import type { Delivery } from "../limits/delivery.ts";
import type { RequestCharges } from "../limits/request-charges.ts";
import type { Witness } from "../resilience/guests/witness.ts";
import { type EndedRequest, type HealthTransition, type Outcome, recordFirstOutput, recordOutcome } from "../resilience/health.ts";
import type { Passage } from "../resilience/operation-health.ts";
import type { Suspicion } from "../resilience/peers/suspicion.ts";
import type { RouterState } from "../router-state.ts";

/** The owner of leases. One object for all leases of a request, so that none has functions of its own. */
export interface LeaseOwner {
	/** Called if a lease closes the breaker of its instance before it is released. */
	onRecovery(lease: Lease): void;
	/** Called once, when a lease is released. */
	onRelease(lease: Lease, transition: HealthTransition): void;
}

/** The properties that leases of similar requests have in common. */
export type LeaseSubject = Pick<EndedRequest, "operation" | "statsKey">;

/** The parts of the router that a lease uses. */
export type LeaseState = Pick<RouterState, "clock" | "guests">;

/**
 * The right to use an instance for one call, stream or session, with everything that is reserved for it. Released once, with the outcome;
 * further releases have no effect.
 */
export class Lease implements EndedRequest {
	readonly instance: Instance;
	readonly key: Key;
	/** Value of the key when the lease was taken. The outcome counts for this value only. */
	readonly keyValue: string | undefined;
	/** `undefined` if nothing is reserved. */
	readonly charges: RequestCharges | undefined;
	/** In milliseconds of the router's clock. */
	readonly startedAt: number;
	readonly passage: Passage;
	/** Suspicion of the key under which the lease began. `undefined` for none. */
	readonly keySuspicion: Suspicion | undefined;
	/** Time of the last change: the start, the first output, or the end. */
	now: number;
	readonly #subject: LeaseSubject;
	readonly #guest: string;
	readonly #state: LeaseState;
	readonly #owner: LeaseOwner;
	#firstOutputMs: number | undefined;
	#held = true;
	/** True if the lease counts among the places of its guest. */
	readonly #limited: boolean;

	/**
	 * @param guest Id of the guest.
	 * @param charges Charges of the attempt. The lease settles them. The default is none.
	 */
	constructor(
		instance: Instance,
		key: Key,
		subject: LeaseSubject,
		guest: string,
		state: LeaseState,
		owner: LeaseOwner,
		charges?: RequestCharges,
	) {
		const { operation } = subject;
		const now = state.clock.now();
		this.instance = instance;
		this.key = key;
		this.keyValue = key.value;
		this.charges = charges;
		this.startedAt = now;
		this.now = now;
		this.#subject = subject;
		this.#guest = guest;
		this.#state = state;
		this.#owner = owner;
		this.keySuspicion = key.begin(now);
		this.passage = instance.stats.health(operation).begin(this.witness, now);
		instance.stats.addInFlight(operation);
		this.#limited = isLimited(instance, operation);
		if (this.#limited) instance.stats.guestPlaces.add(guest, operation);
	}

	get operation(): Operation {
		return this.#subject.operation;
	}

	get statsKey(): StatsKey {
		return this.#subject.statsKey;
	}

	get witness(): Witness {
		return this.#state.guests.witness(this.#guest, this.now);
	}

	get hadOutput(): boolean {
		return this.#firstOutputMs !== undefined;
	}

	get latencyMs(): number {
		return this.#firstOutputMs ?? this.now - this.startedAt;
	}

	/** Records the first output. Returns the time from the start to it, in milliseconds. Called at most once. */
	recordFirstOutput(): number {
		this.now = this.#state.clock.now();
		this.#firstOutputMs = this.now - this.startedAt;
		recordFirstOutput(this);
		return this.#firstOutputMs;
	}

	/** Ends the trial of a stream or session that has started: the trial has succeeded, however long the stream lasts. */
	confirm(): void {
		const { passage, instance, operation } = this;
		if (!this.#held || !(passage.trial || passage.ownTrial || passage.suspicion !== undefined)) return;
		const now = this.#state.clock.now();
		const health = instance.stats.health(operation);
		const recovered = health.succeed(passage, this.#guest, now);
		passage.trial = false;
		passage.ownTrial = false;
		passage.suspicion = undefined;
		if (!recovered) return;
		health.startSlowly(now);
		this.#owner.onRecovery(this);
	}

	/** Releases a lease for which no request was sent. */
	cancel(): void {
		this.release({ type: "abandoned" });
	}

	/**
	 * Releases the lease: settles the charges, counts the outcome and notifies the owner. The order matters: the owner may offer the
	 * instance to a pending request, which must find it with one request less in flight and in its new state of health.
	 *
	 * @param delivery What the upstream has delivered. Absent for nothing.
	 */
	release(outcome: Outcome, delivery?: Delivery): void {
		if (!this.#held) return;
		this.#held = false;
		const { instance, operation } = this;
		this.now = this.#state.clock.now();
		this.#settle(outcome, delivery);
		instance.stats.removeInFlight(operation);
		if (this.#limited) instance.stats.guestPlaces.remove(this.#guest, operation);
		this.#owner.onRelease(this, recordOutcome(outcome, this));
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
