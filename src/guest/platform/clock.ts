/** The engine's monotonic clock. The zero of the clock is the build of the guest. */
const engineClock: { now(): number } = Reflect.get(globalThis, "performance");

/** Returns the time of a monotonic clock without a defined zero, in milliseconds. */
export function monotonicNow(): number {
	return engineClock.now();
}
