import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { ObservedDecision } from "../../router/decision/decision-observers.ts";
import { shownGuest } from "../telemetry/shown-guest.ts";

/** Sums over requests that have ended. */
export interface RequestTotals {
	readonly requests: number;
	/** Requests that failed, without those that were cancelled. */
	readonly errors: number;
	/** Requests that their callers cancelled. */
	readonly cancelled: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** Sum of the known costs, in the currency of the prices. */
	readonly cost: number;
}

/** The requests of one guest that have ended. */
export interface GuestTotals extends RequestTotals {
	readonly guest: GuestIdentity;
	/** End of the latest request, in milliseconds since 1970. */
	readonly lastRequestAtMs: number;
}

type Mutable<T> = { -readonly [M in keyof T]: T[M] };

/** Guests that are counted separately. A further one takes the place of the guest whose last request is the oldest. */
const MAX_GUESTS = 1_000;

export const NO_REQUESTS: RequestTotals = { requests: 0, errors: 0, cancelled: 0, inputTokens: 0, outputTokens: 0, cost: 0 };

/** Sums of observed decisions: of all, and by guest. Guests without a name count as one. */
export class RequestMeter {
	readonly total: Mutable<RequestTotals> = { ...NO_REQUESTS };
	/** By the shown name. The guest whose last request is the oldest comes first. */
	readonly #guests = new Map<string, Mutable<GuestTotals>>();

	record(observed: ObservedDecision): void {
		const { guest, endedAtMs } = observed;
		add(this.total, observed);
		const name = shownGuest(guest);
		const totals = this.#guests.get(name) ?? { ...NO_REQUESTS, guest, lastRequestAtMs: endedAtMs };
		totals.lastRequestAtMs = endedAtMs;
		add(totals, observed);
		this.#guests.delete(name);
		this.#guests.set(name, totals);
		const [idle] = this.#guests.keys();
		if (this.#guests.size > MAX_GUESTS && idle !== undefined) this.#guests.delete(idle);
	}

	/** The guests whose requests were seen lately, by their shown names. */
	get guests(): ReadonlyMap<string, GuestTotals> {
		return this.#guests;
	}
}

function add(totals: Mutable<RequestTotals>, { decision: { error, usage, cost } }: ObservedDecision): void {
	totals.requests += 1;
	if (error?.code === "cancelled") totals.cancelled += 1;
	else if (error !== undefined) totals.errors += 1;
	totals.inputTokens += usage?.input_tokens ?? 0;
	totals.outputTokens += usage?.output_tokens ?? 0;
	totals.cost += cost ?? 0;
}
