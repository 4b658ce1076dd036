/**
 * Ways to count what a guest computes.
 *
 * - `full`: loops, recursion and long code. For any guest that is not trusted, and the default.
 * - `loops`: loops only. Endless recursion ends at the limit of the stack.
 * - `off`: nothing. A guest that computes for ever blocks the thread.
 */
export const METERING_MODES = ["full", "loops", "off"] as const;
export type MeteringMode = (typeof METERING_MODES)[number];
