import type { PriceConfig } from "../../../generated/ir/config.ts";
import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import { abortable } from "../../async/abortable.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import { type Decision, noCandidate } from "../decision/explanation.ts";
import { modelOffer } from "../eligibility/model-offer.ts";
import { requestedModel } from "../eligibility/requested-model.ts";
import { hasRoom, outUntil } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { Reservation } from "../limits/limit-store.ts";
import { RequestCharges, spentError } from "../limits/request-charges.ts";
import { Affinity } from "../load-balancing/affinity.ts";
import { MANY, type Outlook, outlookOf } from "../load-balancing/availability-summary.ts";
import { Selection } from "../load-balancing/pick-context.ts";
import type { Consequence } from "../resilience/health.ts";
import type { Route } from "../route-table.ts";
import type { RouterEnv } from "../router-state.ts";
import { Lease } from "./lease.ts";

/** An instance found for an attempt, with all that was taken for it. */
export interface Place {
	readonly lease: Lease;
	readonly charges: RequestCharges;
	readonly reservation: Reservation | undefined;
	readonly price: PriceConfig | undefined;
}

export interface PlacementOptions {
	readonly request: UntypedRequestEnvelope;
	readonly route: Route;
	readonly decision: Decision;
	readonly env: RouterEnv;
	/** How long it may wait for a place, in milliseconds. */
	readonly waitMs: number;
	/** When the request reached the router, and when it must be over. */
	readonly startedAt: number;
	readonly deadlineAt: number;
}

/** Finds a place for each attempt of one request: picks, takes the lease, reserves what the attempt will draw, waits when all are busy. */
export class Placement {
	/** Instances that failed and are left aside. */
	readonly tried: Instance[] = [];
	readonly #options: PlacementOptions;
	readonly #selection: Selection;
	readonly #session: string | undefined;
	/** Keys whose buckets do not hold enough for this request, and when they may. */
	readonly #short = new Map<Key, number>();
	/** The instances that have such keys. */
	readonly #shortAt = new Set<Instance>();

	constructor(options: PlacementOptions) {
		const { request, route, env } = options;
		const { session_key } = request.routing;
		this.#options = options;
		this.#selection = new Selection(request.operation, session_key ?? request.task_id ?? request.request_id, env.random);
		const keeps = session_key !== undefined && route.rules.affinity && route.plan.subject.policy !== "consistent_hash";
		this.#session = keeps ? Affinity.sessionOf(request.operation, route.caller.id, session_key) : undefined;
	}

