import type { CancelScope } from "../../async/cancel-scope.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { placesOfGuest } from "../limits/guest-places.ts";
import type { Refusal, Reservation } from "../limits/limit-store.ts";
import { admissionCharges, guestLimitError, periodOfBucket } from "../limits/request-charges.ts";
import { allowedBy } from "../limits/shared-places.ts";
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
	 * Asks for places that several hosts share, if this host holds none that are free.
	 *
	 * @returns A promise that resolves after the answer. `undefined` if there is nothing to wait for, as always on a host alone.
	 */
	prepare(): Promise<unknown> | undefined {
		const { route, table, state, request } = this.#routed;
		if (state.places === undefined || route.refusal !== undefined) return undefined;
		const ofGuest = table.guests.prepare(route.guest);
		const limit = route.rules.concurrency;
		const places = limit === undefined ? undefined : state.placesOf(request.operation, limit);
		const isLacking = limit !== undefined && places !== undefined && state.inFlight(request.operation) > places.allowed;
		const ofOperation = isLacking && state.inFlight(request.operation) <= limit ? places.ask() : undefined;
		return ofGuest === undefined || ofOperation === undefined ? (ofGuest ?? ofOperation) : Promise.all([ofGuest, ofOperation]);
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
	 * Reserves what the request draws from the rates of its guest.
	 *
	 * @returns A promise if the store answers by one. `undefined` if the request is admitted.
	 * @throws SpearError `rate_limited` when the rate is used up; the reason of `scope` when that is cancelled.
	 */
	reserve(scope: CancelScope): Promise<void> | undefined {
		const { route, state } = this.#routed;
		const charges = admissionCharges(route.guest, route.guestSettings);
		if (charges.length === 0) return undefined;
		const result = state.store.reserve(charges);
		if ("granted" in result) return this.#check(result);
		return scope.race(result).then((late) => this.#check(late));
	}

	/** @throws SpearError `rate_limited` for a refusal. */
	#check(result: Reservation | Refusal): undefined {
		const { route, decision } = this.#routed;
		if (result.granted) {
			if (result.detail !== undefined) decision.addEvent("limited", { detail: result.detail });
			return;
		}
		const { retryAfterMs, bucket, detail } = result;
		if (detail !== undefined) decision.addEvent("limited", { detail });
		const per = periodOfBucket(route.guest, bucket);
		throw guestLimitError({
			unit: "requests",
			retryAfterMs,
			...(per === undefined ? {} : { per }),
			...(detail === undefined ? {} : { detail }),
		});
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
		const configured = route.rules.concurrency;
		if (configured === undefined) return;
		const shared = state.placesOf(operation, configured);
		const limit = shared === undefined ? configured : allowedBy(shared, configured, others);
		const { id } = route.guest;
		const places = placesOfGuest(limit, state.guests.witness(id, state.clock.now()));
		if (others < limit && state.guestPlaces.of(id, operation) < places) {
			state.guestPlaces.add(id, operation);
			this.#hasPlace = true;
			return;
		}
		const held = shared === undefined ? "" : `, of which this host holds ${limit} now`;
		const why = shared?.detail === undefined ? "" : `; ${shared.detail}`;
		throw new SpearError(
			"rate_limited",
			`${others} requests of ${operation} are in flight; the host's limit is ${configured}${held}${why}`,
			{
				reason: "operation_concurrency_limit",
			},
		);
	}
}
