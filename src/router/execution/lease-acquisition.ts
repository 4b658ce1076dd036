import type { PriceConfig } from "../../../generated/ir/config.ts";
import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import { abortable } from "../../async/abortable.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import { type Decision, noCandidate, type RouteEvent } from "../decision/explanation.ts";
import { modelOffer } from "../eligibility/model-offer.ts";
import { requestedModel } from "../eligibility/requested-model.ts";
import { hasRoom, unavailableUntil } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";
import type { Refusal, Reservation } from "../limits/limit-store.ts";
import { RequestCharges, spentError, type Unit } from "../limits/request-charges.ts";
import { Affinity } from "../load-balancing/affinity.ts";
import { type AvailabilitySummary, LARGE_SET, summarizeAvailability } from "../load-balancing/availability-summary.ts";
import { PickContext } from "../load-balancing/pick-context.ts";
import type { HealthTransition } from "../resilience/health.ts";
import type { Route } from "../route-table.ts";
import type { RouterState } from "../router-state.ts";
import { Lease } from "./lease.ts";
import { QuotaRefusals } from "./quota-refusals.ts";

/** A lease with everything that was reserved for its attempt. */
export interface AcquiredLease {
	readonly lease: Lease;
	readonly charges: RequestCharges;
	/** Absent when nothing is limited. */
	readonly reservation: Reservation | undefined;
	readonly price: PriceConfig | undefined;
}

export interface LeaseAcquisitionOptions {
	readonly request: UntypedRequestEnvelope;
	readonly route: Route;
	readonly decision: Decision;
	readonly state: RouterState;
	/** Longest wait for an instance with room, in milliseconds. */
	readonly queueTimeoutMs: number;
	/** Time at which the request reached the router. */
	readonly startedAt: number;
	/** Time at which the request must have ended. */
	readonly deadlineAt: number;
}

/** Bounds how many keys may refuse one request before the request fails: each refusal costs a decision. */
const MAX_QUOTA_REFUSALS = 64;

const NEVER = new AbortController().signal;

/**
 * Acquires a lease for each attempt of one request: picks an instance, takes the lease, reserves what the attempt will draw, and waits
 * when all instances are busy.
 */
export class LeaseAcquisition {
	/** Instances that failed and are left out of further picks. */
	readonly tried: Instance[] = [];
	readonly #options: LeaseAcquisitionOptions;
	readonly #context: PickContext;
	readonly #session: string | undefined;
	readonly #refusals = new QuotaRefusals();

	constructor(options: LeaseAcquisitionOptions) {
		const { request, route, state } = options;
		const { session_key } = request.routing;
		this.#options = options;
		this.#context = new PickContext(request.operation, session_key ?? request.task_id ?? request.request_id, state.random);
		// Consistent hashing already sends a session to one instance.
		const keeps = session_key !== undefined && route.rules.affinity && route.candidates.subject.policy !== "consistent_hash";
		this.#session = keeps ? Affinity.sessionOf(request.operation, route.guest.id, session_key) : undefined;
	}

