import { SpearError } from "../../errors/spear-error.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { GuestSettings } from "../settings.ts";

/** Entry of the configuration for every guest that has none of its own. */
const OTHERS = "*";

/** Ends a request that is not counted. */
const NOTHING = (): void => {};

/** The settings of guests, and their requests in flight. */
export class Guests {
	readonly #settings: ReadonlyMap<string, GuestSettings>;
	/** By guest id. Shared with the guests of earlier and later configurations. */
	readonly #inFlight: Map<string, number>;

	/** @param previous Guests of the previous configuration. Their requests in flight stay counted. */
	constructor(settings: ReadonlyMap<string, GuestSettings>, previous?: Guests) {
		this.#settings = settings;
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
	 * Counts a request of a guest as in flight. Returns the function that ends it; further calls of it do nothing.
	 *
	 * @throws SpearError `rate_limited` when the guest has as many requests in flight as it may have.
	 */
	admit(guest: GuestIdentity): () => void {
		const { id } = guest;
		const limit = this.settingsOf(guest)?.concurrency;
		if (limit === undefined) return NOTHING;
		const inFlight = this.#inFlight.get(id) ?? 0;
		if (inFlight >= limit) {
			throw new SpearError("rate_limited", `${inFlight} requests of this guest are in flight; the host's limit is ${limit}`, {
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
}
