import type { Poll, Pollable } from "../../generated/host/poll.ts";
import type { Readiness } from "../stream/readiness.ts";
import { waitForAny } from "../stream/readiness.ts";
import { Timer } from "../stream/timer.ts";
import type { GuestScope } from "./scope.ts";

/** The pollable a guest holds: a view on something's readiness. Dropping it leaves the thing itself alone. */
class ReadinessPollable implements Pollable {
	readonly readiness: Readiness;
	readonly #signal: AbortSignal;
	readonly #onDispose: (() => void) | undefined;

	constructor(readiness: Readiness, signal: AbortSignal, onDispose?: () => void) {
		this.readiness = readiness;
		this.#signal = signal;
		this.#onDispose = onDispose;
	}

	ready(): boolean {
		return this.#signal.aborted || this.readiness.isReady();
	}

	async block(): Promise<void> {
		await waitForAny([this.readiness], this.#signal);
	}

	[Symbol.dispose](): void {
		this.#onDispose?.();
	}
}

/** Makes the pollable of anything that can tell when it is ready. */
export function pollableOf(readiness: Readiness, scope: GuestScope): Pollable {
	return new ReadinessPollable(readiness, scope.signal);
}

export function createPoll(scope: GuestScope): Poll {
	return {
		async poll(pollables) {
			const sources = pollables.map((pollable) => (pollable instanceof ReadinessPollable ? pollable.readiness : alwaysReady));
			return await waitForAny(sources, scope.signal);
		},
		subscribeDuration(ms) {
			const timer = new Timer(ms);
			return new ReadinessPollable(timer, scope.signal, () => timer.clear());
		},
	};
}

const alwaysReady: Readiness = { isReady: () => true, onReady: () => () => {} };
