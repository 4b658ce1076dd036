import { monotonicNow } from "../../timers.ts";
import type { WasiIo } from "./io.ts";

const FOREVER = 2n ** 63n;

/** Returns `wasi:clocks` with real clocks. Subscriptions become ready without a waiting thread. */
export function wasiClocks(io: WasiIo) {
	return {
		"wasi:clocks/monotonic-clock": {
			now: monotonicNow,
			resolution: (): bigint => 1n,
			subscribeInstant: (when: bigint) => new io.Pollable(when < FOREVER ? when : FOREVER),
			subscribeDuration: (duration: bigint) => new io.Pollable(monotonicNow() + (duration < FOREVER ? duration : FOREVER)),
		},
		"wasi:clocks/wall-clock": {
			now(): { seconds: bigint; nanoseconds: number } {
				const ms = Date.now();
				return { seconds: BigInt(Math.floor(ms / 1000)), nanoseconds: (ms % 1000) * 1_000_000 };
			},
			resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }),
		},
	};
}
