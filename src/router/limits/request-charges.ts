import type { PriceConfig } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { CancelScope } from "../../async/cancel-scope.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { Instance, Rate } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { GuestSettings, MirrorSettings } from "../settings.ts";
import { budgetWindow, budgetWindowEnd } from "./budget-window.ts";
import { costOf, estimatedCost } from "./cost.ts";
import type { Charge, LimitStore, Refusal, Reservation } from "./limit-store.ts";
import { tokensOf } from "./usage.ts";

/** Output tokens that are expected of a request that does not bound them: a few paragraphs. `settle` corrects the estimate. */
const USUAL_OUTPUT_TOKENS = 256;

/** The content of a bucket. */
export type Unit = "requests" | "tokens" | "money";

/** A charge, and the owner of its bucket. */
export interface OwnedCharge {
	readonly charge: Charge;
	readonly unit: Unit;
	readonly owner: "key" | "guest" | "mirror";
	/** `second` for a limit of requests per second. Absent for one per minute, and for a budget. */
	readonly per?: "second";
	/** Period of a guest's budget. Absent for other limits. */
	readonly period?: BudgetPeriod;
}

/** The period of a budget that a request falls in. */
export interface BudgetPeriod {
	readonly per: "hour" | "day" | "month";
	/** End of the period, in milliseconds since 1970. */
	readonly endMs: number;
	/** Time until then, in milliseconds. */
	readonly leftMs: number;
}

/** A limit that refused a request. */
export interface LimitRefusal extends Pick<OwnedCharge, "unit" | "owner" | "per"> {
	/** Time until the limit may allow the request, in milliseconds. `undefined` if it never will. */
	readonly retryAfterMs: number | undefined;
	/** Further reason of the store, beside the level of the bucket. Absent for none. */
	readonly detail?: string;
	/** The budget that refused. Absent for other limits. */
	readonly budget?: {
		readonly period: BudgetPeriod;
		readonly amount: number;
		/** Amount that is spent, or reserved for requests in flight. Absent if the store does not tell. */
		readonly spent?: number;
		/** Amount that the request may need. */
		readonly needed: number;
	};
}

/** The amounts that costs depend on. */
export interface PricedRequest {
	/** `undefined` for an unknown price. */
	readonly price: PriceConfig | undefined;
	/** `undefined` for an unknown size. */
	readonly size: RequestSize | undefined;
}

const UNKNOWN_LIMIT: Pick<OwnedCharge, "unit" | "owner" | "per"> = { unit: "requests", owner: "guest" };

/** The charges of one attempt: reserved before it, settled after it. */
export class RequestCharges {
	readonly #charges: readonly OwnedCharge[];
	readonly #priced: PricedRequest;
	#reservation: Reservation | undefined;

	constructor(charges: readonly OwnedCharge[], priced: PricedRequest) {
		this.#charges = charges;
		this.#priced = priced;
	}

	/** Expected input tokens of the attempt. */
	get inputTokens(): number {
		return this.#priced.size?.input_tokens ?? 0;
	}

	/** True if the attempt draws nothing, so that there is nothing to reserve. */
	get isEmpty(): boolean {
		return this.#charges.length === 0;
	}

	/** Reason of the grant, if the store does not know the levels of the buckets. `undefined` otherwise. */
	get detail(): string | undefined {
		return this.#reservation?.detail;
	}

	/**
	 * Reserves all charges. Returns the limit that refused the request; `undefined` if all charges are reserved. Returns a promise only if the store
	 * does.
	 *
	 * @throws The reason of `scope` when that is cancelled. A reservation that is granted later is returned to the store.
	 */
	reserve(store: LimitStore, scope: CancelScope): LimitRefusal | undefined | Promise<LimitRefusal | undefined> {
		const result = store.reserve(this.#charges.map(({ charge }) => charge));
		if ("granted" in result) return this.#reserved(store, result);
		const discardLate = (late: Reservation | Refusal): void => {
			if (late.granted) late.settle(this.#charges.map(() => 0));
		};
		return scope.race(result, discardLate).then((late) => this.#reserved(store, late));
	}

	#reserved(store: LimitStore, result: Reservation | Refusal): LimitRefusal | undefined {
		if (result.granted) {
			this.#reservation = result;
			return undefined;
		}
		// A store may name a bucket of its own, e.g. a quota that several buckets share.
		const refused = this.#charges.find(({ charge }) => charge.bucket === result.bucket);
		const { unit, owner, per } = refused ?? UNKNOWN_LIMIT;
		const budget = refused === undefined ? undefined : budgetOf(refused, store);
		return {
			unit,
			owner,
			retryAfterMs: result.retryAfterMs,
			...(per === undefined ? {} : { per }),
			...(result.detail === undefined ? {} : { detail: result.detail }),
			...(budget === undefined ? {} : { budget }),
		};
	}

	/** Replaces the estimates by the reported usage. An amount that was not reported stays as estimated. */
	settle(usage: types.Usage | undefined): void {
		this.#reservation?.settle(
			this.#charges.map(({ unit }) => {
				if (unit === "requests") return undefined;
				return unit === "tokens" ? tokensOf(usage) : this.costOf(usage);
			}),
		);
	}

	/** Returns all but the request itself: no tokens and no money were consumed. */
	settleUnused(): void {
		this.#reservation?.settle(this.#charges.map(({ unit }) => (unit === "requests" ? undefined : 0)));
	}

	/** Returns the cost of the attempt, in the currency of the prices; `undefined` for an unknown cost. */
	costOf(usage: types.Usage | undefined): number | undefined {
		return costOf(this.#priced.price, usage, this.#priced.size);
	}
}

