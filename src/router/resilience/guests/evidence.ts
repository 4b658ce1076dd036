import { MAX_GUESTS } from "./guest-map.ts";

/** Least number of guests whose failures count for all guests. */
const MIN_GUESTS = 2;

/** The failures in a row of one instance, by the guests whose requests failed. */
export class Evidence {
	readonly #byGuest = new Map<string, number>();
	/** Failures that no request can cause, and failures of further guests. */
	#others = 0;

	/** Adds a failure. `guest` is `undefined` for a failure that no request can cause, e.g. a refused connection. */
	add(guest: string | undefined): void {
		const known = guest === undefined ? undefined : this.#byGuest.get(guest);
		if (guest === undefined || (known === undefined && this.#byGuest.size >= MAX_GUESTS)) this.#others += 1;
		else this.#byGuest.set(guest, (known ?? 0) + 1);
	}

	/** The only guest with failures, or `none` if no request can cause them, or `several`. */
	get basis(): { readonly guest: string } | "none" | "several" {
		const [guest] = this.#byGuest.keys();
		if (guest === undefined) return "none";
		return this.#byGuest.size + Math.min(this.#others, 1) >= MIN_GUESTS ? "several" : { guest };
	}

	/** The guest with the most failures; `undefined` if no guest has any. */
	get mainGuest(): string | undefined {
		let main: string | undefined;
		let most = 0;
		for (const [guest, failures] of this.#byGuest) {
			if (failures <= most) continue;
			main = guest;
			most = failures;
		}
		return main;
	}

	/**
	 * Returns true if the failures speak against the instance for all guests: at least `threshold` failures of at least two guests. Of each
	 * guest at most half of the threshold counts, rounded up. Otherwise one failure of another guest would suffice after any number of one's.
	 */
	suffices(threshold: number): boolean {
		const share = Math.ceil(threshold / 2);
		let sum = this.#others;
		for (const failures of this.#byGuest.values()) sum += Math.min(failures, share);
		return sum >= threshold && (this.#others >= threshold || this.#byGuest.size + Math.min(this.#others, 1) >= MIN_GUESTS);
	}
}
