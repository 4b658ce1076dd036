import { SpearError } from "../../errors/spear-error.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { GuestSettings } from "../settings.ts";

/** Every guest that the configuration does not name. */
const OTHERS = "*";

/** What is configured for guests, and how much of it each has in use. */
export class Guests {
	readonly #settings: ReadonlyMap<string, GuestSettings>;
	readonly #inFlight: Map<string, number>;

	/** @param before Those of the configuration before this one: what was in flight then is so now. */
	constructor(settings: ReadonlyMap<string, GuestSettings>, before?: Guests) {
		this.#settings = settings;
		this.#inFlight = before === undefined ? new Map() : before.#inFlight;
	}

	/** The entry of the configuration that holds for a guest; "" for one that none holds for. */
	classOf({ name }: GuestIdentity): string {
		if (name !== undefined && this.#settings.has(name)) return name;
		return this.#settings.has(OTHERS) ? OTHERS : "";
	}

	/** Returns the limits of a guest; `undefined` when it has none. */
	settingsOf(guest: GuestIdentity): GuestSettings | undefined {
		return this.#settings.get(this.classOf(guest));
	}

	/**
	 * Counts a request in. Gives what counts it out again.
	 *
	 * @throws SpearError `rate_limited` beyond what the guest may have at a time.
	 */
	enter(guest: GuestIdentity): () => void {
		const { id } = guest;
		const most = this.settingsOf(guest)?.concurrency;
		if (most === undefined) return () => {};
		const now = this.#inFlight.get(id) ?? 0;
		if (now >= most) {
			throw new SpearError("rate_limited", `${now} requests of this guest are in flight, and the host allows ${most} at a time`);
		}
		this.#inFlight.set(id, now + 1);
		let inside = true;
		return () => {
			if (!inside) return;
			inside = false;
			const left = (this.#inFlight.get(id) ?? 1) - 1;
			if (left === 0) this.#inFlight.delete(id);
			else this.#inFlight.set(id, left);
		};
	}
}
