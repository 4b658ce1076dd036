import type { CancelScope } from "../../async/cancel-scope.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { placesOfGuest } from "../limits/guest-places.ts";
import type { Charge, LimitStore } from "../limits/limit-store.ts";
import { admissionCharges, guestLimitError } from "../limits/request-charges.ts";
import type { RoutedRequest } from "./routed-request.ts";

/** The admission of one request, and what it holds until the request ends: its route table, and its place among its guest's requests. */
export class Admission {
	readonly #routed: RoutedRequest;
	/** Ends the request among those of its guest. */
	#releaseGuest: (() => void) | undefined;
	/** True if the request has a place under the limit of its operation. */
	#hasPlace = false;

	constructor(routed: RoutedRequest) {
		this.#routed = routed;
		routed.table.retain();
	}

	/**
	 * Checks the permission and the concurrency limits of a request. The request must be counted as in flight already. Synchronous: a request
	 * that is refused must not occupy a place that another one of the same moment could have.
	 *
	 * @throws SpearError `not_permitted` when the request may not choose the policy that it asks for.
	 * @throws SpearError `rate_limited` when its guest or its operation has as many requests in flight as permitted.
	 */
	admit(): void {
		const { route, table } = this.#routed;
		if (route.refusal !== undefined) throw route.refusal;
		this.#releaseGuest = table.guests.admit(route.guest);
		this.#checkConcurrency();
	}

	/**
	 * Reserves what the request draws from the rate of its guest.
	 *
	 * @returns A promise, or `undefined` if there is nothing to reserve.
	 * @throws SpearError `rate_limited` when the rate is used up; the reason of `scope` when that is cancelled.
	 */
	reserve(scope: CancelScope): Promise<void> | undefined {
		const { route, state } = this.#routed;
		const charges = admissionCharges(route.guest, route.guestSettings);
		return charges.length === 0 ? undefined : reserveAll(state.store, charges, scope);
	}

	/** Releases everything that the request holds. Called once, at its end. */
	release(): void {
		const { route, table, state, request } = this.#routed;
		table.release();
		this.#releaseGuest?.();
		if (this.#hasPlace) state.guestPlaces.remove(route.guest.id, request.operation);
	}

	#checkConcurrency(): void {
		const { route, state, request } = this.#routed;
		const { operation } = request;
		const others = state.inFlight(operation) - 1;
		const limit = route.rules.concurrency;
		if (limit === undefined) return;
		const { id } = route.guest;
		const places = placesOfGuest(limit, state.guests.witness(id, state.clock.now()));
		if (others < limit && state.guestPlaces.of(id, operation) < places) {
			state.guestPlaces.add(id, operation);
			this.#hasPlace = true;
			return;
		}
		throw new SpearError("rate_limited", `${others} requests of ${operation} are in flight; the host's limit is ${limit}`, {
			reason: "operation_concurrency_limit",
		});
	}
}

async function reserveAll(store: LimitStore, charges: readonly Charge[], scope: CancelScope): Promise<void> {
	const result = await scope.race(Promise.resolve(store.reserve(charges)));
	if (!result.granted) throw guestLimitError({ unit: "requests", retryAfterMs: result.retryAfterMs });
}