	/**
	 * Acquires a lease, waiting for at most the queue timeout.
	 *
	 * @throws SpearError `rate_limited` when a limit of the guest is used up; `no_candidate_backend` when no instance can serve the
	 * request or none became free in time; the signal's reason when `signal` is aborted.
	 */
	async acquire(signal: AbortSignal): Promise<AcquiredLease> {
		const waitUntil = Math.min(this.#now + this.#options.queueTimeoutMs, this.#options.deadlineAt);
		for (;;) {
			const lease = this.#take() ?? (await this.#wait(waitUntil, signal));
			const acquired = await this.#reserve(lease, signal);
			if (acquired !== undefined) return acquired;
		}
	}

	/** Acquires a lease without waiting; returns `undefined` when there is none. Never throws. */
	async tryAcquire(excluded: readonly Instance[] = []): Promise<AcquiredLease | undefined> {
		for (;;) {
			const lease = this.#take(excluded);
			if (lease === undefined) return undefined;
			try {
				const acquired = await this.#reserve(lease, NEVER);
				if (acquired !== undefined) return acquired;
			} catch {
				// A limit of the guest is used up: no reason to fail the attempts in flight.
				return undefined;
			}
		}
	}

	/** Returns true if an instance that was not tried could take the request now. */
	hasOther(excluded: readonly Instance[] = []): boolean {
		const { candidates } = this.#options.route;
		const now = this.#now;
		if (candidates.members.size >= LARGE_SET && candidates.availability(now).noneAvailable) return false;
		this.#context.begin(now, this.#excluded(excluded, now));
		for (const instance of candidates.inOrder()) if (this.#context.usable(instance)) return true;
		return false;
	}

	/** Records the instance whose answer the guest receives, for the affinity of its session. */
	served(instance: Instance): void {
		if (this.#session !== undefined) this.#options.state.affinity.served(this.#session, instance, this.#now);
	}

	/** Returns the instance that the request would go to now. Takes nothing. */
	peek(): Instance | undefined {
		const instance = this.#pick();
		this.#record();
		return instance;
	}

	get #now(): number {
		return this.#options.state.clock.now();
	}

	#take(excluded: readonly Instance[] = []): Lease | undefined {
		const { request, route, state, decision } = this.#options;
		const instance = this.#pick(excluded);
		const key = instance?.keys.pick(this.#now, this.#refusals.keys);
		if (instance === undefined || key === undefined) return undefined;
		decision.choose(instance.name);
		this.#record();
		return new Lease({
			instance,
			operation: request.operation,
			key,
			statsKey: route.candidates.subject.statsKey,
			clock: state.clock,
			onRecovery: () => this.#recovered(instance),
			onRelease: (transition) => this.#released(instance, transition),
		});
	}

	/** Picks by the request's own preference, then by the affinity of its session, then by the policy. */
	#pick(excluded: readonly Instance[] = []): Instance | undefined {
		const { request, route } = this.#options;
		const { candidates } = route;
		const context = this.#context;
		const now = this.#now;
		context.begin(now, this.#excluded(excluded, now));
		const wanted = this.#preferred(request.routing.preferred) ?? this.#sticky(now);
		if (wanted === undefined) return candidates.pick(context);
		context.consider(wanted);
		return wanted;
	}

	#preferred(names: readonly string[]): Instance | undefined {
		for (const name of names) {
			const instance = this.#options.route.candidates.member(name);
			if (instance !== undefined && this.#context.usable(instance)) return instance;
		}
		return undefined;
	}

	/** The instance that served the session last, unless it is overloaded or the operator prefers others. */
	#sticky(now: number): Instance | undefined {
		const { request, route, state } = this.#options;
		if (this.#session === undefined) return undefined;
		const name = state.affinity.find(this.#session, now);
		const instance = name === undefined ? undefined : route.candidates.member(name);
		if (instance === undefined || !route.candidates.isFirstChoice(instance)) return undefined;
		const bound = STICKY_BASE + (STICKY_FACTOR * state.inFlight(request.operation)) / route.candidates.members.size;
		return instance.stats.inFlight < bound && this.#context.usable(instance) ? instance : undefined;
	}

	#record(): void {
		const { decision, route } = this.#options;
		const now = this.#now;
		for (const { instance, score, inFlight } of this.#context.considered) {
			const { ewma } = instance.stats.latency(route.candidates.subject.statsKey);
			decision.considered.push({
				backend: instance.name,
				...(score === undefined ? {} : { score }),
				in_flight: inFlight,
				...(ewma.known ? { latency_ms: Math.round(ewma.at(now)) } : {}),
			});
		}
	}

	/**
	 * Reserves what the attempt will draw. Cancels the lease and returns `undefined` when a limit of its key refuses.
	 *
	 * @throws SpearError `rate_limited` when a limit of the guest refuses.
	 */
	async #reserve(lease: Lease, signal: AbortSignal): Promise<AcquiredLease | undefined> {
		const { request, route, state } = this.#options;
		const { instance, key } = lease;
		const { operation, size } = request;
		const { price } = modelOffer(instance, operation, requestedModel(request));
		const { guest, guestSettings } = route;
		const charges = new RequestCharges({ instance, operation, key, guest, guestSettings, size, price, wallMs: state.wallClock() });
		if (charges.charges.length === 0) return { lease, charges, reservation: undefined, price };
		let answer: Reservation | Refusal;
		try {
			const discardLate = (late: Reservation | Refusal): void => {
				if (late.granted) late.settle(charges.charges.map(() => 0));
			};
			answer = await abortable(Promise.resolve(state.store.reserve(charges.charges)), signal, discardLate);
		} catch (thrown) {
			lease.cancel();
			throw thrown;
		}
		if (answer.granted) return { lease, charges, reservation: answer, price };
		lease.cancel();
		const about = charges.about(answer.bucket);
		if (about?.whose !== "key") throw spentError(about?.unit ?? "requests", answer.retryAfterMs);
		this.#refused(lease, about.unit, answer.retryAfterMs);
		return undefined;
	}

	/** Leaves a key out whose limit refused this request. */
	#refused({ instance, key }: Lease, unit: Unit, retryAfterMs: number | undefined): void {
		const detail = `its ${unit} a minute are used up`;
		this.#event("limited", instance, detail);
		const until = this.#now + (retryAfterMs ?? this.#options.deadlineAt);
		// A request too large for the remaining tokens leaves them to smaller requests. Without requests left, the key can serve none.
		if (unit === "requests") key.coolDownUntil(until);
		this.#refusals.add(instance, key, until);
		this.#options.decision.refuse({ backend: instance.name, reason: "rate_limited", detail });
		if (this.#refusals.size >= MAX_QUOTA_REFUSALS) throw this.#noCandidate(this.#refusals.earliest, this.#now);
	}

	async #wait(until: number, signal: AbortSignal): Promise<Lease> {
		const { state } = this.#options;
		const since = this.#now;
		const { busy, nextChance } = this.#availability();
		if (!busy && nextChance > until) throw this.#noCandidate(nextChance, since);
		if (state.pending.full) {
			this.#event("limited", undefined, `${state.pending.size} requests wait already`);
			throw this.#noCandidate(nextChance, since);
		}
		const lease = await state.pending.wait({
			take: () => this.#take(),
			nextChance: () => this.#availability().nextChance,
			wants: (instance) => this.#wants(instance),
			until,
			signal,
		});
		const now = this.#now;
		this.#event("queued", undefined, `${Math.round(now - since)} ms`, since);
		if (lease === undefined) throw this.#noCandidate(this.#availability().nextChance, now);
		return lease;
	}

