import type { GuestLimits } from "./scope.ts";

/** Handles that an instance may hold beyond those of hostcalls: streams and pollables of WASI. */
const WASI_HANDLES = 1_000;

/** Returns the bounds for the arguments of each hostcall. */
export function hostcallLimits({ maxHostcallBytes, maxHostcallItems, maxHandles }: GuestLimits) {
	return { maxBytes: maxHostcallBytes, maxItems: maxHostcallItems, maxHandles: maxHandles + WASI_HANDLES };
}
