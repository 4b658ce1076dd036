import { CancelScope } from "../../async/cancel-scope.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import { noCandidateError } from "../decision/no-candidate.ts";
import { hasRoom, isOnlySuspected, ownUnavailableUntil, unavailableUntil } from "../eligibility/availability.ts";
import type { Instance } from "../instances/instance.ts";
import { keyShortage } from "../instances/keys/key-failure.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import { attemptCharges, guestLimitError, type LimitRefusal, RequestCharges } from "../limits/request-charges.ts";
import { Affinity } from "../load-balancing/affinity.ts";
import { type AvailabilitySummary, LARGE_SET, summarizeAvailability } from "../load-balancing/availability-summary.ts";
import { PickContext } from "../load-balancing/pick-context.ts";
import type { Witness } from "../resilience/guests/witness.ts";
import type { HealthTransition } from "../resilience/health.ts";
import { Lease, type LeaseOwner } from "./lease.ts";
import { QuotaRefusals } from "./quota-refusals.ts";
import type { RoutedRequest } from "./routed-request.ts";

/** Bounds how many keys may refuse one request before the request fails: each refusal costs a decision. */
const MAX_QUOTA_REFUSALS = 64;

const NONE: ReadonlySet<Instance> = new Set();

const NO_INSTANCES: readonly Instance[] = [];

/** Scope of hedges, which end with their attempt. */
const NEVER = new CancelScope();

/**
 * Acquires a lease for each attempt of one request: picks an instance, takes the lease, reserves what the attempt will draw, and waits
 * when all instances are busy.
 */
export class LeaseAcquisition implements LeaseOwner {
	/** Instances that failed and are left out of further picks. */
	readonly tried: Instance[] = [];
	readonly #routed: RoutedRequest;
	readonly #context: PickContext;
	/** Identifier of the session for affinity. `undefined` without one. */
	readonly #session: string | undefined;
	readonly #refusals = new QuotaRefusals();
	/** True if the session goes elsewhere only because hints make its instance suspected: it returns afterwards. */
	#returns = false;

	constructor(routed: RoutedRequest) {
		const { request, route, state } = routed;
		const { session_key } = request.routing;
		this.#routed = routed;
		this.#context = new PickContext(request.operation, session_key ?? request.task_id ?? request.request_id, state.random, route.guest.id);
		// Consistent hashing already sends a session to one instance.
		const hasAffinity = session_key !== undefined && route.rules.affinity && route.candidates.subject.policy !== "consistent_hash";
		this.#session = hasAffinity ? Affinity.sessionOf(request.operation, route.guest.id, session_key) : undefined;
	}

	/**
	 * Takes a lease and reserves what it draws. Returns the lease if that needs no wait, as for most. Otherwise `acquire` has to wait for the store of the
	 * limits, or for a lease if there is none.
	 *
	 * @throws SpearError `rate_limited` when a limit of the guest, or of too many keys, is used up.
	 */
	acquireNow(scope: CancelScope): Lease | TakenLease | undefined {
		for (;;) {
			const lease = this.#take();
			if (lease === undefined || isFree(lease)) return lease;
			const reserved = this.#reserve(lease, scope);
			if (reserved === true) return lease;
			if (reserved !== false) return { taken: lease, reserved };
		}
	}

