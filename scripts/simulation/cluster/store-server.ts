import type { Clock } from "../../../src/time/clock.ts";

/** Duration of a call on the server, in milliseconds: about that of a script over a few keys on one processor. */
const SERVICE_MS = 0.03;

/** The process of the store, which carries out one call after the other. */
export class StoreServer {
	readonly #time: Clock;
	#busyUntil = 0;
	readonly #onCall: () => void;

	/** @param onCall Called when a call is carried out. */
	constructor(time: Clock, onCall: () => void = () => {}) {
		this.#time = time;
		this.#onCall = onCall;
	}

	/** Carries out a call after those that wait. */
	serve(call: () => void): void {
		const now = this.#time.now();
		this.#busyUntil = Math.max(now, this.#busyUntil) + SERVICE_MS;
		this.#time.after(this.#busyUntil - now, () => {
			this.#onCall();
			call();
		});
	}
}