export interface ChargedAttempt extends PricedRequest {
	readonly instance: Instance;
	readonly operation: Operation;
	readonly key: Key;
	readonly guest: GuestIdentity;
	/** `undefined` for a guest without settings. */
	readonly guestSettings: GuestSettings | undefined;
	/** Milliseconds since 1970. */
	readonly wallMs: number;
}

/** Returns the charges of an attempt against the rates of its key, and the rate and budget of its guest. */
export function attemptCharges(attempt: ChargedAttempt): readonly OwnedCharge[] {
	const [ofKey, ofGuest] = [keyCharges(attempt), guestCharges(attempt)];
	return ofKey.length + ofGuest.length === 0 ? NO_CHARGES : [...ofKey, ...ofGuest];
}

const NO_CHARGES: readonly OwnedCharge[] = [];

/**
 * Returns the name of the bucket of a key.
 *
 * @param operation `undefined` for all operations together.
 * @param per `second` for a limit per second. Absent for one per minute.
 */
export function keyBucket(instance: string, key: number, operation: Operation | undefined, unit: Unit, per?: "second"): string {
	return `key:${instance}/${key}${operation === undefined ? "" : `/${operation}`}:${unit}${per === undefined ? "" : `:${per}`}`;
}

/**
 * Returns the name of the bucket of a guest.
 *
 * @param window Id of the period of a budget; `second` for a limit per second. Absent for a rate per minute.
 */
export function guestBucket(guest: string, unit: Unit, window?: string): string {
	return `guest:${guest}:${unit}${window === undefined ? "" : `:${window}`}`;
}

function keyCharges({ instance, operation, key, size }: ChargedAttempt): readonly OwnedCharge[] {
	const rates = instance.operations.get(operation)?.rates;
	if (rates === undefined) return NO_CHARGES;
	const { requestsPerSecond, requestsPerMinute, tokensPerMinute } = rates;
	if (requestsPerSecond === undefined && requestsPerMinute === undefined && tokensPerMinute === undefined) return NO_CHARGES;
	const ofOperation = (rate: Rate): Operation | undefined => (rate.ofOperation ? operation : undefined);
	const charge = (unit: Unit, rate: Rate | undefined, amount: number): OwnedCharge[] => {
		if (rate === undefined) return [];
		const bucket = keyBucket(instance.name, key.number, ofOperation(rate), unit);
		return [{ charge: perMinute(bucket, amount, rate.amount, unit), unit, owner: "key" }];
	};
	const ofSecond: OwnedCharge[] = [];
	if (requestsPerSecond !== undefined) {
		const bucket = keyBucket(instance.name, key.number, ofOperation(requestsPerSecond), "requests", "second");
		ofSecond.push({ charge: perSecond(bucket, requestsPerSecond.amount), unit: "requests", owner: "key", per: "second" });
	}
	return [...ofSecond, ...charge("requests", requestsPerMinute, 1), ...charge("tokens", tokensPerMinute, expectedTokens(size))];
}

function guestCharges({ guest, guestSettings, size, price, wallMs }: ChargedAttempt): readonly OwnedCharge[] {
	if (guestSettings === undefined) return NO_CHARGES;
	const { tokensPerMinute, budget } = guestSettings;
	const charges: OwnedCharge[] = [];
	if (tokensPerMinute !== undefined) {
		const charge = perMinute(guestBucket(guest.id, "tokens"), expectedTokens(size), tokensPerMinute, "tokens");
		charges.push({ charge, unit: "tokens", owner: "guest" });
	}
	if (budget !== undefined && price !== undefined) {
		const { id, ms } = budgetWindow(budget.per, wallMs);
		const amount = estimatedCost(price, size, expectedOutputTokens(size));
		const bucket = guestBucket(guest.id, "money", id);
		const charge: Charge = { bucket, amount, capacity: budget.amount, perMs: 0, forgetAfterMs: ms, unit: "money" };
		const endMs = budgetWindowEnd(budget.per, wallMs);
		charges.push({ charge, unit: "money", owner: "guest", period: { per: budget.per, endMs, leftMs: endMs - wallMs } });
	}
	return charges;
}