	/** Returns true if the request could use room at this instance now. */
	#wants(instance: Instance): boolean {
		const { route, request } = this.#options;
		const now = this.#now;
		if (!route.candidates.members.has(instance) || this.tried.includes(instance) || this.#refusals.isExceeded(instance, now)) return false;
		return unavailableUntil(instance, now) === 0 && hasRoom(instance, request.operation);
	}

	#excluded(more: readonly Instance[], now: number): ReadonlySet<Instance> {
		return new Set([...this.tried, ...more, ...this.#refusals.exceeded(now)]);
	}

	/** Availability of this request's candidates. */
	#availability(): AvailabilitySummary {
		const { route, request } = this.#options;
		const { candidates } = route;
		const now = this.#now;
		if (candidates.members.size >= LARGE_SET && this.#refusals.size === 0) return candidates.availability(now);
		return summarizeAvailability(
			candidates.members,
			request.operation,
			now,
			(member) => this.tried.includes(member),
			(member) => this.#refusals.exceededUntil(member, now),
		);
	}

	#noCandidate(nextChance: number, now: number): SpearError {
		return noCandidate(this.#options.decision.snapshot(), Number.isFinite(nextChance) ? Math.ceil(nextChance - now) : undefined);
	}

	#released(instance: Instance, transition: HealthTransition): void {
		const { state, route } = this.#options;
		if (transition !== undefined) this.#event(transition, instance);
		for (const ejected of route.candidates.ejection.sweep(this.#now)) this.#event("ejected", ejected);
		if (transition === "recovered") this.#wakeAll();
		else state.pending.notify(instance);
	}

	#recovered(instance: Instance): void {
		this.#event("recovered", instance);
		this.#wakeAll();
	}

	/** A recovered instance may have room for every pending request. */
	#wakeAll(): void {
		const { recoveryEpoch, pending } = this.#options.state;
		recoveryEpoch.value += 1;
		while (pending.notify());
	}

	#event(type: RouteEvent["type"], instance: Instance | undefined, detail?: string, at = this.#now): void {
		const { decision, startedAt } = this.#options;
		decision.events.push({
			at_ms: Math.round(at - startedAt),
			type,
			...(instance === undefined ? {} : { backend: instance.name }),
			...(detail === undefined ? {} : { detail }),
		});
	}
}

/**
 * Load up to which a session stays at its instance: 4 requests in flight, plus twice the average over the candidates. The constant
 * keeps sessions sticky on a quiet host; the factor lets an instance hold more than its share before others help out, because moving a
 * session costs its prompt cache.
 */
const STICKY_BASE = 4;
const STICKY_FACTOR = 2;
