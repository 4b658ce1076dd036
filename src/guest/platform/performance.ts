import { monotonicNow } from "./clock.ts";
import { isStarted } from "./run-state.ts";

/** Zero of the clock: the first use after the start of the guest. The engine's own zero is the build of the guest. */
let origin: { readonly monotonic: number; readonly wall: number } | undefined;

function zero(): { readonly monotonic: number; readonly wall: number } {
	if (origin !== undefined) return origin;
	const first = { monotonic: monotonicNow(), wall: Date.now() };
	if (isStarted()) origin = first;
	return first;
}

/** The clock for measuring. */
export const performance = {
	/** Returns the time since `timeOrigin`, in milliseconds. */
	now(): number {
		const { monotonic } = zero();
		return monotonicNow() - monotonic;
	},
	/** Time of the zero of `now()`, in milliseconds since 1970. */
	get timeOrigin(): number {
		return zero().wall;
	},
	toJSON(): object {
		return { timeOrigin: zero().wall };
	},
};
