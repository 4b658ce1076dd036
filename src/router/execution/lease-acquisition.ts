import type { PriceConfig } from "../../../generated/ir/config.ts";
import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import { abortable } from "../../async/abortable.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import { type Decision, noCandidate } from "../decision/explanation.ts";
import { modelOffer } from "../eligibility/model-offer.ts";
import { requestedModel } from "../eligibility/requested-model.ts";
import { hasRoom, unavailableUntil } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { Reservation } from "../limits/limit-store.ts";
import { RequestCharges, spentError } from "../limits/request-charges.ts";
import { Affinity } from "../load-balancing/affinity.ts";
import { type AvailabilitySummary, LARGE_SET, summarizeAvailability } from "../load-balancing/availability-summary.ts";
import { Selection } from "../load-balancing/pick-context.ts";
import type { HealthTransition } from "../resilience/health.ts";
import type { Route } from "../route-table.ts";
import type { RouterState } from "../router-state.ts";
import { Lease } from "./lease.ts";

/** An instance found for an attempt, with all that was taken for it. */
export interface AcquiredLease {
	readonly lease: Lease;
	readonly charges: RequestCharges;
	readonly reservation: Reservation | undefined;
	readonly price: PriceConfig | undefined;
}

export interface LeaseAcquisitionOptions {
	readonly request: UntypedRequestEnvelope;
	readonly route: Route;
	readonly decision: Decision;
	readonly state: RouterState;
	/** How long it may wait for a place, in milliseconds. */
	readonly queueTimeoutMs: number;
	/** When the request reached the router, and when it must be over. */
	readonly startedAt: number;
	readonly deadlineAt: number;
}

/** Finds a place for each attempt of one request: picks, takes the lease, reserves what the attempt will draw, waits when all are busy. */
export class LeaseAcquisition {
	/** Instances that failed and are left aside. */
	readonly tried: Instance[] = [];
	readonly #options: LeaseAcquisitionOptions;
	readonly #context: Selection;
	readonly #session: string | undefined;
	/** Keys whose buckets do not hold enough for this request, and when they may. */
	readonly #quotaExceededUntil = new Map<Key, number>();
	/** The instances that have such keys. */
	readonly #quotaExceededAt = new Set<Instance>();

	constructor(options: LeaseAcquisitionOptions) {
		const { request, route, state } = options;
		const { session_key } = request.routing;
		this.#options = options;
		this.#context = new Selection(request.operation, session_key ?? request.task_id ?? request.request_id, state.random);
		const keeps = session_key !== undefined && route.rules.affinity && route.candidates.subject.policy !== "consistent_hash";
		this.#session = keeps ? Affinity.sessionOf(request.operation, route.caller.id, session_key) : undefined;
	}