	/**
	 * Acquires a lease, waiting for at most the queue timeout.
	 *
	 * @param first A lease that `acquireNow` has taken. `undefined` for none.
	 * @throws SpearError `rate_limited` when a limit of the guest is used up.
	 * @throws SpearError `rate_limited`, `missing_capabilities` or `no_candidate_backend` when no instance can serve the request in time.
	 * @throws SpearError the reason of `scope` when that is cancelled.
	 */
	async acquire(scope: CancelScope, first: TakenLease | undefined): Promise<Lease> {
		const { settings, deadlineAt } = this.#routed;
		const waitUntil = Math.min(this.#now + settings.queueTimeoutMs, deadlineAt);
		let next: Lease | TakenLease | undefined = first;
		for (;;) {
			if (next instanceof Lease) return next;
			if (next !== undefined) {
				if (await next.reserved) return next.taken;
			} else {
				const lease = await this.#wait(waitUntil, scope);
				if (isFree(lease) || (await this.#reserve(lease, scope))) return lease;
			}
			next = this.acquireNow(scope);
		}
	}

	/** Acquires a lease without waiting; returns `undefined` if there is none. Never throws. */
	async tryAcquire(excluded: readonly Instance[] = []): Promise<Lease | undefined> {
		for (;;) {
			const lease = this.#take(excluded);
			if (lease === undefined) return undefined;
			try {
				if (isFree(lease) || (await this.#reserve(lease, NEVER))) return lease;
			} catch {
				// A limit of the guest is used up: no reason to fail the attempts in flight.
				return undefined;
			}
		}
	}

	/** Returns true if an instance that was not tried could take the request now. */
	hasOther(excluded: readonly Instance[] = []): boolean {
		const { candidates } = this.#routed.route;
		const now = this.#now;
		if (candidates.members.size >= LARGE_SET && candidates.availability(now).noneAvailable) return false;
		this.#context.begin(now, this.#excluded(excluded, now), this.#witness.alone);
		for (const instance of candidates.inOrder()) if (this.#context.usable(instance)) return true;
		return false;
	}

	/** Records the instance whose answer the guest receives, for the affinity of its session. */
	recordServed(instance: Instance): void {
		if (this.#session !== undefined && !this.#returns)
			this.#routed.state.affinity.recordServed(this.#session, instance, this.#now, this.#witness);
	}

	/** Returns the instance that the request would go to now. Takes no lease, but the policy counts a turn. */
	peek(): Instance | undefined {
		const instance = this.#pick();
		this.#routed.decision.addConsidered(this.#context.considered, this.#statsKey, this.#context.guest);
		return instance;
	}

	get #statsKey(): StatsKey {
		return this.#routed.route.candidates.subject.statsKey;
	}

	get #witness(): Witness {
		const { route, state } = this.#routed;
		return state.guests.witness(route.guest.id, this.#now);
	}

	get #now(): number {
		return this.#routed.state.clock.now();
	}

	#take(excluded: readonly Instance[] = NO_INSTANCES): Lease | undefined {
		const { request, route, state, decision } = this.#routed;
		const instance = this.#pick(excluded);
		const key = instance?.keys.pick(this.#context.now, this.#refusals.keys, route.guest.id);
		if (instance === undefined || key === undefined) return undefined;
		decision.choose(instance.name);
		decision.addConsidered(this.#context.considered, this.#statsKey, this.#context.guest);
		const { operation, size } = request;
		const { guest, guestSettings } = route;
		const price = route.candidates.priceOf(instance);
		const charged = { instance, operation, key, guest, guestSettings, size, price, wallMs: state.wallClock() };
		const charges = attemptCharges(charged);
		// Without a limit and a price there is nothing to reserve, to settle or to compute.
		const settled = charges.length === 0 && price === undefined ? undefined : new RequestCharges(charges, charged);
		return new Lease(instance, key, route.candidates.subject, guest.id, state, this, settled);
	}

	/** Picks by the request's own preference, then by the affinity of its session, then by the policy. */
	#pick(excluded: readonly Instance[] = NO_INSTANCES): Instance | undefined {
		const { request, route, state } = this.#routed;
		const context = this.#context;
		const now = this.#now;
		context.begin(now, this.#excluded(excluded, now), state.guests.isAlone(now));
		const wanted = this.#preferred(request.routing.preferred) ?? this.#sticky(now);
		if (wanted === undefined) {
			// A host alone places new sessions by its policy. Hosts together place them alike.
			if (this.#session === undefined || state.peers === undefined) return route.candidates.pick(context);
			return route.candidates.pickForSession(context, this.#session, state.inFlight(request.operation));
		}
		context.consider(wanted);
		return wanted;
	}

	#preferred(names: readonly string[]): Instance | undefined {
		for (const name of names) {
			const instance = this.#routed.route.candidates.member(name);
			if (instance !== undefined && this.#context.usable(instance)) return instance;
		}
		return undefined;
	}

	#sticky(now: number): Instance | undefined {
		const { request, route, state } = this.#routed;
		if (this.#session === undefined) return undefined;
		const instance = state.affinity.find(this.#session, route.candidates, state.inFlight(request.operation), now, route.guest.id);
		if (instance === undefined || this.#context.usable(instance)) return instance;
		this.#returns = isOnlySuspected(instance, request.operation, now);
		return undefined;
	}

	/**
	 * Reserves the charges of a lease. Cancels the lease and returns false if a limit of its key refuses.
	 *
	 * @throws SpearError `rate_limited` when a limit of the guest refuses.
	 */
	#reserve(lease: Lease, scope: CancelScope): boolean | Promise<boolean> {
		const { charges } = lease;
		if (charges === undefined) return true;
		try {
			const refusal = charges.reserve(this.#routed.state.store, scope);
			return refusal instanceof Promise ? this.#reserved(lease, refusal) : this.#accept(lease, refusal);
		} catch (thrown) {
			lease.cancel();
			throw thrown;
		}
	}

	async #reserved(lease: Lease, refusal: Promise<LimitRefusal | undefined>): Promise<boolean> {
		try {
			return this.#accept(lease, await refusal);
		} catch (thrown) {
			lease.cancel();
			throw thrown;
		}
	}

	/** Returns true if the charges of a lease are reserved. Otherwise cancels the lease, and leaves out its key. */
	#accept(lease: Lease, refusal: LimitRefusal | undefined): boolean {
		const { decision } = this.#routed;
		if (refusal === undefined) {
			const detail = lease.charges?.detail;
			if (detail !== undefined) decision.addEvent("limited", { backend: lease.instance.name, detail });
			return true;
		}
		if (refusal.owner !== "key") {
			if (refusal.detail !== undefined) decision.addEvent("limited", { detail: refusal.detail });
			throw guestLimitError(refusal);
		}
		lease.cancel();
		this.#excludeKey(lease, refusal);
		return false;
	}

	/** Leaves a key out whose limit refused this request. */
	#excludeKey({ instance, key }: Lease, { unit, per, retryAfterMs, detail: why }: LimitRefusal): void {
		const { decision } = this.#routed;
		const detail = `its ${unit} per ${per ?? "minute"} are used up${why === undefined ? "" : `; ${why}`}`;
		decision.addEvent("limited", { backend: instance.name, detail });
		const until = retryAfterMs === undefined ? Number.POSITIVE_INFINITY : this.#now + retryAfterMs;
		// A request too large for the remaining tokens leaves them to smaller requests. Without requests left, the key can serve none.
		if (unit === "requests" && retryAfterMs !== undefined) key.coolDownUntil(until);
		this.#refusals.add(instance, key, until);
		decision.refuse({ backend: instance.name, reason: "rate_limited", detail });
		if (this.#refusals.size >= MAX_QUOTA_REFUSALS) throw this.#noCandidate(this.#refusals.earliest, this.#now);
	}

	async #wait(waitUntil: number, scope: CancelScope): Promise<Lease> {
		const { state, decision, route } = this.#routed;
		const since = this.#now;
		const { busy, nextAvailableAt } = this.#availability();
		if (!busy && nextAvailableAt > waitUntil) throw this.#noCandidate(nextAvailableAt, since);
		if (!state.pending.hasRoomFor(route.guest.id)) {
			decision.addEvent("limited", { detail: `the queue is full: ${state.pending.size} requests are pending` });
			throw this.#noCandidate(nextAvailableAt, since);
		}
		const lease = await state.pending.wait({
			tryAcquire: () => this.#take(),
			nextAvailableAt: () => this.#availability().nextAvailableAt,
			canUse: (instance) => this.#canUse(instance),
			waitUntil,
			signal: scope.signal,
			guest: route.guest.id,
		});
		const now = this.#now;
		decision.addEvent("queued", { detail: `${Math.round(now - since)} ms` }, since);
		if (lease === undefined) throw this.#noCandidate(this.#availability().nextAvailableAt, now);
		return lease;
	}

	/** Returns true if the request could use room at this instance now. */
	#canUse(instance: Instance): boolean {
		const { route, request } = this.#routed;
		const now = this.#now;
		if (!route.candidates.members.has(instance) || this.tried.includes(instance) || this.#refusals.isExceeded(instance, now)) return false;
		const { operation } = request;
		if (unavailableUntil(instance, operation, now) > 0 && !isOnlySuspected(instance, operation, now)) return false;
		if (!hasRoom(instance, operation, this.#witness)) return false;
		return ownUnavailableUntil(instance, operation, now, route.guest.id) === 0;
	}

	#excluded(more: readonly Instance[], now: number): ReadonlySet<Instance> {
		if (this.tried.length === 0 && more.length === 0 && this.#refusals.size === 0) return NONE;
		return new Set([...this.tried, ...more, ...this.#refusals.exceeded(now)]);
	}

	/** Availability of this request's candidates. */
	#availability(): AvailabilitySummary {
		const { route, request } = this.#routed;
		const { candidates } = route;
		const now = this.#now;
		if (candidates.members.size >= LARGE_SET && this.#refusals.size === 0) return candidates.availability(now);
		return summarizeAvailability(
			candidates.members,
			request.operation,
			now,
			this.#witness,
			(member) => this.tried.includes(member),
			(member) => this.#refusals.exceededUntil(member, now),
		);
	}

	#noCandidate(nextAvailableAt: number, now: number): SpearError {
		const retryAfterMs = Number.isFinite(nextAvailableAt) ? Math.ceil(nextAvailableAt - now) : undefined;
		const { decision, route } = this.#routed;
		return noCandidateError(decision.snapshot(), retryAfterMs, keyShortage(route.candidates.members, now, route.guest.id));
	}

	/** Ejects outliers before a pending request is offered the instance: it may just have been ejected. */
	onRelease(lease: Lease, transition: HealthTransition): void {
		const { state, route, decision } = this.#routed;
		state.peers?.observe(lease, transition);
		const { instance, now } = lease;
		if (transition !== undefined) decision.addEvent(transition, { backend: instance.name });
		for (const ejected of route.candidates.ejection.sweep(now, state.guests.isAlone(now)))
			decision.addEvent("ejected", { backend: ejected.name });
		if (transition === "recovered") state.notifyRecovery();
		else state.pending.notify(instance);
	}

	onRecovery(lease: Lease): void {
		const { state, decision } = this.#routed;
		state.peers?.observe(lease, "recovered");
		decision.addEvent("recovered", { backend: lease.instance.name });
		state.notifyRecovery();
	}
}

/** A lease whose charges the store has not answered yet. */
export interface TakenLease {
	readonly taken: Lease;
	/** Resolves to true if the charges are reserved, and to false if the lease is cancelled. */
	readonly reserved: Promise<boolean>;
}

/** Returns true for a lease that draws nothing from any limit. */
function isFree({ charges }: Lease): boolean {
	return charges === undefined || charges.isEmpty;
}
