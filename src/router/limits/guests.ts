import { SpearError } from "../../errors/spear-error.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { GuestSettings } from "../settings.ts";
import type { PlaceStore, Places } from "./places.ts";

/** Entry of the configuration for every guest that has none of its own. */
const OTHERS = "*";

/** Ends a request that is not counted. */
const NOTHING = (): void => {};

/** The settings of guests, and their requests in flight. */
export class Guests {
	readonly #settings: ReadonlyMap<string, GuestSettings>;
	readonly #store: PlaceStore | undefined;
	/** By guest id. Shared with the guests of earlier and later configurations. */
	readonly #inFlight: Map<string, number>;

	/**
	 * @param previous Guests of the previous configuration. Their requests in flight stay counted.
	 * @param store Places that several hosts share. The default is the limits themselves, for a host alone.
	 */
	constructor(settings: ReadonlyMap<string, GuestSettings>, previous?: Guests, store?: PlaceStore) {
		this.#settings = settings;
		this.#store = store;
		this.#inFlight = previous === undefined ? new Map() : previous.#inFlight;
	}

	/** Returns the name of the configuration entry that applies to a guest; "" for none. */
	classOf({ name }: GuestIdentity): string {
		if (name !== undefined && this.#settings.has(name)) return name;
		return this.#settings.has(OTHERS) ? OTHERS : "";
	}

	/** Returns the settings of a guest; `undefined` for none. */
	settingsOf(guest: GuestIdentity): GuestSettings | undefined {
		return this.#settings.get(this.classOf(guest));
	}

	/** Returns the requests of a guest in flight; `undefined` for a guest without a limit, whose requests are not counted. */
	inFlightOf(guest: GuestIdentity): number | undefined {
		return this.settingsOf(guest)?.concurrency === undefined ? undefined : (this.#inFlight.get(guest.id) ?? 0);
	}

	/**
	 * Asks for a place of a guest that several hosts share, if this host holds none that is free.
	 *
	 * @returns A promise that resolves after the answer. `undefined` if there is nothing to wait for.
	 */
	prepare(guest: GuestIdentity): Promise<void> | undefined {
		if (this.#store === undefined) return undefined;
		const limit = this.settingsOf(guest)?.concurrency;
		if (limit === undefined) return undefined;
		const inFlight = this.#inFlight.get(guest.id) ?? 0;
		const places = this.#placesOf(guest, limit);
		return places !== undefined && inFlight >= places.allowed && inFlight < limit ? places.ask() : undefined;
	}

	/**
	 * Counts a request of a guest as in flight. Returns the function that ends it; further calls of it do nothing.
	 *
	 * @throws SpearError `rate_limited` when the guest has as many requests in flight as it may have.
	 */
	admit(guest: GuestIdentity): () => void {
		const { id } = guest;
		const limit = this.settingsOf(guest)?.concurrency;
		if (limit === undefined) return NOTHING;
		const inFlight = this.#inFlight.get(id) ?? 0;
		const places = this.#placesOf(guest, limit);
		if (inFlight >= Math.min(limit, places?.allowed ?? limit)) {
			places?.want();
			const held = places === undefined ? "" : `, of which this host holds ${places.allowed} now`;
			const why = places?.detail === undefined ? "" : `; ${places.detail}`;
			throw new SpearError("rate_limited", `${inFlight} requests of this guest are in flight; the host's limit is ${limit}${held}${why}`, {
				reason: "guest_concurrency_limit",
			});
		}
		this.#inFlight.set(id, inFlight + 1);
		let admitted = true;
		return () => {
			if (!admitted) return;
			admitted = false;
			const remaining = (this.#inFlight.get(id) ?? 1) - 1;
			// Guests without a name are new ones each time: entries of 0 would grow without bound.
			if (remaining === 0) this.#inFlight.delete(id);
			else this.#inFlight.set(id, remaining);
		};
	}

	#placesOf({ id }: GuestIdentity, limit: number): Places | undefined {
		const inFlight = this.#inFlight;
		return this.#store?.places(`guest:${id}`, `guest:${id}`, limit, () => inFlight.get(id) ?? 0);
	}
}