	/**
	 * A place for an attempt, now or after a wait.
	 *
	 * @throws SpearError `rate_limited` when the guest has used up what it may, `no_candidate_backend` when no instance can serve the
	 * request or none came free in time; the signal's reason when that is aborted.
	 */
	async acquire(signal: AbortSignal): Promise<AcquiredLease> {
		const waitUntil = Math.min(this.#options.state.clock.now() + this.#options.queueTimeoutMs, this.#options.deadlineAt);
		for (;;) {
			const lease = this.#take() ?? (await this.#wait(waitUntil, signal));
			const place = await this.#reserve(lease, signal);
			if (place !== undefined) return place;
		}
	}

	/** A place that can be had at once; `undefined` when there is none. Never throws. */
	async tryAcquire(without: readonly Instance[] = []): Promise<AcquiredLease | undefined> {
		for (;;) {
			const lease = this.#take(without);
			if (lease === undefined) return undefined;
			try {
				const place = await this.#reserve(lease, NEVER);
				if (place !== undefined) return place;
			} catch {
				return undefined; // The guest has used up what it may: no reason to fail what is under way.
			}
		}
	}

	/** Whether an instance that was not tried could take the request now. */
	hasOther(without: readonly Instance[] = []): boolean {
		const { route, state } = this.#options;
		const now = state.clock.now();
		if (route.candidates.members.size >= LARGE_SET && route.candidates.availability(now).noneAvailable) return false;
		this.#context.begin(now, this.#excluded(without));
		for (const instance of route.candidates.inOrder()) if (this.#context.usable(instance)) return true;
		return false;
	}

	/** The instance whose answer the guest got. */
	served(instance: Instance): void {
		if (this.#session !== undefined) this.#options.state.affinity.served(this.#session, instance, this.#options.state.clock.now());
	}

	/** The instance a request would go to now, without taking anything. */
	peek(): Instance | undefined {
		const instance = this.#pick();
		this.#record();
		return instance;
	}

	#take(without: readonly Instance[] = []): Lease | undefined {
		const { request, route, state, decision } = this.#options;
		const instance = this.#pick(without);
		const key = instance?.keys.pick(state.clock.now(), this.#quotaExceededUntil);
		if (instance === undefined || key === undefined) return undefined;
		decision.choose(instance.name);
		this.#record();
		return new Lease({
			instance,
			operation: request.operation,
			key,
			statsKey: route.candidates.subject.statsKey,
			clock: state.clock,
			onReturn: () => this.#returned(instance),
			onRelease: (consequence) => this.#released(instance, consequence),
		});
	}

	/** By the request's own preference, then where its session was served, then by the policy. */
	#pick(without: readonly Instance[] = []): Instance | undefined {
		const { request, route, state } = this.#options;
		const { candidates } = route;
		const context = this.#context;
		const now = state.clock.now();
		context.begin(now, this.#excluded(without));
		if (request.routing.preferred.length > 0) {
			for (const name of request.routing.preferred) {
				const instance = candidates.member(name);
				if (instance !== undefined && context.usable(instance)) return noted(instance, context);
			}
		}
		if (this.#session !== undefined) {
			const name = state.affinity.find(this.#session, now);
			const instance = name === undefined ? undefined : candidates.member(name);
			const spare = 4 + (2 * state.inFlight(request.operation)) / candidates.members.size;
			if (instance !== undefined && candidates.isFirstChoice(instance) && instance.stats.inFlight < spare && context.usable(instance)) {
				return noted(instance, context);
			}
		}
		return candidates.pick(context);
	}

	#record(): void {
		const { decision, state, route } = this.#options;
		const now = state.clock.now();
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

	async #reserve(lease: Lease, signal: AbortSignal): Promise<AcquiredLease | undefined> {
		const { request, route, state } = this.#options;
		const { instance, key } = lease;
		const { price } = modelOffer(instance, request.operation, requestedModel(request));
		const { operation, size } = request;
		const charges = new RequestCharges({ instance, operation, key, caller: route.caller, size, price, wallMs: state.wallClock() });
		if (charges.charges.length === 0) return { lease, charges, reservation: undefined, price };
		let answer: Awaited<ReturnType<typeof state.store.reserve>>;
		try {
			const late = (given: typeof answer): void => {
				if (given.granted) given.settle(charges.charges.map(() => 0));
			};
			answer = await abortable(Promise.resolve(state.store.reserve(charges.charges)), signal, late);
		} catch (thrown) {
			lease.cancel();
			throw thrown;
		}
		if (answer.granted) return { lease, charges, reservation: answer, price };
		lease.cancel();
		const about = charges.about(answer.bucket);
		const wait = answer.retryAfterMs;
		if (about?.whose !== "key") throw spentError(about?.unit ?? "requests", wait);
		this.#event("limited", instance, `its ${about.unit} a minute are used up`);
		const until = state.clock.now() + (wait ?? this.#options.deadlineAt);
		// A request too large for what is left leaves the rest to others; none left at all is the same for everybody.
		if (about.unit === "requests") key.coolDownUntil(until);
		this.#quotaExceededUntil.set(key, until);
		this.#quotaExceededAt.add(instance);
		this.#options.decision.refuse({ backend: instance.name, reason: "rate_limited", detail: `its ${about.unit} a minute are used up` });
		// Each refusal costs a decision: a request that is too large for so many is too large for now.
		if (this.#quotaExceededUntil.size >= MAX_QUOTA_REFUSALS)
			throw this.#none(Math.min(...this.#quotaExceededUntil.values()), state.clock.now());
		return undefined;
	}

	async #wait(until: number, signal: AbortSignal): Promise<Lease> {
		const { state, decision, startedAt } = this.#options;
		const since = state.clock.now();
		const { busy, nextChance: chance } = this.#availability();
		if (!busy && chance > until) throw this.#none(chance, since);
		if (state.pending.full) {
			this.#event("limited", undefined, `${state.pending.size} requests wait already`);
			throw this.#none(chance, since);
		}
		const lease = await state.pending.wait({
			take: () => this.#take(),
			nextChance: () => this.#availability().nextChance,
			wants: (place) => this.#wants(place),
			until,
			signal,
		});
		const now = state.clock.now();
		decision.events.push({ at_ms: Math.round(since - startedAt), type: "waited", detail: `${Math.round(now - since)} ms for a place` });
		if (lease === undefined) throw this.#none(this.#availability().nextChance, now);
		return lease;
	}

	/** Whether this is an instance that could take the request now. */
	#wants(instance: Instance): boolean {
		const { route, state, request } = this.#options;
		if (!route.candidates.members.has(instance) || this.tried.includes(instance) || this.#isQuotaExceeded(instance)) return false;
		return unavailableUntil(instance, state.clock.now()) === 0 && hasRoom(instance, request.operation);
	}

	/** Those a choice leaves out. */
	#excluded(without: readonly Instance[]): ReadonlySet<Instance> {
		const left = new Set([...this.tried, ...without]);
		for (const instance of this.#quotaExceededAt) if (this.#isQuotaExceeded(instance)) left.add(instance);
		return left;
	}

	/** What those that this request may go to are waiting for. */
	#availability(): AvailabilitySummary {
		const { route, state, request } = this.#options;
		const { members } = route.candidates;
		const now = state.clock.now();
		if (members.size >= LARGE_SET && this.#quotaExceededUntil.size === 0) return route.candidates.availability(now);
		return summarizeAvailability(
			members,
			request.operation,
			now,
			(member) => this.tried.includes(member),
			(member) => this.#exceededUntil(member),
		);
	}

	#isQuotaExceeded(instance: Instance): boolean {
		return this.#quotaExceededUntil.size > 0 && this.#exceededUntil(instance) > this.#options.state.clock.now();
	}

	/** When one of its keys that are not out may do for this request; 0 when one does. */
	#exceededUntil(instance: Instance): number {
		if (!this.#quotaExceededAt.has(instance)) return 0;
		const { keys } = instance;
		const now = this.#options.state.clock.now();
		for (const key of keys.keys) if ((this.#quotaExceededUntil.get(key) ?? 0) <= now) this.#quotaExceededUntil.delete(key);
		const usable = keys.keys.filter((key) => key.unavailableUntil(now) === 0);
		return usable.length === 0 ? 0 : Math.min(...usable.map((key) => this.#quotaExceededUntil.get(key) ?? 0));
	}

	#none(chance: number, now: number): SpearError {
		const { decision } = this.#options;
		return noCandidate(decision.snapshot(), Number.isFinite(chance) ? Math.ceil(chance - now) : undefined);
	}

	#released(instance: Instance, consequence: HealthTransition): void {
		const { state, route } = this.#options;
		if (consequence !== undefined) this.#event(consequence, instance);
		for (const ejected of route.candidates.ejection.sweep(state.clock.now())) this.#event("ejected", ejected);
		if (consequence === "returned") this.#wakeAll();
		else state.pending.notify(instance);
	}

	#returned(instance: Instance): void {
		this.#event("returned", instance);
		this.#wakeAll();
	}

	/** An instance is back: there may be room for everybody who waits. */
	#wakeAll(): void {
		const { recoveryEpoch, pending } = this.#options.state;
		recoveryEpoch.value += 1;
		while (pending.notify());
	}

	#event(type: "limited" | "ejected" | NonNullable<HealthTransition>, instance: Instance | undefined, detail?: string): void {
		const { decision, state, startedAt } = this.#options;
		decision.events.push({
			at_ms: Math.round(state.clock.now() - startedAt),
			type,
			...(instance === undefined ? {} : { backend: instance.name }),
			...(detail === undefined ? {} : { detail }),
		});
	}
}

/** Instances and keys whose rates may refuse one request before it is told so. */
const MAX_QUOTA_REFUSALS = 64;

const NEVER = new AbortController().signal;

function noted(instance: Instance, context: Selection): Instance {
	context.consider(instance);
	return instance;
}