/** Returns the charges of a mirrored request: they are the host's, and draw neither from keys nor from guests. */
export function mirrorCharges(operation: Operation, mirror: MirrorSettings, { price, size }: PricedRequest, wallMs: number): OwnedCharge[] {
	const rate = perMinute(`mirror:${operation}:requests`, 1, mirror.requestsPerMinute);
	const charges: OwnedCharge[] = [{ charge: rate, unit: "requests", owner: "mirror" }];
	if (mirror.budgetPerDay !== undefined && price !== undefined) {
		const { id, ms } = budgetWindow("day", wallMs);
		const amount = estimatedCost(price, size, size?.output_tokens ?? 0);
		const bucket = `mirror:${operation}:money:${id}`;
		const charge: Charge = { bucket, amount, capacity: mirror.budgetPerDay, perMs: 0, forgetAfterMs: ms, unit: "money" };
		charges.push({ charge, unit: "money", owner: "mirror" });
	}
	return charges;
}

/** Returns the charges of a guest's request before any attempt of it. */
export function admissionCharges({ id }: GuestIdentity, settings: GuestSettings | undefined): readonly Charge[] {
	if (settings === undefined) return NOTHING;
	const { requestsPerSecond, requestsPerMinute } = settings;
	if (requestsPerSecond === undefined && requestsPerMinute === undefined) return NOTHING;
	const charges: Charge[] = [];
	if (requestsPerSecond !== undefined) charges.push(perSecond(guestBucket(id, "requests", "second"), requestsPerSecond));
	if (requestsPerMinute !== undefined) charges.push(perMinute(guestBucket(id, "requests"), 1, requestsPerMinute));
	return charges;
}

const NOTHING: readonly Charge[] = [];

/** Returns `second` for the bucket of a guest's requests per second; `undefined` for any other bucket. */
export function periodOfBucket({ id }: GuestIdentity, bucket: string): "second" | undefined {
	return bucket === guestBucket(id, "requests", "second") ? "second" : undefined;
}

/** Returns the state of the budget that a charge is drawn from. `undefined` for any other limit. */
function budgetOf({ charge, period }: OwnedCharge, store: LimitStore): LimitRefusal["budget"] {
	if (period === undefined) return undefined;
	const { capacity: amount, bucket } = charge;
	const level = store.level?.(bucket);
	return { period, amount, needed: charge.amount, ...(level === undefined ? {} : { spent: Math.max(amount - level, 0) }) };
}

/** Returns the error of a guest whose limit is used up. A budget starts again at the end of its period. */
export function guestLimitError({ unit, per, retryAfterMs, detail, budget }: Omit<LimitRefusal, "owner">): SpearError {
	if (budget !== undefined) return budgetError(budget, retryAfterMs);
	const limit = { requests: `requests per ${per ?? "minute"}`, tokens: "tokens per minute", money: "budget" }[unit];
	const retry = retryAfterMs === undefined ? { retryable: unit !== "money" } : { retryAfterMs };
	const why = detail === undefined ? "" : `; ${detail}`;
	return new SpearError("rate_limited", `the ${limit} of this guest ${unit === "money" ? "is" : "are"} used up${why}`, {
		...retry,
		reason: unit === "money" ? "budget_exceeded" : "guest_rate_limit",
	});
}

function budgetError({ period, amount, spent, needed }: NonNullable<LimitRefusal["budget"]>, retryAfterMs: number | undefined): SpearError {
	const { per, endMs, leftMs } = period;
	const used = spent === undefined ? "" : `spent ${shown(spent)} of ${shown(amount)}, `;
	const end = new Date(endMs).toISOString().replace(".000Z", "Z");
	return new SpearError(
		"rate_limited",
		`the budget of this guest for one ${per} does not suffice: ${used}this request may need up to ${shown(needed)}, and the budget resets at ${end}`,
		{ reason: "budget_exceeded", retryAfterMs: retryAfterMs ?? Math.max(Math.ceil(leftMs), 1) },
	);
}

/** Returns an amount of money with at most six digits. */
function shown(amount: number): string {
	return String(Number(amount.toPrecision(6)));
}

function perMinute(bucket: string, amount: number, rate: number, unit: Unit = "requests"): Charge {
	return { bucket, amount, capacity: rate, perMs: rate / 60_000, unit };
}

/** Part of a limit per second that its bucket holds: so much more than the limit may start within one second. */
const BURST = 0.1;

/** Returns the requests that the bucket of a limit per second holds: a tenth of the limit, at least one. */
export function secondBurst(rate: number): number {
	return Math.max(1, rate * BURST);
}

function perSecond(bucket: string, rate: number): Charge {
	return { bucket, amount: 1, capacity: secondBurst(rate), perMs: rate / 1_000, unit: "requests" };
}

function expectedOutputTokens(size: RequestSize | undefined): number {
	return size?.output_tokens ?? (size?.input_tokens === undefined ? 0 : USUAL_OUTPUT_TOKENS);
}

function expectedTokens(size: RequestSize | undefined): number {
	return (size?.input_tokens ?? 0) + expectedOutputTokens(size);
}
