import { monotonicNow } from "../../timers.ts";
import { ERRNO } from "./errno.ts";
import type { WasiFunctions } from "./wasi-function.ts";
import type { World } from "./world.ts";

/** Numbers of the clocks. */
const CLOCK = { realtime: 0, monotonic: 1, processCpuTime: 2, threadCpuTime: 3 } as const;

const NS_PER_MS = 1_000_000;

/** Returns nanoseconds of a clock, or `undefined` for an unknown one. The clocks of CPU time count that of the guest. */
export function clockNow(world: Pick<World, "cpuMs">, clock: number): bigint | undefined {
	switch (clock) {
		case CLOCK.realtime:
			return BigInt(Date.now()) * BigInt(NS_PER_MS);
		case CLOCK.monotonic:
			return monotonicNow();
		case CLOCK.processCpuTime:
		case CLOCK.threadCpuTime:
			return BigInt(Math.round(world.cpuMs() * NS_PER_MS));
		default:
			return undefined;
	}
}

/** Clocks. */
export const CLOCKS: WasiFunctions = {
	clock_res_get: {
		signature: "ii>i",
		call({ memory }: World, clock: number, out: number): number {
			if (clock < CLOCK.realtime || clock > CLOCK.threadCpuTime) return ERRNO.inval;
			memory.setU64(out, clock === CLOCK.realtime ? BigInt(NS_PER_MS) : 1n);
			return ERRNO.success;
		},
	},
	clock_time_get: {
		signature: "iIi>i",
		call(world: World, clock: number, _precision: bigint, out: number): number {
			const now = clockNow(world, clock);
			if (now === undefined) return ERRNO.inval;
			world.memory.setU64(out, now);
			return ERRNO.success;
		},
	},
};