	/**
	 * A place for an attempt, now or after a wait.
	 *
	 * @throws SpearError `rate_limited` when the guest has used up what it may, `no_candidate_backend` when no instance can serve the
	 * request or none came free in time; the signal's reason when that is aborted.
	 */
	async find(signal: AbortSignal): Promise<Place> {
		const waitUntil = Math.min(this.#options.env.clock.now() + this.#options.waitMs, this.#options.deadlineAt);
		for (;;) {
			const lease = this.#take() ?? (await this.#wait(waitUntil, signal));
			const place = await this.#reserve(lease, signal);
			if (place !== undefined) return place;
		}
	}

	/** A place that can be had at once; `undefined` when there is none. Never throws. */
	async findNow(without: readonly Instance[] = []): Promise<Place | undefined> {
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
		const { route, env } = this.#options;
		const now = env.clock.now();
		if (route.plan.members.size >= MANY && route.plan.outlook(now).allOut) return false;
		this.#selection.begin(now, this.#leftOut(without));
		for (const instance of route.plan.inOrder()) if (this.#selection.usable(instance)) return true;
		return false;
	}

	/** The instance whose answer the guest got. */
	served(instance: Instance): void {
		if (this.#session !== undefined) this.#options.env.affinity.served(this.#session, instance, this.#options.env.clock.now());
	}

	/** The instance a request would go to now, without taking anything. */
	peek(): Instance | undefined {
		const instance = this.#pick();
		this.#record();
		return instance;
	}

	#take(without: readonly Instance[] = []): Lease | undefined {
		const { request, route, env, decision } = this.#options;
		const instance = this.#pick(without);
		const key = instance?.keys.pick(env.clock.now(), this.#short);
		if (instance === undefined || key === undefined) return undefined;
		decision.choose(instance.name);
		this.#record();
		return new Lease({
			instance,
			operation: request.operation,
			key,
			signal: route.plan.subject.signal,
			clock: env.clock,
			onReturn: () => this.#returned(instance),
			onRelease: (consequence) => this.#released(instance, consequence),
		});
	}

	/** By the request's own preference, then where its session was served, then by the policy. */
	#pick(without: readonly Instance[] = []): Instance | undefined {
		const { request, route, env } = this.#options;
		const { plan } = route;
		const selection = this.#selection;
		const now = env.clock.now();
		selection.begin(now, this.#leftOut(without));
		if (request.routing.preferred.length > 0) {
			for (const name of request.routing.preferred) {
				const instance = plan.member(name);
				if (instance !== undefined && selection.usable(instance)) return noted(instance, selection);
			}
		}
		if (this.#session !== undefined) {
			const name = env.affinity.find(this.#session, now);
			const instance = name === undefined ? undefined : plan.member(name);
			const spare = 4 + (2 * env.inFlight(request.operation)) / plan.members.size;
			if (instance !== undefined && plan.isFirstChoice(instance) && instance.signals.inFlight < spare && selection.usable(instance)) {
				return noted(instance, selection);
			}
		}
		return plan.pick(selection);
	}

	#record(): void {
		const { decision, env, route } = this.#options;
		const now = env.clock.now();
		for (const { instance, score, inFlight } of this.#selection.considered) {
			const { ewma } = instance.signals.latency(route.plan.subject.signal);
			decision.considered.push({
				backend: instance.name,
				...(score === undefined ? {} : { score }),
				in_flight: inFlight,
				...(ewma.known ? { latency_ms: Math.round(ewma.at(now)) } : {}),
			});
		}
	}

	async #reserve(lease: Lease, signal: AbortSignal): Promise<Place | undefined> {
		const { request, route, env } = this.#options;
		const { instance, key } = lease;
		const { price } = modelOffer(instance, request.operation, requestedModel(request));
		const { operation, demand } = request;
		const charges = new RequestCharges({ instance, operation, key, caller: route.caller, demand, price, wallMs: env.wallClock() });
		if (charges.charges.length === 0) return { lease, charges, reservation: undefined, price };
		let answer: Awaited<ReturnType<typeof env.store.reserve>>;
		try {
			const late = (given: typeof answer): void => {
				if (given.granted) given.settle(charges.charges.map(() => 0));
			};
			answer = await abortable(Promise.resolve(env.store.reserve(charges.charges)), signal, late);
		} catch (thrown) {
			lease.giveBack();
			throw thrown;
		}
		if (answer.granted) return { lease, charges, reservation: answer, price };
		lease.giveBack();
		const about = charges.about(answer.bucket);
		const wait = answer.retryAfterMs;
		if (about?.whose !== "key") throw spentError(about?.unit ?? "requests", wait);
		this.#event("limited", instance, `its ${about.unit} a minute are used up`);
		const until = env.clock.now() + (wait ?? this.#options.deadlineAt);
		// A request too large for what is left leaves the rest to others; none left at all is the same for everybody.
		if (about.unit === "requests") key.restUntil(until);
		this.#short.set(key, until);
		this.#shortAt.add(instance);
		this.#options.decision.refuse({ backend: instance.name, reason: "rate_limited", detail: `its ${about.unit} a minute are used up` });
		// Each refusal costs a decision: a request that is too large for so many is too large for now.
		if (this.#short.size >= MOST_SHORT) throw this.#none(Math.min(...this.#short.values()), env.clock.now());
		return undefined;
	}

	async #wait(until: number, signal: AbortSignal): Promise<Lease> {
		const { env, decision, startedAt } = this.#options;
		const since = env.clock.now();
		const { busy, nextChance: chance } = this.#outlook();
		if (!busy && chance > until) throw this.#none(chance, since);
		if (env.waiting.full) {
			this.#event("limited", undefined, `${env.waiting.size} requests wait already`);
			throw this.#none(chance, since);
		}
		const lease = await env.waiting.wait({
			take: () => this.#take(),
			nextChance: () => this.#outlook().nextChance,
			wants: (place) => this.#wants(place),
			until,
			signal,
		});
		const now = env.clock.now();
		decision.events.push({ at_ms: Math.round(since - startedAt), type: "waited", detail: `${Math.round(now - since)} ms for a place` });
		if (lease === undefined) throw this.#none(this.#outlook().nextChance, now);
		return lease;
	}

	/** Whether this is an instance that could take the request now. */
	#wants(instance: Instance): boolean {
		const { route, env, request } = this.#options;
		if (!route.plan.members.has(instance) || this.tried.includes(instance) || this.#isShort(instance)) return false;
		return outUntil(instance, env.clock.now()) === 0 && hasRoom(instance, request.operation);
	}

	/** Those a choice leaves out. */
	#leftOut(without: readonly Instance[]): ReadonlySet<Instance> {
		const left = new Set([...this.tried, ...without]);
		for (const instance of this.#shortAt) if (this.#isShort(instance)) left.add(instance);
		return left;
	}

	/** What those that this request may go to are waiting for. */
	#outlook(): Outlook {
		const { route, env, request } = this.#options;
		const { members } = route.plan;
		const now = env.clock.now();
		if (members.size >= MANY && this.#short.size === 0) return route.plan.outlook(now);
		return outlookOf(
			members,
			request.operation,
			now,
			(member) => this.tried.includes(member),
			(member) => this.#shortUntil(member),
		);
	}

	#isShort(instance: Instance): boolean {
		return this.#short.size > 0 && this.#shortUntil(instance) > this.#options.env.clock.now();
	}

	/** When one of its keys that are not out may do for this request; 0 when one does. */
	#shortUntil(instance: Instance): number {
		if (!this.#shortAt.has(instance)) return 0;
		const { keys } = instance;
		const now = this.#options.env.clock.now();
		for (const key of keys.keys) if ((this.#short.get(key) ?? 0) <= now) this.#short.delete(key);
		const usable = keys.keys.filter((key) => key.outUntil(now) === 0);
		return usable.length === 0 ? 0 : Math.min(...usable.map((key) => this.#short.get(key) ?? 0));
	}

	#none(chance: number, now: number): SpearError {
		const { decision } = this.#options;
		return noCandidate(decision.snapshot(), Number.isFinite(chance) ? Math.ceil(chance - now) : undefined);
	}

	#released(instance: Instance, consequence: Consequence): void {
		const { env, route } = this.#options;
		if (consequence !== undefined) this.#event(consequence, instance);
		for (const ejected of route.plan.ejection.sweep(env.clock.now())) this.#event("ejected", ejected);
		if (consequence === "returned") this.#welcome();
		else env.waiting.notify(instance);
	}

	#returned(instance: Instance): void {
		this.#event("returned", instance);
		this.#welcome();
	}

	/** An instance is back: there may be room for everybody who waits. */
	#welcome(): void {
		const { returns, waiting } = this.#options.env;
		returns.count += 1;
		while (waiting.notify());
	}

	#event(type: "limited" | "ejected" | NonNullable<Consequence>, instance: Instance | undefined, detail?: string): void {
		const { decision, env, startedAt } = this.#options;
		decision.events.push({
			at_ms: Math.round(env.clock.now() - startedAt),
			type,
			...(instance === undefined ? {} : { backend: instance.name }),
			...(detail === undefined ? {} : { detail }),
		});
	}
}

/** Instances and keys whose rates may refuse one request before it is told so. */
const MOST_SHORT = 64;

const NEVER = new AbortController().signal;

function noted(instance: Instance, selection: Selection): Instance {
	selection.consider(instance);
	return instance;
}
