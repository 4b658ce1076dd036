import type { PriceConfig } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { Instance, Rate } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { GuestSettings } from "../settings.ts";
import { budgetWindow } from "./budget-window.ts";
import { costOf, estimatedCost } from "./cost.ts";
import type { Charge } from "./limit-store.ts";
import { tokensOf } from "./usage.ts";

/** Tokens an answer is taken to have when the request does not bound it. */
const USUAL_OUTPUT_TOKENS = 256;

/** What a bucket holds. */
export type Unit = "requests" | "tokens" | "money";

/** One charge and what it is about. */
interface Entry {
	readonly charge: Charge;
	readonly unit: Unit;
	readonly whose: "key" | "guest";
}

export interface ChargedAttempt {
	readonly instance: Instance;
	readonly operation: Operation;
	readonly key: Key;
	readonly guest: GuestIdentity;
	/** The limits of the guest; `undefined` for none. */
	readonly guestSettings: GuestSettings | undefined;
	readonly size: RequestSize | undefined;
	readonly price: PriceConfig | undefined;
	/** Milliseconds since 1970. */
	readonly wallMs: number;
}

/** What one attempt draws from the buckets of its key and its guest, and what that comes to afterwards. */
export class RequestCharges {
	readonly #entries: readonly Entry[];
	readonly #attempt: ChargedAttempt;

	constructor(attempt: ChargedAttempt) {
		this.#attempt = attempt;
		this.#entries = [...keyEntries(attempt), ...guestEntries(attempt)];
	}

	get charges(): readonly Charge[] {
		return this.#entries.map(({ charge }) => charge);
	}

	/** Of whose bucket the name is, and what is in it. */
	about(bucket: string): Pick<Entry, "unit" | "whose"> | undefined {
		return this.#entries.find(({ charge }) => charge.bucket === bucket);
	}

	/** What each charge came to by what was reported; `undefined` where nothing is known. */
	actual(usage: types.Usage | undefined): (number | undefined)[] {
		const { size, price } = this.#attempt;
		return this.#entries.map(({ unit }) => {
			if (unit === "requests") return undefined;
			return unit === "tokens" ? tokensOf(usage) : costOf(price, usage, size);
		});
	}

	/** Nothing was consumed but the request itself. */
	nothing(): (number | undefined)[] {
		return this.#entries.map(({ unit }) => (unit === "requests" ? undefined : 0));
	}
}

function keyEntries({ instance, operation, key, size }: ChargedAttempt): Entry[] {
	const { requestsPerMinute, tokensPerMinute } = instance.operations.get(operation)?.rates ?? {};
	const bucket = (unit: Entry["unit"], { ofOperation }: Rate): string =>
		`key:${instance.name}/${key.number}${ofOperation ? `/${operation}` : ""}:${unit}`;
	const entry = (unit: Entry["unit"], rate: Rate | undefined, amount: number): Entry[] =>
		rate === undefined ? [] : [{ charge: perMinute(bucket(unit, rate), amount, rate.amount), unit, whose: "key" }];
	return [...entry("requests", requestsPerMinute, 1), ...entry("tokens", tokensPerMinute, expectedTokens(size))];
}

function guestEntries({ guest, guestSettings, size, price, wallMs }: ChargedAttempt): Entry[] {
	const { tokensPerMinute, budget } = guestSettings ?? {};
	const entries: Entry[] = [];
	if (tokensPerMinute !== undefined) {
		entries.push({
			charge: perMinute(`guest:${guest.id}:tokens`, expectedTokens(size), tokensPerMinute),
			unit: "tokens",
			whose: "guest",
		});
	}
	if (budget !== undefined && price !== undefined) {
		const { id, ms } = budgetWindow(budget.per, wallMs);
		const amount = estimatedCost(price, size, expectedOutput(size));
		const charge = { bucket: `guest:${guest.id}:money:${id}`, amount, capacity: budget.amount, perMs: 0, forgetAfterMs: ms };
		entries.push({ charge, unit: "money", whose: "guest" });
	}
	return entries;
}

/** What a guest's request draws before anything is picked for it. */
export function admissionCharges({ id }: GuestIdentity, settings: GuestSettings | undefined): Charge[] {
	const rate = settings?.requestsPerMinute;
	return rate === undefined ? [] : [perMinute(`guest:${id}:requests`, 1, rate)];
}

/** A guest's bucket does not hold enough. Money does not come back by waiting a little. */
export function spentError(unit: Unit, retryAfterMs: number | undefined): SpearError {
	const what = { requests: "requests a minute", tokens: "tokens a minute", money: "budget" }[unit];
	const retry = retryAfterMs === undefined ? { retryable: unit !== "money" } : { retryAfterMs };
	return new SpearError("rate_limited", `the ${what} of this guest ${unit === "money" ? "is" : "are"} used up`, retry);
}

export function perMinute(bucket: string, amount: number, rate: number): Charge {
	return { bucket, amount, capacity: rate, perMs: rate / 60_000 };
}

function expectedOutput(size: RequestSize | undefined): number {
	return size?.output_tokens ?? (size?.input_tokens === undefined ? 0 : USUAL_OUTPUT_TOKENS);
}

function expectedTokens(size: RequestSize | undefined): number {
	return (size?.input_tokens ?? 0) + expectedOutput(size);
}
